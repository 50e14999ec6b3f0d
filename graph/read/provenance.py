"""The provenance of an entity's values: the named graphs that contain them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from graph.core.iris import entity_iri
from graph.core.namespaces import GRAPH, UNION_GRAPH
from graph.core.terms import Term, iri
from graph.read.entities import Entities, Ref, cached_by_iri

ValueSources = Mapping[tuple[str, Term], tuple[Ref, ...]]
_MAX_ROWS: Final = 5000
_QUERY: Final = f"""
SELECT ?entity ?property ?value ?graph WHERE {{ GRAPH ?graph {{ ?entity ?property ?value }} }}
LIMIT {_MAX_ROWS}"""


@cached_by_iri
def read_value_sources(entities: Entities, name: str) -> ValueSources:
    """Return by property and value the named graphs that contain it for the IRI `name`."""
    found: dict[tuple[str, Term], set[str]] = defaultdict(set)
    for row in entities.select(_QUERY, entity=iri(name)):
        if row["graph"].value != UNION_GRAPH:
            found[row["property"].value, row["value"]].add(row["graph"].value)
    return {key: entities.refs(tuple(sorted(graphs))) for key, graphs in found.items()}


def source_of_graph(graph: Ref) -> str | None:
    """Return the IRI of the source whose statements the named graph `graph` contains, else None."""
    kind, _, slug = graph.iri.removeprefix(GRAPH).partition("/")
    return entity_iri("source", slug) if graph.iri.startswith(GRAPH) and kind == "source" and slug else None
