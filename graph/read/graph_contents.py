"""A named graph: what it says of itself, where it is from, and what it says something about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import DCTERMS, GRAPH, ID
from graph.core.terms import Term, iri
from graph.index.protocol import EntitySet
from graph.read.entities import Entities, Ref, cached_by_iri
from graph.read.provenance import source_of_graph

MAX_SUBJECTS: Final = 10_000  # that are read of one graph
_SUBJECTS: Final = f"""
SELECT DISTINCT ?graph ?subject WHERE {{
GRAPH ?graph {{ ?subject ?property ?value }} FILTER(isIRI(?subject)) }} LIMIT {MAX_SUBJECTS + 1}"""


@dataclass(frozen=True)
class GraphContents:
    """What a named graph says something about: entities by kind, and other IRIs.

    `is_whole` is false for a graph that is about more than `MAX_SUBJECTS`: both are empty then.
    """

    kinds: Mapping[str, EntitySet]
    others: tuple[str, ...]
    is_whole: bool = True

    @property
    def total(self) -> int:
        """The number of what it says something about."""
        return sum(map(len, self.kinds.values())) + len(self.others)


@dataclass(frozen=True)
class GraphOrigin:
    """Where a named graph is from: sources with pages here, other sites, and who publishes the sources."""

    sources: tuple[Ref, ...]
    sites: tuple[str, ...]
    publishers: tuple[Ref, ...]
    issued: Term | None  # the date of the source, if there is one source
    licence: str | None  # as the graph itself says


@cached_by_iri
def read_contents(entities: Entities, graph: str) -> GraphContents:
    """Return what the named graph with the IRI `graph` says something about."""
    rows = entities.select(_SUBJECTS, graph=iri(graph))
    if len(rows) > MAX_SUBJECTS:
        return GraphContents({}, (), is_whole=False)
    names = [name for row in rows if (name := row["subject"].value) != graph and not is_part(name)]
    sets = {kind: entities.index.filter_kind(names, kind) for kind in entities.index.kinds}
    kinds = {kind: members for kind, members in sets.items() if len(members)}
    listed = {name for members in kinds.values() for name in members.page(0, len(members))}
    others = sorted(set(names) - listed, key=lambda name: (parse_entity_iri(name) is None, name))
    return GraphContents(kinds, tuple(others))


def read_origin(entities: Entities, graph: Ref) -> GraphOrigin:
    """Return where the named graph is from, as it or its address says."""
    node = entities.node(iri(graph.iri))
    own = source_of_graph(graph)
    stated = node.iris(DCTERMS + "source") + ((own,) if own and entities.exists(own) else ())
    sources = [name for name in dict.fromkeys(stated) if parse_entity_iri(name)]
    nodes = [entities.node(iri(name)) for name in sources]
    publishers = dict.fromkeys(name for each in nodes for name in each.iris(DCTERMS + "publisher"))
    return GraphOrigin(
        sources=entities.refs(tuple(sources)),
        sites=tuple(name for name in dict.fromkeys(stated) if not parse_entity_iri(name)),
        publishers=entities.refs(tuple(publishers)),
        issued=nodes[0].literal(DCTERMS + "issued") if len(nodes) == 1 else None,
        licence=node.iri(DCTERMS + "license"),
    )


def is_part(name: str) -> bool:
    """Return whether the IRI `name` is of a part of an entity of ours, such as an office of a person."""
    return name.startswith(ID) and "#" in name


def graph_kind(name: str) -> str:
    """Return the first part of the name of a named graph of ours: source, register, links, inferred …"""
    return name.removeprefix(GRAPH).partition("/")[0]
