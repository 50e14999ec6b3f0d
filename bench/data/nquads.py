"""Writes N-Quads: the terms of generated data, and the lines of one named graph."""

from bench.data.words import Text
from graph.core.namespaces import CODE, DCTERMS, ELI, GEO, GRAPH, OA, ORG, RDF, RDFS, SCHEMA, SKOS, UTS, XSD

_PROPERTIES = {  # by the names they go by here; all others are our own
    "label": RDFS + "label",
    "definition": SKOS + "definition",
    "member": ORG + "member",
    "organization": ORG + "organization",
    "roleName": SCHEMA + "roleName",
    "url": SCHEMA + "url",
    "source": DCTERMS + "source",
    "publisher": DCTERMS + "publisher",
    "language": DCTERMS + "language",
    "issued": DCTERMS + "issued",
    "hasSource": OA + "hasSource",
    "hasSelector": OA + "hasSelector",
    "start": OA + "start",
    "end": OA + "end",
    "id_local": ELI + "id_local",
    "in_force": ELI + "first_date_entry_in_force",
    "repeals": ELI + "repeals",
    "lat": GEO + "lat",
    "long": GEO + "long",
}


def iri(value: str) -> str:
    """Return the IRI `value` as a term."""
    return f"<{value}>"


def code(scheme: str, name: str) -> str:
    """Return the code `name` of a code list."""
    return f"<{CODE}{scheme}/{name}>"


def plain(value: str) -> str:
    """Return a string without characters that must be escaped."""
    return f'"{value}"'


def typed(value: object, datatype: str) -> str:
    """Return a literal of a datatype of XML Schema."""
    return f'"{value}"^^<{XSD}{datatype}>'


def both(text: Text) -> list[str]:
    """Return a text as two literals, Swedish and English."""
    return [f'"{text.sv}"@sv', f'"{text.en}"@en']


class Lines(list[str]):
    """The lines of one named graph."""

    def __init__(self, graph: str) -> None:
        """Begin the graph of that name, which is relative to where all graphs are."""
        self._end = f"<{GRAPH}{graph}> .\n"

    def add(self, subject: str, class_: str, /, **values: str | list[str]) -> None:
        """Add a node of the class `class_` and its values; what is empty is left out."""
        self.append(f"<{subject}> <{RDF}type> <{class_}> {self._end}")
        for name, value in values.items():
            property_ = _PROPERTIES.get(name) or UTS + name
            for one in [value] if isinstance(value, str) else value:
                if one:
                    self.append(f"<{subject}> <{property_}> {one} {self._end}")
