"""Common parts of the pages of entities: names, notes, facts, links to other data sets, backlinks."""

import re
from collections.abc import Collection
from typing import Any, Final, TypeVar

from graph.core.extensions import extension
from graph.core.namespaces import (
    DCTERMS,
    DISPLAY_NAME,
    GEO,
    NAME_PROPERTIES,
    OWL,
    RDFS,
    SCHEMA,
    SKOS,
    TYPE,
    UTS,
)
from graph.core.terms import Coordinates, Term, iri
from graph.read.entities import Entities, Node
from graph.read.provenance import ValueSources, read_value_sources
from graph.read.wikidata_facts import TOPIC, WIKIDATA_PROPERTIES, read_wikidata_facts
from web.html.page_models import Backlinks, EntityPage, Fact, FactValue, NestedNode

_MAX_FACTS: Final = 100
_MAX_VALUES: Final = 25
_MAX_BACKLINKS: Final = 10
_MAX_DEPTH: Final = 3
_EXTERNAL_LINKS = (OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", RDFS + "seeAlso", SCHEMA + "url")
_OTHER_NAMES = (SKOS + "altLabel", UTS + "formerName")
_NOTES = (SKOS + "definition", SKOS + "note", RDFS + "comment")
_WKT: Final = re.compile(
    r"(?:<[^>]*>)?\s*POINT\s*\(\s*(-?[\d.]{1,20})\s+(-?[\d.]{1,20})\s*\)\Z", re.ASCII | re.IGNORECASE
)
_WKT_LITERAL: Final = "http://www.opengis.net/ont/geosparql#wktLiteral"
_LATITUDE, _LONGITUDE = (GEO + "lat", SCHEMA + "latitude"), (GEO + "long", SCHEMA + "longitude")
_PERIOD = DCTERMS + "temporal"  # two days for queries; pages show the dates that sources give
_LABELS = (RDFS + "label", SKOS + "prefLabel", DISPLAY_NAME)
_EXCLUDED = {TYPE, _PERIOD, *_LABELS, *_OTHER_NAMES, *_NOTES, *_EXTERNAL_LINKS}
_PROPERTY_ORDER: Final = extension("fact_order", tuple[str, ...]())

PageT = TypeVar("PageT", bound=EntityPage)


def build_page(
    entities: Entities, class_: type[PageT], kind: str, name: str, shown: set[str], **parts: Any
) -> PageT:
    """Return a page of `class_` about the IRI `name`: the common parts, and `parts` as further fields.

    The properties `shown` are left out of the facts and the links, because `parts` have them.
    """
    node = entities.node(iri(name))
    wikidata_facts = read_wikidata_facts(entities, name)
    wikidata_properties = WIKIDATA_PROPERTIES if wikidata_facts else frozenset()
    place = read_position(node, wikidata_properties)
    naming = next((each for each in NAME_PROPERTIES if each in node.values), "")
    excluded = (
        _EXCLUDED | {naming} | shown | wikidata_properties | ({*_LATITUDE, *_LONGITUDE} if place else set())
    )
    names = _shown_properties(entities, node, excluded)
    sources = read_value_sources(entities, name)
    return class_(
        kind=kind,
        ref=entities.ref(name),
        types=entities.refs(entities.types(node)),
        other_names=node.literals(*_OTHER_NAMES),
        notes=tuple(node.literals(note) for note in _NOTES if node.literals(note)),
        facts=tuple(_fact(entities, node, each, sources) for each in names[:_MAX_FACTS]),
        more_facts=max(len(names) - _MAX_FACTS, 0),
        external_links=facts_of(
            entities, name, *(each for each in _EXTERNAL_LINKS if node.iris(each) and each not in shown)
        ),
        backlinks=_backlinks(
            entities,
            name,
            {TOPIC} if wikidata_facts else set(),
            0 if class_.has_backlink_sections else _MAX_BACKLINKS,
        ),
        position=place,
        wikidata_facts=wikidata_facts,
        **parts,
    )


def facts_of(entities: Entities, name: str, *properties: str) -> tuple[Fact, ...]:
    """Return the facts of the IRI `name` with those of `properties` that it has, in this order."""
    node = entities.node(iri(name))
    return tuple(_fact(entities, node, each, {}) for each in properties if node.terms(each))


def read_position(node: Node, excluded: Collection[str] = ()) -> Coordinates | None:
    """Return the coordinates of `node` in degrees, or None; ignore the properties `excluded`."""
    pair = node.literal(*_LATITUDE), node.literal(*_LONGITUDE)
    written = tuple(term.value for term in pair if term)
    literals = (values for name, values in node.values.items() if name not in excluded)
    for values in () if len(written) == 2 else literals:
        points = (_WKT.match(term.value) for term in values if term.datatype == _WKT_LITERAL)
        written = next(((point[2], point[1]) for point in points if point), written)
    try:
        latitude, longitude = map(float, written)
    except ValueError:
        return None
    return Coordinates(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _shown_properties(entities: Entities, node: Node, excluded: set[str]) -> list[str]:
    """Return the properties of `node` to show, sorted; without `excluded` and implied ones."""
    order = {name: rank for rank, name in enumerate(_PROPERTY_ORDER)}
    names = set(node.values) - excluded - entities.implied(node)
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _fact(entities: Entities, node: Node, property_: str, sources: ValueSources, depth: int = 0) -> Fact:
    terms = node.terms(property_)
    values = [(item, sources.get((property_, term), ())) for term in terms for item in _items(entities, term)]
    shown = values[:_MAX_VALUES]
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


def _value(entities: Entities, node: Node, value: Term, depth: int) -> FactValue:
    is_part = value.kind == "blank" or value.value.startswith(f"{node.term.value}#")
    if value.kind != "literal" and is_part and depth < _MAX_DEPTH:
        inner = entities.node(value)
        back = {each for each, ends in inner.values.items() if node.term in ends}
        names = _shown_properties(entities, inner, _EXCLUDED | back)[:_MAX_FACTS]
        return NestedNode(tuple(_fact(entities, inner, each, {}, depth + 1) for each in names))
    return entities.ref(value.value) if value.kind == "iri" else value


def _backlinks(entities: Entities, name: str, excluded: set[str], limit: int) -> tuple[Backlinks, ...]:
    """Return the backlinks of the IRI `name` by property except `excluded`, with `limit` subjects each."""
    return tuple(
        Backlinks(
            entities.ref(property_),
            count,
            entities.refs(entities.subjects(name, property_, limit=limit) if limit else ()),
        )
        for property_, count in entities.backlinks(name).items()
        if property_ not in excluded
    )
