"""Candidate entities for a name, found in the text index by its words, its prefix and misspellings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.core.terms import Term, text
from graph.matching.body_names import BodyType, body_names
from graph.matching.name_parser import MAX_NAME_LENGTH, ParsedName, parse_name
from graph.search.analysis import normalise_code, truncate
from graph.search.documents import StoredDocument
from graph.search.name_lookup import Address, NameLookup
from graph.search.text_index import TextIndex

_MAX_WORDS: Final = 8
_NAME_FIELDS: Final = ("label", "former", "also")
_CACHE_SIZE: Final = 50_000


@dataclass(frozen=True)
class CandidateEntity:
    """An entity prepared for comparison: its parsed names, its types of body and its codes."""

    iri: str
    kind: str
    names: tuple[tuple[str, Term, ParsedName], ...]  # each with its field of the index, and parsed
    body_types: frozenset[BodyType]
    codes: frozenset[str]  # normalised; without those that several bodies share
    shared_code: str  # with the place that it is named after

    @property
    def labels(self) -> tuple[Term, ...]:
        """The names that are labels."""
        return tuple(term for field, term, _ in self.names if field == "label")


class CandidateFinder:
    """Lookup of candidate entities in a text index, with a cache."""

    def __init__(self, index: TextIndex, kinds: tuple[str, ...]) -> None:
        """Read from the text index `index` entities of `kinds`, unless fewer are asked for."""
        self.index = index
        self._kinds = kinds
        self._lookup = NameLookup(index)
        self._cache: dict[tuple[int, int], CandidateEntity] = {}

    def find_by_name(self, name: str, kinds: tuple[str, ...] = ()) -> list[CandidateEntity]:
        """Return the entities of `kinds` that `name` may stand for, in the order of the index's scores."""
        parsed, kinds = parse_name(name), kinds or self._kinds
        code = normalise_code(truncate(name, MAX_NAME_LENGTH))
        words = tuple(dict.fromkeys((*parsed.words[:_MAX_WORDS], parsed.folded)))
        entities = self._read(self._lookup.find_by_name(code, parsed.folded, words, kinds))
        if body_names().place_type in parsed.body_types and "organisation" in kinds:
            places = self._read(self._lookup.find_by_name(code, parsed.folded, words, ("place",)))
            entities += self._bodies_of(places)
        return list({entity.iri: entity for entity in entities}.values())

    def get(self, name: str) -> CandidateEntity | None:
        """Return the entity with the IRI `name`, or None if it is not in the index."""
        return next(iter(self._read(self._lookup.find_by_iri(name))), None)

    def find_by_code(self, code: str, kinds: tuple[str, ...] = ()) -> list[CandidateEntity]:
        """Return the entities of `kinds` with the code `code`, ignoring punctuation."""
        normalised = normalise_code(truncate(code, MAX_NAME_LENGTH))
        return self._read(self._lookup.find_by_code(normalised, kinds or self._kinds))

    def _bodies_of(self, places: list[CandidateEntity]) -> list[CandidateEntity]:
        """Return the bodies that share the code of one of `places`: they may be named after it."""
        codes = dict.fromkeys(entity.shared_code for entity in places if entity.shared_code)
        return [body for code in codes for body in self.find_by_code(code, ("organisation",))]

    def _read(self, addresses: Iterable[Address]) -> list[CandidateEntity]:
        """Return the entities at `addresses` of the index."""
        return [self._read_one(address) for address in addresses]

    def _read_one(self, address: Address) -> CandidateEntity:
        key = address.segment_ord, address.doc
        entity = self._cache.get(key)
        if entity is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            entity = self._cache[key] = candidate_entity(self.index.read_document(address))
        return entity


def candidate_entity(document: StoredDocument) -> CandidateEntity:
    """Return the entity that the index has stored as `document`."""
    name, kind, values = document
    names = ((field, text(value, tag)) for field, _, tag, value in values if field in _NAME_FIELDS)
    codes = {property_.rpartition("#")[2]: value for field, property_, _, value in values if field == "code"}
    bodies = body_names()
    return CandidateEntity(
        name,
        kind,
        tuple((field, term, parse_name(term.value)) for field, term in names),
        frozenset(bodies.types_of(kind, codes)),
        frozenset(normalise_code(value) for code, value in codes.items() if code not in bodies.group_codes),
        codes.get(bodies.shared_code, ""),
    )
