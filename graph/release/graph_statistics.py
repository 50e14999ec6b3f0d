"""What can be counted in each named graph of a release, kept beside it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from graph.release.content_statistics import ContentStatistics

FILE: Final = "graphs.json"


@dataclass(frozen=True)
class GraphStatistics:
    """The triples of a graph, what they are about, and how many of these are in which class.

    `subjects` are the IRIs that it says something about, without parts of our entities; in which class they
    are, any graph may say.
    """

    triples: int
    subjects: int
    properties: int
    classes: Mapping[str, int]


def of_graphs(content: ContentStatistics) -> dict[str, GraphStatistics]:
    """Return the statistics of each named graph that is described, by its IRI.

    Classes that only rules give do not count.
    """
    return {
        graph: GraphStatistics(
            content.sizes[graph], counted.subjects, len(counted.properties), _largest_first(counted.classes)
        )
        for graph, counted in sorted(content.graphs.items())
    }


def write(path: Path, content: ContentStatistics) -> None:
    """Write the statistics of the named graphs of `content` to `path`."""
    found = {graph: asdict(each) for graph, each in of_graphs(content).items()}
    path.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, GraphStatistics]:
    """Return the statistics at `path` by graph; none for a release of an earlier version of the program."""
    if not path.exists():
        return {}
    return {graph: GraphStatistics(**each) for graph, each in json.loads(path.read_text("utf-8")).items()}


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
