"""What every entity's page has: names, notes, facts, links to other collections, links that lead here."""

from typing import Any, Final, TypeVar

from graph.describe import TYPE, Entities, Node, Ref
from graph.namespaces import DCTERMS, ELI, OWL, RDF, RDFS, SCHEMA, SKOS, UTS
from graph.terms import Term, iri
from web.entity_pages import Backlinks, EntityPage, Fact, Nested

_MOST_VALUES: Final = 25
_FIRST_BACKLINKS: Final = 10
_DEEPEST: Final = 3
_ELSEWHERE = (OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", RDFS + "seeAlso", SCHEMA + "url")
_ALSO = (SKOS + "altLabel", UTS + "formerName")
_NOTES = (SKOS + "definition", SKOS + "note", RDFS + "comment")
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
    return class_(
        kind=kind,
        ref=entities.ref(name),
        types=entities.refs(entities.types(node)),
        also=node.literals(*_ALSO),
        notes=tuple(node.literals(note) for note in _NOTES if node.literals(note)),
        facts=_facts(entities, node, _APART | shown),
        elsewhere=tuple(_fact(entities, node, relation) for relation in _ELSEWHERE if node.iris(relation)),
        backlinks=_backlinks(entities, name),
        **parts,
    )


def _facts(entities: Entities, node: Node, apart: set[str], depth: int = 0) -> tuple[Fact, ...]:
    order = {name: rank for rank, name in enumerate(_FIRST)}
    names = sorted(
        set(node.values) - apart - entities.implied(node),
        key=lambda name: (order.get(name, len(order)), name),
    )
    return tuple(_fact(entities, node, name, depth) for name in names)


def _fact(entities: Entities, node: Node, property_: str, depth: int = 0) -> Fact:
    values = [item for value in node.terms(property_) for item in _items(entities, value)]
    shown = tuple(_value(entities, node, value, depth) for value in values[:_MOST_VALUES])
    return Fact(entities.ref(property_), shown, len(values) - len(shown))


def _items(entities: Entities, value: Term) -> list[Term]:
    """Return the items of an RDF list, or `value` itself if it is none."""
    items: list[Term] = []
    seen = {value}
    node = entities.node(value) if value.kind == "blank" else None
    while node and (first := node.terms(RDF + "first")):
        items.append(first[0])
        rest = next((each for each in node.terms(RDF + "rest") if each.kind == "blank"), None)
        node = entities.node(rest) if rest and rest not in seen else None
        seen |= {rest} if rest else set()
    return items or [value]


def _value(entities: Entities, node: Node, value: Term, depth: int) -> Term | Ref | Nested:
    is_part = value.kind == "blank" or value.value.startswith(f"{node.term.value}#")
    if value.kind != "literal" and is_part and depth < _DEEPEST:
        back = {each for each, ends in entities.node(value).values.items() if node.term in ends}
        return Nested(_facts(entities, entities.node(value), _APART | back, depth + 1))
    return entities.ref(value.value) if value.kind == "iri" else value


def _backlinks(entities: Entities, name: str) -> tuple[Backlinks, ...]:
    return tuple(
        Backlinks(
            entities.ref(property_),
            count,
            entities.refs(entities.subjects(name, property_, limit=_FIRST_BACKLINKS)),
        )
        for property_, count in entities.backlinks(name).items()
    )
