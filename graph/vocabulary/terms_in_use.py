"""The classes, properties and codes that occur in a release, and how often, for completion in the editor."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from graph.core.namespaces import RDFS, SKOS
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref

_MAX_TERMS: Final = 1000  # of each sort
_CLASSES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?s a ?entity FILTER(isIRI(?entity)) }}
GROUP BY ?entity ORDER BY DESC(?count) ?entity LIMIT {_MAX_TERMS}"""
_PROPERTIES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?s ?entity ?o }}
GROUP BY ?entity ORDER BY DESC(?count) ?entity LIMIT {_MAX_TERMS}"""
_CODES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?entity <{SKOS}inScheme> ?scheme FILTER(isIRI(?entity)) }}
GROUP BY ?entity ORDER BY ?entity LIMIT {_MAX_TERMS}"""


@dataclass(frozen=True)
class UsedTerm:
    """A class, property or code with its definitions and comments, and how often it is used."""

    ref: Ref
    notes: tuple[Term, ...]
    count: int


class TermsInUse:
    """The terms of one immutable release; each sort is read on first access."""

    def __init__(self, store: StoreReader, entities: Entities) -> None:
        """Read from `store`, and the labels through `entities`."""
        self._store = store
        self._entities = entities

    @cached_property
    def classes(self) -> tuple[UsedTerm, ...]:
        """The classes, those with most instances first."""
        return self._words(_CLASSES)

    @cached_property
    def properties(self) -> tuple[UsedTerm, ...]:
        """The properties, the most used first."""
        return self._words(_PROPERTIES)

    @cached_property
    def codes(self) -> tuple[UsedTerm, ...]:
        """The codes of all code lists."""
        return self._words(_CODES)

    def _words(self, query: str) -> tuple[UsedTerm, ...]:
        counted = self._store.select(query)
        return tuple(self._word(row["entity"].value, int(row["count"].value)) for row in self._named(counted))

    def _named(self, rows: list[dict[str, Term]]) -> Iterable[dict[str, Term]]:
        """Return `rows` without the empty one that some engines return for an empty aggregate."""
        return (row for row in rows if "entity" in row)

    def _word(self, name: str, count: int) -> UsedTerm:
        notes = self._entities.node(iri(name)).literals(SKOS + "definition", RDFS + "comment")
        return UsedTerm(self._entities.ref(name), notes, count)
