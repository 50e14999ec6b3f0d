"""Which classes the properties of the ontology lead from and to.

A property leads from its domain to its range or, as most properties are used with several classes, from the
target of a shape to what the shape says of the values: `sh:class`, also as one of several in `sh:or`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.core.namespaces import OWL, RDFS, SH, SKOS, TYPE
from graph.core.terms import iri
from graph.read.entities import Entities, Node


@dataclass(frozen=True)
class PropertyUse:
    """What a shape or a domain says of the values of a property of the instances of a class, all by IRI."""

    property: str
    class_: str
    ranges: tuple[str, ...]
    codes: str | None  # the code list that the values are in


def read_uses(entities: Entities) -> tuple[PropertyUse, ...]:
    """Return the uses of properties that the ontology in `entities` states, those in shapes first."""
    return (*_uses_in_shapes(entities), *_uses_by_domain(entities))


def _uses_in_shapes(entities: Entities) -> Iterator[PropertyUse]:
    for shape in sorted(entities.members(SH + "NodeShape")):
        node = entities.node(iri(shape))
        for rule in (entities.node(each) for each in node.terms(SH + "property")):
            if name := rule.iri(SH + "path"):
                ranges = (*_classes_of_values(entities, rule), *ranges_of(entities, name))
                for class_ in node.iris(SH + "targetClass"):
                    yield PropertyUse(name, class_, ranges, code_list_of(entities, rule))


def _uses_by_domain(entities: Entities) -> Iterator[PropertyUse]:
    for name in sorted(entities.members(OWL + "ObjectProperty")):
        for domain in entities.node(iri(name)).iris(RDFS + "domain"):
            yield PropertyUse(name, domain, ranges_of(entities, name), None)


def ranges_of(entities: Entities, name: str) -> tuple[str, ...]:
    """Return the IRIs of the classes that are ranges of the property `name`: those of literals are none."""
    node = entities.node(iri(name))
    return node.iris(RDFS + "range") if OWL + "ObjectProperty" in node.iris(TYPE) else ()


def _classes_of_values(entities: Entities, rule: Node) -> tuple[str, ...]:
    choices = (item for head in rule.terms(SH + "or") for item in entities.list_items(head))
    return tuple(name for node in (rule, *map(entities.node, choices)) for name in node.iris(SH + "class"))


def code_list_of(entities: Entities, rule: Node) -> str | None:
    """Return the IRI of the code list that the values at the end of `rule` are in, or None."""
    shapes = (entities.node(each) for each in rule.terms(SH + "node"))
    rules = (entities.node(each) for shape in shapes for each in shape.terms(SH + "property"))
    lists = (each.iri(SH + "hasValue") for each in rules if each.iri(SH + "path") == SKOS + "inScheme")
    return next(filter(None, lists), None)
