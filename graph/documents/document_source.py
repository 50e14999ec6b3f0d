"""What every document says of itself: its subject, its licence, and the data set and release it is from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import DATASET, DCTERMS, FOAF, LICENCE, NAME_PROPERTIES, OWL, TYPE, UTS, VOID
from graph.core.terms import iri, text
from graph.rdf.convert import Triple, to_triple
from graph.read.entities import Entities

_PROPERTIES: Final = " ".join(f"<{each}>" for each in (*NAME_PROPERTIES, UTS + "text"))
_NAMES: Final = f"""
SELECT ?entity ?property ?name WHERE {{ VALUES ?property {{ {_PROPERTIES} }}
?entity ?property ?name FILTER(isLiteral(?name)) }} LIMIT 50"""


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


def name_triples(entities: Entities, name: str) -> Iterator[Triple]:
    """Yield the names of the IRI `name`, or the text of a statement, with the properties that say them."""
    for row in entities.select(_NAMES, entity=iri(name)):
        yield to_triple(iri(name), row["property"].value, row["name"])
