"""The rules that data must follow, as the shapes state them: https://www.w3.org/TR/shacl/."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import SH, SHAPES
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Node, Ref

_TARGETS: Final = (SH + "targetClass", SH + "targetSubjectsOf", SH + "targetObjectsOf")


@dataclass(frozen=True, order=True)
class Path:
    """The properties that lead to what a rule is about: one after another, or any of them.

    https://www.w3.org/TR/shacl/#property-paths
    """

    steps: tuple[Ref, ...]
    alternatives: bool = False


@dataclass(frozen=True)
class Rule:
    """What a shape says of the values at the end of `path`, or of the node itself where there is no path."""

    path: Path | None
    names: tuple[Term, ...]
    least: int
    most: int | None
    values: tuple[Ref | Term, ...]  # what the values must be: classes, datatypes, shapes, or one of these
    pattern: str
    messages: tuple[Term, ...]


@dataclass(frozen=True)
class Shape:
    """The rules for the members of a class, or for what has or is the value of a property."""

    ref: Ref
    home: str  # the first of the terms that it is for
    rules: tuple[Rule, ...]

    @property
    def paths(self) -> frozenset[str]:
        """The properties that the rules are about."""
        return frozenset(step.iri for rule in self.rules if rule.path for step in rule.path.steps)


def read(entities: Entities) -> dict[str, tuple[Shape, ...]]:
    """Return the shapes in the graph by the terms that they are for."""
    found: dict[str, tuple[Shape, ...]] = {}
    names = (*entities.members(SH + "NodeShape"), *entities.members(SH + "PropertyShape"))
    for name in sorted(names):
        node = entities.node(iri(name))
        for target in node.iris(*_TARGETS):
            shape = Shape(_named(entities, name), node.iris(*_TARGETS)[0], _rules(entities, node))
            found[target] = (*found.get(target, ()), shape)
    return found


def _rules(entities: Entities, node: Node) -> tuple[Rule, ...]:
    parts = [_rule(entities, entities.node(term)) for term in node.terms(SH + "property")]
    own = [_rule(entities, node)] if node.literals(SH + "message") else []
    return (*own, *sorted(parts, key=lambda rule: rule.names))


def _rule(entities: Entities, node: Node) -> Rule:
    pattern = node.literal(SH + "pattern")
    start = next(iter(node.terms(SH + "path")), None)
    kinds = node.iris(SH + "class", SH + "datatype", SH + "node")
    allowed = (each for start in node.terms(SH + "in") for each in entities.list_items(start))
    choices = (_named(entities, each.value) if each.kind == "iri" else each for each in allowed)
    return Rule(
        path=None if start is None else _path(entities, start),
        names=node.literals(SH + "name"),
        least=node.integer(SH + "minCount") or 0,
        most=node.integer(SH + "maxCount"),
        values=(*(_named(entities, kind) for kind in kinds), *choices),
        pattern=pattern.value if pattern else "",
        messages=node.literals(SH + "message"),
    )


def _named(entities: Entities, name: str) -> Ref:
    """Return the IRI `name` with its labels; a shape has those of its `sh:name`."""
    if name.startswith(SHAPES):
        return Ref(name, entities.node(iri(name)).literals(SH + "name"))
    return entities.ref(name)


def _path(entities: Entities, start: Term) -> Path:
    if start.kind == "iri":
        return Path((entities.ref(start.value),))
    alternatives = next(iter(entities.node(start).terms(SH + "alternativePath")), None)
    steps = entities.list_items(start if alternatives is None else alternatives)
    return Path(entities.refs(tuple(step.value for step in steps)), alternatives is not None)
