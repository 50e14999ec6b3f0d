"""Reads the model of the query builder from the ontology's files."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.core.iris import last_segment
from graph.core.namespaces import RDFS, SH
from graph.query.store import ReleaseStore
from graph.query_builder.class_tree import ClassTree
from graph.query_builder.model import BuilderModel, ClassChoice, PropertyChoice
from graph.query_builder.property_rules import (
    PropertyRule,
    read_group,
    read_options,
    read_rules,
    value_kind,
)
from graph.rdf import ontology_files
from graph.read.entities import Entities, Ref

_LANGUAGES: Final = 2


@cache
def read_model() -> BuilderModel:
    """Return the model of the project's own ontology, which is read from its files once."""
    return model_of(Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True)))


def model_of(entities: Entities) -> BuilderModel:
    """Return the model of the ontology in `entities`."""
    return _ModelReader(entities).read()


@dataclass(frozen=True)
class _Inverse:
    """A property followed back from things of the classes `ends`, by IRI."""

    choice: PropertyChoice
    ends: tuple[str, ...]


class _ModelReader:
    """The rules and classes of one ontology."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self._rules = read_rules(entities)
        self._tree = ClassTree.read(entities, {each for rule in self._rules for each in rule.ranges})

    def read(self) -> BuilderModel:
        inverses = tuple(self._inverses())
        return BuilderModel(
            tuple(self._class(name, depth, inverses) for name, depth in self._tree.in_order()),
            frozenset(
                rule.path
                for rule in self._rules
                if rule.has_languages and (rule.node.integer(SH + "minCount") or 0) >= _LANGUAGES
            ),
        )

    def _class(self, name: str, depth: int, inverses: tuple[_Inverse, ...]) -> ClassChoice:
        properties = self._properties(name)
        for each in inverses:
            if any(self._tree.overlap(name, end) for end in each.ends):
                properties[each.choice.name] = each.choice
        return ClassChoice(self._entities.ref(name), depth, properties, self._label_property(name))

    def _properties(self, class_: str) -> dict[str, PropertyChoice]:
        """Return by name the properties of the things of `class_`, in order."""
        rules: dict[str, list[PropertyRule]] = {}
        for rule in self._applicable(class_):
            rules.setdefault(rule.path, []).append(rule)
        found = (self._property(class_, each) for each in rules.values())
        return {each.name: each for each in sorted(found, key=_place)}

    def _applicable(self, class_: str) -> list[PropertyRule]:
        """Return the rules for `class_` and the classes above it, then those for the classes below it."""
        above = [rule for rule in self._rules if any(self._tree.is_a(class_, each) for each in rule.classes)]
        below = [rule for rule in self._rules if any(self._tree.is_a(each, class_) for each in rule.classes)]
        return [*above, *(rule for rule in below if rule not in above)]

    def _property(self, class_: str, rules: list[PropertyRule]) -> PropertyChoice:
        first = rules[0]
        classes = tuple(dict.fromkeys(each for rule in rules for each in rule.ranges))
        return PropertyChoice(
            name=last_segment(first.path),
            ref=Ref(first.path, first.names),
            owner=self._entities.ref(class_),
            kind=value_kind(rules),
            classes=classes,
            kinds=self._kinds(classes),
            options=read_options(self._entities, rules),
            has_languages=any(rule.has_languages for rule in rules),
            group=read_group(self._entities, first),
            order=first.node.integer(SH + "order") or 0,
        )

    def _inverses(self) -> Iterator[_Inverse]:
        """Yield the properties that lead to things, from the uppermost classes that have them."""
        ends: dict[tuple[str, str], dict[str, None]] = {}
        refs: dict[tuple[str, str], Ref] = {}
        for rule in self._rules:
            owner = self._owner(rule)
            if owner and rule.ranges and not rule.scheme:
                ends.setdefault((owner, rule.path), {}).update(dict.fromkeys(rule.ranges))
                refs.setdefault((owner, rule.path), Ref(rule.path, rule.names))
        for (owner, name), classes in sorted(ends.items(), key=lambda each: self._position(*each[0])):
            if not any(
                other != owner and each == name and self._tree.is_a(owner, other) for other, each in ends
            ):
                yield _Inverse(self._inverse(owner, refs[owner, name]), tuple(classes))

    def _inverse(self, owner: str, ref: Ref) -> PropertyChoice:
        name = f"{last_segment(owner)}.{last_segment(ref.iri)}"
        return PropertyChoice(
            name,
            ref,
            self._entities.ref(owner),
            "entity",
            classes=(owner,),
            kinds=self._kinds((owner,)),
            is_inverse=True,
        )

    def _kinds(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kinds of entities that are of the `classes` or of classes below them."""
        return tuple(
            kind
            for kind, about in self._entities.index.kinds.items()
            if any(self._tree.is_a(each, class_) for each in about.classes for class_ in classes)
        )

    def _owner(self, rule: PropertyRule) -> str | None:
        """Return the nearest class that all classes of `rule` are or are below."""
        above = [
            name
            for name in self._tree.orders
            if all(each in self._tree.orders and self._tree.is_a(each, name) for each in rule.classes)
        ]
        return next((name for name in above if all(self._tree.is_a(name, other) for other in above)), None)

    def _position(self, owner: str, property_: str) -> tuple[int, str, str]:
        return self._tree.orders[owner], owner, property_

    def _label_property(self, class_: str) -> str:
        """Return the IRI of the property that names things of `class_`: of several, one that all have."""
        names = [rule for rule in self._applicable(class_) if rule.names_things]
        required = sorted(names, key=lambda rule: -(rule.node.integer(SH + "minCount") or 0))
        return required[0].path if required else RDFS + "label"


def _place(choice: PropertyChoice) -> tuple[int, int, str]:
    return (choice.group.order if choice.group else 0), choice.order, choice.name
