"""What the shapes say of the properties that the query builder offers: those with `sh:group`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import DASH, RDFS, SH, SKOS, XSD
from graph.core.terms import Term, iri
from graph.query_builder.model import Option, PropertyGroup, ValueKind
from graph.read.entities import Entities, Node
from graph.vocabulary.property_uses import code_list_of, ranges_of

_DATES: Final = frozenset(XSD + name for name in ("date", "gYear", "gYearMonth"))
_NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal"))
_ANYTHING: Final = "DeclaredThing"  # the shape of values of any class


@dataclass(frozen=True)
class PropertyRule:
    """A shape of a property for the things of the `classes`, which are IRIs."""

    path: str  # the IRI of the property
    classes: tuple[str, ...]
    node: Node
    names: tuple[Term, ...]
    ranges: tuple[str, ...]
    datatypes: frozenset[str]
    scheme: str | None  # the code list
    allowed: tuple[Term, ...]  # `sh:in`
    is_anything: bool

    @property
    def has_languages(self) -> bool:
        """Whether the values are texts with a language."""
        return bool(self.node.terms(SH + "languageIn") or self.node.terms(SH + "uniqueLang"))

    @property
    def names_things(self) -> bool:
        """Whether the values are what things are called by (`dash:propertyRole`)."""
        return DASH + "LabelRole" in self.node.iris(DASH + "propertyRole")


def read_rules(entities: Entities) -> tuple[PropertyRule, ...]:
    """Return the rules with `sh:group` in the ontology in `entities`."""
    shapes = {*entities.members(SH + "NodeShape"), *entities.members(SH + "PropertyShape")}
    return tuple(rule for shape in sorted(shapes) for rule in _rules(entities, entities.node(iri(shape))))


def value_kind(rules: Sequence[PropertyRule]) -> ValueKind:
    """Return the kind of the values that `rules` of one property describe."""
    datatypes = {name for rule in rules for name in rule.datatypes}
    if any(rule.scheme for rule in rules):
        return "code"
    if any(rule.allowed for rule in rules):
        return "choice"
    if any(rule.ranges or rule.is_anything for rule in rules):
        return "entity"
    if datatypes & _NUMBERS:
        return "number"
    if datatypes & _DATES:
        return "date"
    return "link" if any(rule.node.iri(SH + "nodeKind") == SH + "IRI" for rule in rules) else "text"


def read_options(entities: Entities, rules: Sequence[PropertyRule]) -> tuple[Option, ...]:
    """Return the codes or the enumerated values that `rules` of one property allow, in order."""
    for rule in rules:
        if rule.scheme:
            codes = entities.subjects(rule.scheme, SKOS + "inScheme")
            return entities.refs(tuple(sorted(codes, key=lambda name: (_order(entities, name), name))))
        if rule.allowed:
            return tuple(entities.ref(each.value) if each.kind == "iri" else each for each in rule.allowed)
    return ()


def read_group(entities: Entities, rule: PropertyRule) -> PropertyGroup | None:
    """Return the group of the property of `rule`."""
    name = rule.node.iri(SH + "group")
    return PropertyGroup(entities.ref(name), _order(entities, name)) if name else None


def _rules(entities: Entities, shape: Node) -> Iterator[PropertyRule]:
    """Yield the rules of `shape` for its target classes, or for the domain of the property it is about."""
    targets = shape.iris(SH + "targetClass")
    subjects = shape.iris(SH + "targetSubjectsOf")
    for node in (shape, *(entities.node(term) for term in shape.terms(SH + "property"))):
        name = node.iri(SH + "path")
        if name is None or not node.iris(SH + "group"):
            continue
        domain = entities.node(iri(name)).iris(RDFS + "domain") if name in subjects else ()
        if classes := targets or domain:
            yield _rule(entities, name, classes, node)


def _rule(entities: Entities, name: str, classes: tuple[str, ...], node: Node) -> PropertyRule:
    shapes = [entities.node(term) for term in node.terms(SH + "node")]
    parts = [part for each in (node, *shapes) for part in (each, *_alternatives(entities, each))]
    ranges = ranges_of(entities, name)
    return PropertyRule(
        path=name,
        classes=classes,
        node=node,
        names=node.literals(SH + "name"),
        ranges=tuple(dict.fromkeys((*(each for part in parts for each in part.iris(SH + "class")), *ranges))),
        datatypes=frozenset(each for part in parts for each in part.iris(SH + "datatype")),
        scheme=code_list_of(entities, node),
        allowed=tuple(item for head in node.terms(SH + "in") for item in entities.list_items(head)),
        is_anything=any(term.value.endswith(_ANYTHING) for term in node.terms(SH + "node")),
    )


def _alternatives(entities: Entities, node: Node) -> Iterator[Node]:
    for head in node.terms(SH + "or"):
        yield from map(entities.node, entities.list_items(head))


def _order(entities: Entities, name: str) -> int:
    return entities.node(iri(name)).integer(SH + "order") or 0
