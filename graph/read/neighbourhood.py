"""The neighbourhood of an entity in the graph: a limited number of outgoing and incoming links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from graph.core.namespaces import TYPE
from graph.core.terms import iri
from graph.read.entities import Entities, Ref

MAX_NODES: Final = 60
_MAX_OUTGOING_NODES: Final = 30  # leaves room for nodes that link to the entity
_MAX_NODES_PER_PROPERTY: Final = (
    12  # nodes by one property and direction, so that a hub's commonest link is not all there is
)


@dataclass(frozen=True)
class Edge:
    """A link from one entity to another."""

    subject: Ref
    property: Ref
    object: Ref


@dataclass(frozen=True)
class OmittedLinks:
    """The number of links by `property` that are left out, to the entity if `incoming`, else from it."""

    property: Ref
    incoming: bool
    count: int


@dataclass(frozen=True)
class Neighbourhood:
    """An entity, the links around it, and the numbers of links left out."""

    centre: Ref
    edges: tuple[Edge, ...]
    omitted: tuple[OmittedLinks, ...]

    @property
    def nodes(self) -> tuple[Ref, ...]:
        """The entities of the neighbourhood, the centre first."""
        ends = (end for edge in self.edges for end in (edge.subject, edge.object))
        return tuple(dict.fromkeys((self.centre, *ends)))


def read_neighbourhood(entities: Entities, name: str) -> Neighbourhood:
    """Return the neighbourhood of the IRI `name` with at most `MAX_NODES` entities.

    Links are taken round-robin by property, so that every property is represented.
    """
    node = entities.node(iri(name))
    implied = entities.implied(node) | {TYPE}
    outgoing = {each: _without(node.iris(each), name) for each in node.values if each not in implied}
    counts = {each: count for each, count in entities.backlinks(name).items() if each != TYPE}
    incoming = {
        each: _without(entities.subjects(name, each, limit=_MAX_NODES_PER_PROPERTY + 1), name)
        for each in counts
    }
    nodes = {name}
    links = [(name, *link) for link in _round_robin(outgoing, nodes, _MAX_OUTGOING_NODES)]
    links += [(subject, by, name) for by, subject in _round_robin(incoming, nodes, MAX_NODES - 1)]
    links += _links_among(entities, nodes - {name})
    edges = tuple(Edge(*entities.refs(link)) for link in dict.fromkeys(links))
    totals = {(each, False): len(ends) for each, ends in outgoing.items()}
    totals |= {(each, True): count for each, count in counts.items()}
    omitted = tuple(
        OmittedLinks(entities.ref(each), is_incoming, total - shown)
        for (each, is_incoming), total in totals.items()
        if total > (shown := _count_edges(edges, name, each, is_incoming=is_incoming))
    )
    return Neighbourhood(entities.ref(name), edges, omitted)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in names if each != name)


def _round_robin(
    ends: Mapping[str, tuple[str, ...]], nodes: set[str], limit: int
) -> Iterator[tuple[str, str]]:
    """Yield property and end of links, one of each property in turn, adding the end to `nodes`.

    Once `nodes` has more than `limit` members, only links to its members are yielded.
    """
    for turn in zip_longest(*(each[:_MAX_NODES_PER_PROPERTY] for each in ends.values())):
        for property_, node in zip(ends, turn, strict=True):
            if node is not None and (node in nodes or len(nodes) <= limit):
                nodes.add(node)
                yield property_, node


def _links_among(entities: Entities, names: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the links between the entities `names`, without those implied by a subproperty."""
    for name in sorted(names):
        node = entities.node(iri(name))
        implied = entities.implied(node)
        for property_ in node.values:
            if property_ not in implied:
                ends = names.intersection(node.iris(property_)) - {name}
                yield from ((name, property_, end) for end in sorted(ends))


def _count_edges(edges: tuple[Edge, ...], name: str, property_: str, *, is_incoming: bool) -> int:
    """Return how many of `edges` lead to `name` by `property_`, or from it if not `is_incoming`."""
    ends = ((edge.object if is_incoming else edge.subject, edge.property) for edge in edges)
    return sum(end.iri == name and property_ == by.iri for end, by in ends)
