"""Which classes the query builder offers, and how they lie below each other.

They are the targets of the shapes with `sh:order`, their subclasses in our vocabulary, and the classes of
other vocabularies that such targets are subclasses of and that shapes name as classes of values.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import OWL, SH, UTS
from graph.core.terms import iri
from graph.read.entities import Entities
from graph.vocabulary.superclasses import superclasses

_LAST: Final = 10**6


@dataclass(frozen=True)
class ClassTree:
    """The classes that are offered, by IRI, with the places that shapes give them."""

    orders: dict[str, int]
    _above: dict[str, frozenset[str]]

    @classmethod
    def read(cls, entities: Entities, ranges: Iterable[str]) -> "ClassTree":
        """Read the classes of the ontology in `entities`; `ranges` are the IRIs of the classes of values."""
        orders = dict(_targets(entities))
        own = {name for name in entities.members(OWL + "Class") if name.startswith(UTS)}
        above = {name: frozenset(superclasses(entities, name)) for name in {*own, *orders, *ranges}}
        orders |= {name: _LAST for name in own if name not in orders and above[name] & orders.keys()}
        for name in sorted(set(ranges) - orders.keys()):
            if below := [orders[each] for each in orders if name in above[each]]:
                orders[name] = min(below)
        return cls(orders, above)

    def is_a(self, name: str, other: str) -> bool:
        """Return whether the class `name` is the class `other` or below it."""
        return name == other or other in self._above.get(name, ())

    def overlap(self, name: str, other: str) -> bool:
        """Return whether one of the two classes is the other or below it."""
        return self.is_a(name, other) or self.is_a(other, name)

    def in_order(self) -> Iterator[tuple[str, int]]:
        """Yield each class with its depth, each after the class that it is below."""
        yield from self._below(None, 0)

    def _below(self, parent: str | None, depth: int) -> Iterator[tuple[str, int]]:
        children = (name for name in self.orders if self._parent(name) == parent)
        for name in sorted(children, key=lambda each: (self.orders[each], each)):
            yield name, depth
            yield from self._below(name, depth + 1)

    def _parent(self, name: str) -> str | None:
        """Return the nearest class above `name` that is offered."""
        above = self._above[name] & self.orders.keys()
        return max(above, key=lambda each: (len(self._above[each] & self.orders.keys()), each), default=None)


def _targets(entities: Entities) -> Iterator[tuple[str, int]]:
    for shape in sorted(entities.members(SH + "NodeShape")):
        node = entities.node(iri(shape))
        order = node.integer(SH + "order")
        if order is not None:
            yield from ((name, order) for name in node.iris(SH + "targetClass"))
