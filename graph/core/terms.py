"""RDF terms as plain values, independent of the RDF engine: https://www.w3.org/TR/rdf11-concepts/."""

from dataclasses import dataclass
from typing import Literal

TermKind = Literal["iri", "literal", "blank"]


@dataclass(frozen=True, order=True)
class Term:
    """An IRI, a literal with its language or datatype, or a blank node."""

    value: str
    kind: TermKind
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True)
class Coordinates:
    """A point on the earth, in degrees of WGS 84."""

    latitude: float
    longitude: float


def iri(value: str) -> Term:
    """Return the IRI `value` as a term."""
    return Term(value, "iri")


def text(value: str, language: str = "") -> Term:
    """Return a literal, with the language tag `language` (lower case) unless it is empty."""
    return Term(value, "literal", language)
