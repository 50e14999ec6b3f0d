"""How many texts there are among the sources, and how many of them have been read."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import TYPE, UTS
from graph.core.terms import iri
from graph.read.entities import Entities

_READ: Final = """
SELECT ?property (COUNT(DISTINCT ?source) AS ?count) WHERE { ?source ?property ?digest } GROUP BY ?property"""


@dataclass(frozen=True)
class SourceCounts:
    """The number of sources, of those that are texts, and of the texts that were read as a whole.

    A text that was read has a digest here; data sets are no texts.
    """

    total: int
    texts: int
    read: int

    @property
    def unread(self) -> int:
        """The number of texts of which nobody has had the whole."""
        return self.texts - self.read


def count_sources(entities: Entities) -> SourceCounts:
    """Return the numbers of sources in the graph."""
    rows = entities.select(_READ, property=iri(UTS + "textDigest"))
    read = int(rows[0]["count"].value) if rows and "count" in rows[0] else 0
    total = len(entities.index.of_kind("source"))
    return SourceCounts(total, total - entities.link_counts(UTS + "DataSet").get(TYPE, 0), read)
