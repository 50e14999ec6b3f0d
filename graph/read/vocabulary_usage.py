"""How the terms of the vocabulary are used in the data: how often, and by which entities for example."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import TYPE, UTS
from graph.core.terms import iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref
from graph.read.vocabulary import Definitions, Entry

MOST_USERS: Final = 5
_COUNT = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?entity ?term ?value } GROUP BY ?term"
_MEMBERS = f"""
SELECT DISTINCT ?term ?entity WHERE {{ ?entity a ?term FILTER(isIRI(?entity)) }} LIMIT {MOST_USERS}"""
_SUBJECTS = f"""
SELECT DISTINCT ?term ?entity WHERE {{ ?entity ?term ?value FILTER(isIRI(?entity)) }} LIMIT {MOST_USERS}"""


@dataclass(frozen=True)
class Use:
    """How often a term is used, and the first few entities that use it."""

    count: int
    users: tuple[Ref, ...] = ()


def uses(store: StoreReader, entities: Entities, known: Definitions) -> dict[str, Use]:
    """Return how each of the terms of `known` that `store` uses at all is used there, by IRI."""
    members = entities.tally(TYPE)
    if not any(name.startswith(UTS) for name in members):
        return {}
    found = {
        entry.ref.iri: _use(store, entities, entry, members.get(entry.ref.iri, 0))
        for entry in (*known.classes, *known.properties)
    }
    for code in (code for each in known.lists for code in each.codes):
        counts = entities.link_counts(code.ref.iri)
        found[code.ref.iri] = Use(sum(count for name, count in counts.items() if name.startswith(UTS)))
    return {name: use for name, use in found.items() if use.count}


def _use(store: StoreReader, entities: Entities, entry: Entry, members: int) -> Use:
    term = iri(entry.ref.iri)
    count, query = members, _MEMBERS
    if not entry.is_class:
        count, query = sum(int(row["count"].value) for row in store.select(_COUNT, term=term)), _SUBJECTS
    rows = store.select(query, term=term) if count else []
    return Use(count, entities.refs(tuple(row["entity"].value for row in rows)))
