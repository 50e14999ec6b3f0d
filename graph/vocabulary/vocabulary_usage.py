"""How often the data use the terms of the vocabulary, with examples of entities."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import TYPE, UTS
from graph.core.terms import iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref
from graph.vocabulary.vocabulary import Vocabulary, VocabularyTerm

MAX_EXAMPLES: Final = 5
_COUNT = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?entity ?term ?value } GROUP BY ?term"
_MEMBERS = f"""
SELECT DISTINCT ?term ?entity WHERE {{ ?entity a ?term FILTER(isIRI(?entity)) }} LIMIT {MAX_EXAMPLES}"""
_SUBJECTS = f"""
SELECT DISTINCT ?term ?entity WHERE {{ ?entity ?term ?value FILTER(isIRI(?entity)) }} LIMIT {MAX_EXAMPLES}"""


@dataclass(frozen=True)
class TermUsage:
    """The number of uses of a term, and the first few entities that use it."""

    count: int
    examples: tuple[Ref, ...] = ()


def count_usage(store: StoreReader, entities: Entities, vocabulary: Vocabulary) -> dict[str, TermUsage]:
    """Return by IRI the usage of each term of `vocabulary` that `store` uses at all."""
    class_sizes = entities.value_counts(TYPE)
    if not any(name.startswith(UTS) for name in class_sizes):
        return {}
    usage = {
        term.ref.iri: _term_usage(store, entities, term, class_sizes.get(term.ref.iri, 0))
        for term in (*vocabulary.classes, *vocabulary.properties)
    }
    for code in (code for each in vocabulary.lists for code in each.codes):
        counts = entities.link_counts(code.ref.iri)
        usage[code.ref.iri] = TermUsage(sum(count for name, count in counts.items() if name.startswith(UTS)))
    return {name: each for name, each in usage.items() if each.count}


def _term_usage(store: StoreReader, entities: Entities, term: VocabularyTerm, class_size: int) -> TermUsage:
    bound = iri(term.ref.iri)
    if term.is_class:
        count, query = class_size, _MEMBERS
    else:
        count, query = sum(int(row["count"].value) for row in store.select(_COUNT, term=bound)), _SUBJECTS
    rows = store.select(query, term=bound) if count else []
    return TermUsage(count, entities.refs(tuple(row["entity"].value for row in rows)))
