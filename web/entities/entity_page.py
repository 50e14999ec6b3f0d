"""What every entity's page has: names, notes, facts, links to other collections, links that lead here."""

import re
from collections.abc import Collection
from typing import Any, Final, TypeVar

from graph.core.namespaces import DCTERMS, ELI, GEO, OWL, RDFS, SCHEMA, SKOS, TYPE, UTS
from graph.core.terms import Coordinates, Term, iri
from graph.read.entities import Entities, Node
from graph.read.provenance import ValueSources, read_value_sources
from graph.read.wikidata_facts import TOPIC, WIKIDATA_PROPERTIES, read_wikidata_facts
from web.html.page_models import Backlinks, EntityPage, Fact, Nested, Value

_MOST_FACTS: Final = 100
_MOST_VALUES: Final = 25
_FIRST_BACKLINKS: Final = 10
_DEEPEST: Final = 3
_ELSEWHERE = (OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", RDFS + "seeAlso", SCHEMA + "url")
_ALSO = (SKOS + "altLabel", UTS + "formerName")
_NOTES = (SKOS + "definition", SKOS + "note", RDFS + "comment")
_WKT: Final = re.compile(
    r"(?:<[^>]*>)?\s*POINT\s*\(\s*(-?[\d.]{1,20})\s+(-?[\d.]{1,20})\s*\)\Z", re.ASCII | re.IGNORECASE
)
_WKT_LITERAL: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
_LATITUDE, _LONGITUDE = (GEO + "lat", SCHEMA + "latitude"), (GEO + "long", SCHEMA + "longitude")
_APART = {TYPE, RDFS + "label", SKOS + "prefLabel", *_ALSO, *_NOTES, *_ELSEWHERE}
_FIRST = (
    UTS + "municipalityCode",
    UTS + "countyCode",
    UTS + "organisationNumber",
    UTS + "inCounty",
    ELI + "title_short",
    ELI + "id_local",
    UTS + "sfsNumber",
    UTS + "celex",
    ELI + "first_date_entry_in_force",
    ELI + "date_applicability",
    ELI + "date_no_longer_in_force",
    DCTERMS + "publisher",
    UTS + "vendor",
    UTS + "deployment",
)

Drawn = TypeVar("Drawn", bound=EntityPage)


def outline(
    entities: Entities, class_: type[Drawn], kind: str, name: str, shown: set[str], **parts: Any
) -> Drawn:
    """Return a page of `class_`, with `parts` beside what every page has; `shown` is told elsewhere on it."""
    node = entities.node(iri(name))
    fetched = read_wikidata_facts(entities, name)
    elsewhere = WIKIDATA_PROPERTIES if fetched else frozenset()  # told with where it is from
    place = position(node, elsewhere)
    apart = _APART | shown | elsewhere | ({*_LATITUDE, *_LONGITUDE} if place else set())
    names = _properties(entities, node, apart)
    told = read_value_sources(entities, name)
    return class_(
        kind=kind,
        ref=entities.ref(name),
        types=entities.refs(entities.types(node)),
        also=node.literals(*_ALSO),
        notes=tuple(node.literals(note) for note in _NOTES if node.literals(note)),
        facts=tuple(_fact(entities, node, each, told) for each in names[:_MOST_FACTS]),
        more_facts=max(len(names) - _MOST_FACTS, 0),
        elsewhere=facts_of(entities, name, *(each for each in _ELSEWHERE if node.iris(each))),
        backlinks=_backlinks(
            entities, name, {TOPIC} if fetched else set(), 0 if class_.tells_backlinks else _FIRST_BACKLINKS
        ),
        position=place,
        retrieved=fetched,
        **parts,
    )


def facts_of(entities: Entities, name: str, *properties: str) -> tuple[Fact, ...]:
    """Return those of `properties` that the entity with the IRI `name` has, in their order."""
    node = entities.node(iri(name))
    return tuple(_fact(entities, node, each, {}) for each in properties if node.terms(each))


def position(node: Node, apart: Collection[str] = ()) -> Coordinates | None:
    """Return the point on the earth that `node` is said to be at, without the properties `apart`."""
    pair = node.literal(*_LATITUDE), node.literal(*_LONGITUDE)
    written = tuple(term.value for term in pair if term)
    others = (values for name, values in node.values.items() if name not in apart)
    for values in () if len(written) == 2 else others:
        points = (_WKT.match(term.value) for term in values if term.datatype == _WKT_LITERAL)
        written = next(((point[2], point[1]) for point in points if point), written)
    try:
        latitude, longitude = map(float, written)
    except ValueError:
        return None
    return Coordinates(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _properties(entities: Entities, node: Node, apart: set[str]) -> list[str]:
    """Return the properties of `node` that are worth telling, without those `apart`."""
    order = {name: rank for rank, name in enumerate(_FIRST)}
    names = set(node.values) - apart - entities.implied(node)
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _fact(entities: Entities, node: Node, property_: str, told: ValueSources, depth: int = 0) -> Fact:
    terms = node.terms(property_)
    values = [(item, told.get((property_, term), ())) for term in terms for item in _items(entities, term)]
    shown = values[:_MOST_VALUES]
    return Fact(
        entities.ref(property_),
        tuple(_value(entities, node, value, depth) for value, _ in shown),
        len(values) - len(shown),
        tuple(graphs for _, graphs in shown),
    )


def _items(entities: Entities, value: Term) -> tuple[Term, ...]:
    """Return the items of an RDF list, or `value` itself if it is not one."""
    items = entities.list_items(value) if value.kind == "blank" else ()
    return items or (value,)


def _value(entities: Entities, node: Node, value: Term, depth: int) -> Value:
    is_part = value.kind == "blank" or value.value.startswith(f"{node.term.value}#")
    if value.kind != "literal" and is_part and depth < _DEEPEST:
        inner = entities.node(value)
        back = {each for each, ends in inner.values.items() if node.term in ends}
        names = _properties(entities, inner, _APART | back)[:_MOST_FACTS]
        return Nested(tuple(_fact(entities, inner, each, {}, depth + 1) for each in names))
    return entities.ref(value.value) if value.kind == "iri" else value


def _backlinks(entities: Entities, name: str, apart: set[str], first: int) -> tuple[Backlinks, ...]:
    """Return how many link to the IRI `name` by which property, not `apart`, and the `first` few."""
    return tuple(
        Backlinks(
            entities.ref(property_),
            count,
            entities.refs(entities.subjects(name, property_, limit=first) if first else ()),
        )
        for property_, count in entities.backlinks(name).items()
        if property_ not in apart
    )
