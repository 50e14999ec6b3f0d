"""The words a release can be asked with: its classes, properties and codes, and how often each is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from graph.core.namespaces import RDFS, SKOS
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref

_MOST: Final = 1000  # words of each sort; a graph with more classes than that uses them for something else
_CLASSES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?s a ?entity FILTER(isIRI(?entity)) }}
GROUP BY ?entity ORDER BY DESC(?count) ?entity LIMIT {_MOST}"""
_PROPERTIES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?s ?entity ?o }}
GROUP BY ?entity ORDER BY DESC(?count) ?entity LIMIT {_MOST}"""
_CODES: Final = f"""
SELECT ?entity (COUNT(*) AS ?count) WHERE {{ ?entity <{SKOS}inScheme> ?scheme FILTER(isIRI(?entity)) }}
GROUP BY ?entity ORDER BY ?entity LIMIT {_MOST}"""


@dataclass(frozen=True)
class Word:
    """A class, property or code: how it is called and explained, and how many times it is used."""

    ref: Ref
    notes: tuple[Term, ...]
    count: int


class Vocabulary:
    """The words of one immutable release, each sort read with one query, the first time it is asked for."""

    def __init__(self, store: StoreReader, entities: Entities) -> None:
        """Read from `store`, and the labels through `entities`."""
        self._store = store
        self._entities = entities

    @cached_property
    def classes(self) -> tuple[Word, ...]:
        """The classes, those with most members first."""
        return self._words(_CLASSES)

    @cached_property
    def properties(self) -> tuple[Word, ...]:
        """The properties, the most used first."""
        return self._words(_PROPERTIES)

    @cached_property
    def codes(self) -> tuple[Word, ...]:
        """The codes of all code lists."""
        return self._words(_CODES)

    def _words(self, query: str) -> tuple[Word, ...]:
        counted = self._store.select(query)
        return tuple(self._word(row["entity"].value, int(row["count"].value)) for row in self._named(counted))

    def _named(self, rows: list[dict[str, Term]]) -> Iterable[dict[str, Term]]:
        """Return `rows` without the single empty one that some engines count where there is nothing."""
        return (row for row in rows if "entity" in row)

    def _word(self, name: str, count: int) -> Word:
        notes = self._entities.node(iri(name)).literals(SKOS + "definition", RDFS + "comment")
        return Word(self._entities.ref(name), notes, count)
