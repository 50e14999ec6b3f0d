"""What an entity is found by: its names, codes and words, and the date that it bears."""

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.core import iris
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import (
    CODE,
    DCTERMS,
    ELI,
    FOAF,
    NAME_PROPERTIES,
    ORG,
    QUERY,
    RDFS,
    REPLACED_BY,
    SCHEMA,
    SKOS,
    UTS,
)

KINDS: Final = (*iris.KIND_NAMES, "code", "query", "resource")
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "label": NAME_PROPERTIES,
    "former": (UTS + "formerName",),
    "also": (
        SKOS + "altLabel",
        SKOS + "hiddenLabel",
        ELI + "title_short",
        ELI + "title_alternative",
        ELI + "title",
        SCHEMA + "alternateName",
        SCHEMA + "legalName",
        DCTERMS + "alternative",
        FOAF + "nick",
    ),
    "code": (
        *(UTS + name for name in ("municipalityCode", "countyCode", "organisationNumber", "sfsNumber")),
        *(UTS + name for name in ("celex", "internetDomain", "nuts3", "iso3166")),
        ELI + "id_local",
        SKOS + "notation",
        DCTERMS + "identifier",
        ORG + "identifier",
        SCHEMA + "identifier",
    ),
    "text": (
        *(UTS + name for name in ("text", "condition", "scope", "speakerGroup")),
        *(SKOS + name for name in ("definition", "scopeNote", "note", "example")),
        RDFS + "comment",
        DCTERMS + "description",
        DCTERMS + "abstract",
        SCHEMA + "description",
    ),
}
"""What is searched, the likeliest reason to look for an entity first, and the properties that hold it."""

_FIELD_OF: Final = {name: field for field, names in FIELDS.items() for name in names}
_ORDER: Final = {name: rank for rank, name in enumerate(_FIELD_OF)}
_DATES: Final = (
    DCTERMS + "issued",
    UTS + "issuedNotAfter",
    UTS + "issuedNotBefore",
    UTS + "asOf",
    UTS + "madeIn",
    SCHEMA + "datePublished",
    DCTERMS + "date",
)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_KEPT: Final = {*_FIELD_OF, *_DATES, UTS + "saidIn", REPLACED_BY}
_MOST_VALUES: Final = 200  # of one entity
_MOST_CHARACTERS: Final = 20_000  # of one value

Values = dict[str, list[Literal | NamedNode]]
Stored = list[tuple[str, str, str, str]]  # field, property, language, value


def kind_of(name: str) -> str:
    """Return what kind of entity the IRI `name` names: one of `KINDS`."""
    if parts := parse_entity_iri(name):
        return parts[0]
    return next(
        (kind for base, kind in ((CODE, "code"), (QUERY, "query")) if name.startswith(base)), "resource"
    )


def values_of(quads: Iterable[Quad]) -> Values:
    """Return the values of the properties that matter here, by property and not too many."""
    values: Values = {}
    for quad in quads:
        mine = values.setdefault(quad.predicate.value, []) if quad.predicate.value in _KEPT else None
        if mine is not None and len(mine) < _MOST_VALUES and isinstance(quad.object, Literal | NamedNode):
            mine.append(quad.object)
    return values


def stored_of(values: Values) -> Stored:
    """Return what of `values` is searched, each only once and in the field that comes first."""
    found: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for property_ in sorted(values.keys() & _FIELD_OF.keys(), key=_ORDER.__getitem__):
        literals = (value for value in values[property_] if isinstance(value, Literal))
        for each in sorted(literals, key=lambda literal: (literal.language or "", literal.value)):
            text, language = each.value[:_MOST_CHARACTERS], each.language or ""
            if text.strip():
                found.setdefault((text, language), (_FIELD_OF[property_], property_, language, text))
    return list(found.values())[:_MOST_VALUES]


def date_of(values: Values) -> int:
    """Return the first date among `values` as a number, 20171009, with 0 for what is not known of it."""
    literals = (
        value.value for name in _DATES for value in values.get(name, ()) if isinstance(value, Literal)
    )
    found = next(filter(None, map(_DATE.match, literals)), None)
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return year * 10_000 + month * 100 + day
