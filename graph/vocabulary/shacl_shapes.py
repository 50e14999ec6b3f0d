"""The SHACL shapes of the vocabulary, as its documentation shows them: https://www.w3.org/TR/shacl/."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import SH, SHAPES
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Node, Ref

_TARGETS: Final = (SH + "targetClass", SH + "targetSubjectsOf", SH + "targetObjectsOf")


@dataclass(frozen=True, order=True)
class ShaclPath:
    """A property path: a sequence of properties, or alternatives.

    https://www.w3.org/TR/shacl/#property-paths
    """

    steps: tuple[Ref, ...]
    alternatives: bool = False


@dataclass(frozen=True)
class ShaclRule:
    """The constraints on the values at the end of `path`, or on the focus node if that is None."""

    path: ShaclPath | None
    names: tuple[Term, ...]
    min_count: int
    max_count: int | None
    values: tuple[Ref | Term, ...]  # the classes, datatypes, shapes or enumerated values that are allowed
    pattern: str
    messages: tuple[Term, ...]


@dataclass(frozen=True)
class ShaclShape:
    """A shape with its rules."""

    ref: Ref
    first_target: str  # the IRI of a class or property
    rules: tuple[ShaclRule, ...]

    @property
    def paths(self) -> frozenset[str]:
        """The IRIs of the properties in the paths of the rules."""
        return frozenset(step.iri for rule in self.rules if rule.path for step in rule.path.steps)


def read_shapes(entities: Entities) -> dict[str, tuple[ShaclShape, ...]]:
    """Return the shapes in the graph by the IRI of their targets."""
    found: dict[str, tuple[ShaclShape, ...]] = {}
    names = (*entities.members(SH + "NodeShape"), *entities.members(SH + "PropertyShape"))
    for name in sorted(names):
        node = entities.node(iri(name))
        for target in node.iris(*_TARGETS):
            shape = ShaclShape(_labelled_ref(entities, name), node.iris(*_TARGETS)[0], _rules(entities, node))
            found[target] = (*found.get(target, ()), shape)
    return found


def _rules(entities: Entities, node: Node) -> tuple[ShaclRule, ...]:
    parts = [_rule(entities, entities.node(term)) for term in node.terms(SH + "property")]
    own = [_rule(entities, node)] if node.literals(SH + "message") else []
    return (*own, *sorted(parts, key=lambda rule: rule.names))


def _rule(entities: Entities, node: Node) -> ShaclRule:
    pattern = node.literal(SH + "pattern")
    start = next(iter(node.terms(SH + "path")), None)
    kinds = node.iris(SH + "class", SH + "datatype", SH + "node")
    allowed = (each for start in node.terms(SH + "in") for each in entities.list_items(start))
    choices = (_labelled_ref(entities, each.value) if each.kind == "iri" else each for each in allowed)
    return ShaclRule(
        path=None if start is None else _path(entities, start),
        names=node.literals(SH + "name"),
        min_count=node.integer(SH + "minCount") or 0,
        max_count=node.integer(SH + "maxCount"),
        values=(*(_labelled_ref(entities, kind) for kind in kinds), *choices),
        pattern=pattern.value if pattern else "",
        messages=node.literals(SH + "message"),
    )


def _labelled_ref(entities: Entities, name: str) -> Ref:
    """Return the IRI `name` with its labels, or those of `sh:name` for a shape."""
    if name.startswith(SHAPES):
        return Ref(name, entities.node(iri(name)).literals(SH + "name"))
    return entities.ref(name)


def _path(entities: Entities, start: Term) -> ShaclPath:
    if start.kind == "iri":
        return ShaclPath((entities.ref(start.value),))
    alternatives = next(iter(entities.node(start).terms(SH + "alternativePath")), None)
    steps = entities.list_items(start if alternatives is None else alternatives)
    return ShaclPath(entities.refs(tuple(step.value for step in steps)), alternatives is not None)
