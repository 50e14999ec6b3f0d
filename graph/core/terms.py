"""RDF terms as the pages see them: plain values that know no engine."""

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
    """Return a literal, in `language` (a lower-case tag) where one is given."""
    return Term(value, "literal", language)
