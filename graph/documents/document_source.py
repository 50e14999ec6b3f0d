"""What every document says of itself: its subject, its licence, and the data set and release it is from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import DATASET, DCTERMS, FOAF, LICENCE, NAME_PROPERTIES, OWL, TYPE, UTS, VOID
from graph.core.terms import iri, text
from graph.rdf.convert import Triple, to_triple, values_clause
from graph.read.entities import Entities

_PROPERTIES: Final = ", ".join(f"<{each}>" for each in (*NAME_PROPERTIES, UTS + "text"))
_MAX_NAMED: Final = 200  # IRIs in one query
_MAX_NAMES: Final = 10_000  # of those
_NAMES: Final = f"""
SELECT ?entity ?property ?name WHERE {{{{ {{}} ?entity ?property ?name
FILTER(isLiteral(?name) && ?property IN ({_PROPERTIES})) }}}} LIMIT {_MAX_NAMES}"""


@dataclass(frozen=True)
class DocumentSource:
    """Where a document is, and the release of our data set that it is from, if it is from one."""

    url: str
    release: str = ""

    def triples(self, topic: str) -> Iterator[Triple]:
        """Yield what the document about the IRI `topic` says of itself."""
        document = iri(self.url)
        yield to_triple(document, TYPE, iri(FOAF + "Document"))
        yield to_triple(document, FOAF + "primaryTopic", iri(topic))
        if self.release:
            yield to_triple(document, DCTERMS + "license", iri(LICENCE))
            yield to_triple(document, VOID + "inDataset", iri(DATASET))
            yield to_triple(document, OWL + "versionInfo", text(self.release))

    def members(self) -> dict[str, str]:
        """Return the same as the members of a JSON object."""
        described = {"license": LICENCE, "dataset": DATASET, "release": self.release} if self.release else {}
        return {"id": self.url} | described


def name_triples(entities: Entities, names: Iterable[str]) -> Iterator[Triple]:
    """Yield the names of the IRIs `names`, or the texts of statements, with the properties that say them.

    They are read by one query for many, since another engine may be far away.
    """
    listed = tuple(dict.fromkeys(names))
    for first in range(0, len(listed), _MAX_NAMED):
        named = map(iri, listed[first : first + _MAX_NAMED])
        rows = entities.select(_NAMES.format(values_clause("entity", named)))
        for row in sorted(rows, key=lambda row: (row["entity"], row["property"], row["name"])):
            yield to_triple(row["entity"], row["property"].value, row["name"])
