"""What can be counted in each named graph of a release, kept beside it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from graph.core.namespaces import GRAPH, RDF
from graph.read.graph_contents import is_part

FILE: Final = "graphs.json"
_INFERRED: Final = NamedNode(GRAPH + "inferred")
_TYPE: Final = NamedNode(RDF + "type")


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


def count(quads: Iterable[Quad]) -> dict[str, GraphStatistics]:
    """Return the statistics of each named graph by its IRI; classes that only rules give do not count."""
    sizes: dict[str, int] = defaultdict(int)
    subjects: dict[str, set[NamedNode]] = defaultdict(set)
    properties: dict[str, set[NamedNode]] = defaultdict(set)
    classes: dict[NamedNode, set[str]] = defaultdict(set)
    for quad in set(quads):
        graph, subject = quad.graph_name, quad.subject
        if not isinstance(graph, NamedNode):
            continue
        sizes[graph.value] += 1
        properties[graph.value].add(quad.predicate)
        if isinstance(subject, NamedNode) and subject != graph and not is_part(subject.value):
            subjects[graph.value].add(subject)
            if quad.predicate == _TYPE and graph != _INFERRED and isinstance(quad.object, NamedNode):
                classes[subject].add(quad.object.value)
    return {
        graph: GraphStatistics(
            size, len(subjects[graph]), len(properties[graph]), _count_classes(subjects[graph], classes)
        )
        for graph, size in sorted(sizes.items())
    }


def write(path: Path, quads: Iterable[Quad]) -> None:
    """Write the statistics of the named graphs of `quads` to `path`."""
    found = {graph: asdict(each) for graph, each in count(quads).items()}
    path.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, GraphStatistics]:
    """Return the statistics at `path` by graph; none for a release of an earlier version of the program."""
    if not path.exists():
        return {}
    return {graph: GraphStatistics(**each) for graph, each in json.loads(path.read_text("utf-8")).items()}


def _count_classes(
    subjects: Iterable[NamedNode], classes: Mapping[NamedNode, Iterable[str]]
) -> dict[str, int]:
    """Return how many of `subjects` are in each class, the largest first."""
    counts: dict[str, int] = defaultdict(int)
    for subject in subjects:
        for name in classes.get(subject, ()):
            counts[name] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
