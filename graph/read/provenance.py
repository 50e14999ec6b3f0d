"""Where each value of an entity comes from: the named graphs that say it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from graph.core.iris import entity_iri
from graph.core.namespaces import GRAPH
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Ref, remembered

Origins = Mapping[tuple[str, Term], tuple[Ref, ...]]
_MOST: Final = 5000
_QUERY: Final = f"""
SELECT ?entity ?property ?value ?graph WHERE {{ GRAPH ?graph {{ ?entity ?property ?value }} }}
LIMIT {_MOST}"""


@remembered
def origins(entities: Entities, name: str) -> Origins:
    """Return the graphs that hold each pair of property and value of the IRI `name`."""
    found: dict[tuple[str, Term], set[str]] = defaultdict(set)
    for row in entities.select(_QUERY, entity=iri(name)):
        found[row["property"].value, row["value"]].add(row["graph"].value)
    return {key: entities.refs(tuple(sorted(graphs))) for key, graphs in found.items()}


def about(graph: Ref) -> str | None:
    """Return the IRI of the source that the named graph `graph` holds, if it is one of ours."""
    kind, _, slug = graph.iri.removeprefix(GRAPH).partition("/")
    return entity_iri("source", slug) if graph.iri.startswith(GRAPH) and kind == "source" and slug else None
