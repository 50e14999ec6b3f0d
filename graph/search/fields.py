"""The indexed fields of an entity: its names, codes, texts and date."""

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.core.extensions import extension
from graph.core.iris import parse_entity_iri
from graph.core.kind_table import KindTable
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
    TYPE,
    UTS,
)

_OWN: Final = extension("search", dict[str, tuple[str, ...]]())
OTHER_KINDS: Final = ("code", "query", "resource")
"""The kinds of what is found by search and is in no list."""
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "label": NAME_PROPERTIES,
    "former": _OWN.get("former", ()),
    "also": (
        SKOS + "altLabel",
        SKOS + "hiddenLabel",
        UTS + "shortName",
        ELI + "title_short",
        ELI + "title_alternative",
        ELI + "title",
        SCHEMA + "alternateName",
        SCHEMA + "legalName",
        DCTERMS + "alternative",
        FOAF + "nick",
    ),
    "office": (),  # of a person: values of its offices, see graph.search.offices
    "code": (
        *_OWN.get("code", ()),
        ELI + "id_local",
        SKOS + "notation",
        DCTERMS + "identifier",
        ORG + "identifier",
        SCHEMA + "identifier",
    ),
    "text": (
        *(UTS + name for name in ("text", "condition", "scope")),
        *(SKOS + name for name in ("definition", "scopeNote", "note", "example")),
        RDFS + "comment",
        DCTERMS + "description",
        DCTERMS + "abstract",
        SCHEMA + "description",
    ),
}
"""The fields in order of relevance, and the IRIs of the properties of each."""

_FIELD_OF: Final = {name: field for field, names in FIELDS.items() for name in names}
_PROPERTY_RANK: Final = {name: rank for rank, name in enumerate(_FIELD_OF)}
_DATE_PROPERTIES: Final = (
    DCTERMS + "issued",
    UTS + "issuedNotAfter",
    UTS + "issuedNotBefore",
    UTS + "asOf",
    UTS + "madeIn",
    SCHEMA + "datePublished",
    DCTERMS + "date",
)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_LINKS: Final = (UTS + "saidIn", ORG + "hasMembership", REPLACED_BY)
_INDEXED_PROPERTIES: Final = {*_FIELD_OF, *_DATE_PROPERTIES, *_LINKS, TYPE}
_MAX_VALUES: Final = 200  # of one entity
_MAX_CHARACTERS: Final = 20_000  # of one value

PropertyValues = dict[str, list[Literal | NamedNode]]  # by the IRI of the property
StoredValue = tuple[str, str, str, str]  # field, property, language, value


def search_kind(name: str) -> str:
    """Return the kind that the IRI `name` itself says: that of an entity of ours, or one of `OTHER_KINDS`."""
    if parts := parse_entity_iri(name):
        return parts[0]
    return next(
        (kind for base, kind in ((CODE, "code"), (QUERY, "query")) if name.startswith(base)), "resource"
    )


def kind_in(table: KindTable, name: str, values: PropertyValues) -> str:
    """Return the kind of the IRI `name`: that of `table` which its classes are of, or what its IRI says."""
    own = search_kind(name)
    if own in OTHER_KINDS[:-1] or own in table:
        return own
    classes = (value.value for value in values.get(TYPE, ()) if isinstance(value, NamedNode))
    return table.kind_of(name, classes) or OTHER_KINDS[-1]


def collect_values(quads: Iterable[Quad]) -> PropertyValues:
    """Return the values of the indexed properties, at most `_MAX_VALUES` of each."""
    values: PropertyValues = {}
    for quad in quads:
        if quad.predicate.value in _INDEXED_PROPERTIES:
            own = values.setdefault(quad.predicate.value, [])
            if len(own) < _MAX_VALUES and isinstance(quad.object, Literal | NamedNode):
                own.append(quad.object)
    return values


def select_stored_values(values: PropertyValues) -> list[StoredValue]:
    """Return the literals of `values` with their fields, each literal once, in the most relevant field."""
    stored: dict[tuple[str, str], StoredValue] = {}
    for property_ in sorted(values.keys() & _FIELD_OF.keys(), key=_PROPERTY_RANK.__getitem__):
        literals = (value for value in values[property_] if isinstance(value, Literal))
        for each in sorted(literals, key=lambda literal: (literal.language or "", literal.value)):
            text, language = each.value[:_MAX_CHARACTERS], each.language or ""
            if text.strip():
                stored.setdefault((text, language), (_FIELD_OF[property_], property_, language, text))
    return list(stored.values())[:_MAX_VALUES]


def sortable_date(values: PropertyValues) -> int:
    """Return the first date among `values` as a number, 20171009, with 0 for unknown parts."""
    literals = (
        value.value
        for name in _DATE_PROPERTIES
        for value in values.get(name, ())
        if isinstance(value, Literal)
    )
    match = next(filter(None, map(_DATE.match, literals)), None)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return year * 10_000 + month * 100 + day
