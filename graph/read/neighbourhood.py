"""The neighbourhood of one entity: what it links to and what links to it, within a bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from graph.core.namespaces import TYPE
from graph.core.terms import iri
from graph.read.entities import Entities, Ref

MOST_NODES: Final = 60
_OUTWARD: Final = 30  # nodes it links to, so that there is room for those that link to it
_EACH: Final = 12  # nodes by one property and direction, so that a hub's commonest link is not all there is


@dataclass(frozen=True)
class Edge:
    """A link from one entity to another."""

    subject: Ref
    property: Ref
    object: Ref


@dataclass(frozen=True)
class Rest:
    """How many links by `property` are left out, to the entity if they are `incoming`, else from it."""

    property: Ref
    incoming: bool
    count: int


@dataclass(frozen=True)
class Neighbourhood:
    """An entity, the links around it, and those left out."""

    centre: Ref
    edges: tuple[Edge, ...]
    rest: tuple[Rest, ...]

    @property
    def nodes(self) -> tuple[Ref, ...]:
        """Every entity of the neighbourhood, its centre first."""
        ends = (end for edge in self.edges for end in (edge.subject, edge.object))
        return tuple(dict.fromkeys((self.centre, *ends)))


def neighbourhood(entities: Entities, name: str) -> Neighbourhood:
    """Return the neighbourhood of the IRI `name`: at most `MOST_NODES` entities, whatever links to it.

    A property gets its turn before another gets its second, so that every sort of link is seen.
    """
    node = entities.node(iri(name))
    implied = entities.implied(node) | {TYPE}
    outward = {each: _others(node.iris(each), name) for each in node.values if each not in implied}
    outward = {each: found for each, found in outward.items() if found}
    counts = {each: count for each, count in entities.backlinks(name).items() if each != TYPE}
    inward = {each: _others(entities.subjects(name, each, limit=_EACH + 1), name) for each in counts}
    chosen = {name}
    links = [(name, *link) for link in _turns(outward, chosen, _OUTWARD)]
    links += [(subject, property_, name) for property_, subject in _turns(inward, chosen, MOST_NODES - 1)]
    links += _between(entities, chosen - {name})
    edges = tuple(Edge(*entities.refs(link)) for link in dict.fromkeys(links))
    shown = [(edge.property.iri, edge.subject.iri == name) for edge in edges]
    rest = [(each, False, len(found) - shown.count((each, True))) for each, found in outward.items()]
    rest += [(each, True, count - _inward(edges, name, each)) for each, count in counts.items()]
    left = tuple(Rest(entities.ref(each), incoming, count) for each, incoming, count in rest if count > 0)
    return Neighbourhood(entities.ref(name), edges, left)


def _others(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)


def _turns(found: Mapping[str, tuple[str, ...]], chosen: set[str], most: int) -> Iterator[tuple[str, str]]:
    """Yield links to nodes, one of each property in turn, adding to `chosen` until `most` have been."""
    for turn in zip_longest(*(nodes[:_EACH] for nodes in found.values())):
        for property_, node in zip(found, turn, strict=True):
            if node is not None and (node in chosen or len(chosen) <= most):
                chosen.add(node)
                yield property_, node


def _between(entities: Entities, names: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the links that the entities `names` have among themselves."""
    for name in sorted(names):
        node = entities.node(iri(name))
        implied = entities.implied(node)
        for property_ in node.values:
            if property_ not in implied:
                ends = names.intersection(node.iris(property_)) - {name}
                yield from ((name, property_, end) for end in sorted(ends))


def _inward(edges: tuple[Edge, ...], name: str, property_: str) -> int:
    """Return how many of `edges` lead to `name` by `property_`."""
    return sum(edge.object.iri == name and edge.property.iri == property_ for edge in edges)
