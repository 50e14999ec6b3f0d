"""Reconciliation of descriptions of entities with the entities of a release.

The score of a candidate is that of its most similar name, raised by each property that agrees and lowered by
each that does not. Only a candidate with a high score and a clear lead is a match. A body of another type
than the name says is one only if an identifying property agrees.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from graph.core.kind_table import KindTable
from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.matching import identifiers
from graph.matching.body_names import body_names
from graph.matching.candidates import CandidateEntity, CandidateFinder
from graph.matching.name_parser import MAX_NAME_LENGTH, ParsedName, parse_name
from graph.matching.name_similarity import NameSimilarity, compare_names
from graph.matching.reconciliation_request import ConditionValue, ReconciliationRequest
from graph.matching.reconciliation_table import ReconciliationProperty
from graph.matching.scoring import ScoredEntity, Scorer, is_match
from graph.read.entities import Entities, Ref
from graph.search.analysis import normalise_code, truncate
from graph.search.text_index import TextIndex

MIN_SCORE: Final = 30.0  # of a candidate
_CLOSE_MATCH_SCORE: Final = 80.0  # of entities linked to an identifier by a close match
_CODE_SCORE: Final = 80.0  # of entities with an identifying property but another name
_MAX_MISTYPED_PERSON_SCORE: Final = 84.0  # a person with a similar name may be another one
_MAX_SCORED: Final = 30  # candidates whose types and properties are read
_BRACKETED_NAME: Final = re.compile(r"([^()]*[^()\s])\s*\(([^()]+)\)\s*")


@dataclass(frozen=True)
class ReconciliationCandidate:
    """A candidate with its score from 0 to 100, the features of the score, and whether it is a match."""

    ref: Ref
    kind: str
    score: float
    features: tuple[tuple[str, float | bool], ...]
    types: tuple[Ref, ...] = ()
    match: bool = False


class Reconciler:
    """Reconciliation with the entities of one release."""

    def __init__(self, entities: Entities, index: TextIndex) -> None:
        """Read from `entities`, and find candidates in the text index `index`."""
        self._entities = entities
        self._scorer = Scorer(entities)
        self.candidates = CandidateFinder(index, entities.index.kinds.matched)

    def reconcile(self, request: ReconciliationRequest) -> tuple[ReconciliationCandidate, ...]:
        """Return at most `request.limit` candidates by descending score; the first may be a match."""
        scored = self._by_property(request)
        for more in (self._by_name(request), self._by_identifier(request)):
            scored |= {name: each for name, each in more.items() if _is_better(each, scored.get(name))}
        best = sorted(scored.values(), key=_rank)[:_MAX_SCORED]
        ranked = sorted((each for each in best if self._scorer.apply(each, request)), key=_rank)
        candidates = tuple(self._candidate(each) for each in ranked[: request.limit])
        if not candidates:
            return ()
        return replace(candidates[0], match=is_match(ranked[0], ranked[1:])), *candidates[1:]

    def _by_name(self, request: ReconciliationRequest) -> dict[str, ScoredEntity]:
        """Return by IRI the entities with names similar to those of `request`."""
        best: dict[str, ScoredEntity] = {}
        kinds = _requested_kinds(request, self._entities.index.kinds)
        for name in _names_without_brackets(request.names):
            for entity in self.candidates.find_by_name(name, kinds):
                scored = self._score_name(name, entity, kind_is_known=bool(request.types))
                if entity.iri not in best or scored.score > best[entity.iri].score:
                    best[entity.iri] = scored
        return {name: each for name, each in best.items() if each.score >= MIN_SCORE}

    def _score_name(self, name: str, entity: CandidateEntity, *, kind_is_known: bool) -> ScoredEntity:
        """Return `entity` with the score of its name most similar to `name`, or 100 for a code of it."""
        if (code := normalise_code(name)) and code in entity.codes:
            return ScoredEntity(entity, 100.0, {"identifier": True})
        query = parse_name(name)
        similarities = [
            (compare_names(query, own, entity.body_types, kind_is_known=kind_is_known), field)
            for field, own in self._comparable_names(query, entity)
        ]
        if not similarities:
            return ScoredEntity(entity)
        similarity, field = max(similarities, key=lambda each: each[0].score)
        score = similarity.score
        if entity.kind == "person" and similarity.edits:
            score = min(score, _MAX_MISTYPED_PERSON_SCORE)
        if entity.body_types and not query.body_types:
            score -= min(body_names().untyped_penalty.get(each, 0.0) for each in entity.body_types)
        features = _features(similarity, field)
        return ScoredEntity(entity, score, features, is_other_body=similarity.other_body_type)

    def _comparable_names(
        self, query: ParsedName, entity: CandidateEntity
    ) -> Iterator[tuple[str, ParsedName]]:
        """Yield field and name: those of `entity`, of the place it is named after, and with its vendor's."""
        for field, _, own in entity.names:
            yield field, own
        if body_names().place_type in query.body_types & entity.body_types and entity.shared_code:
            for place in self.candidates.find_by_code(entity.shared_code, ("place",)):
                yield from (("former", name) for _, _, name in place.names)
        for name in self._names_with_vendor(entity):
            yield "also", name

    def _names_with_vendor(self, entity: CandidateEntity) -> Iterator[ParsedName]:
        """Yield the names of a product prefixed with the name of its vendor; none for other entities."""
        if entity.kind != "product":
            return
        vendor = self._entities.node(iri(entity.iri)).iri(UTS + "vendor")
        for label in self._entities.labels(vendor) if vendor else ():
            for _, term, own in entity.names:
                if not own.exact.startswith(parse_name(label.value).exact):
                    yield parse_name(f"{label.value} {term.value}")

    def _by_identifier(self, request: ReconciliationRequest) -> dict[str, ScoredEntity]:
        """Return by IRI the entities that the identifiers or names of `request` identify."""
        found: dict[str, ScoredEntity] = {}
        for given in (*request.ids, *request.names, *_bracketed_text(request.names)):
            for scheme, identifier in identifiers.guess_identifiers(given):
                identified = identifiers.find_by_identifier(self._entities, scheme, identifier)
                close = ((name, _CLOSE_MATCH_SCORE) for name in identified.close)
                for name, score in (*((name, 100.0) for name in identified.same), *close):
                    entity = self.candidates.get(name)
                    if entity and score > found.get(name, ScoredEntity(entity)).score:
                        found[name] = ScoredEntity(entity, score, {"identifier": score == 100.0})
        return found

    def _by_property(self, request: ReconciliationRequest) -> dict[str, ScoredEntity]:
        """Return by IRI the entities that have a value of a condition as a code."""
        base = _CODE_SCORE if request.names or request.ids else 100.0
        found: dict[str, ScoredEntity] = {}
        for condition in request.conditions:
            for value in condition.values if condition.quantifier != "none" else ():
                for entity in self._entities_with_value(condition.property, value):
                    score = base if condition.property.identifies else _CODE_SCORE
                    features: dict[str, float | bool] = {"identifier": condition.property.identifies}
                    found[entity.iri] = ScoredEntity(entity, score, features, max_score=base)
        return found

    def _entities_with_value(
        self, property_: ReconciliationProperty, value: ConditionValue
    ) -> Iterator[CandidateEntity]:
        if property_.id.startswith(UTS):
            yield from self.candidates.find_by_code(value.text)
        if property_.identifies:
            for scheme, identifier in identifiers.guess_identifiers(value.id or value.text):
                for name in identifiers.find_by_identifier(self._entities, scheme, identifier).same:
                    if entity := self.candidates.get(name):
                        yield entity

    def _candidate(self, scored: ScoredEntity) -> ReconciliationCandidate:
        entity = scored.entity
        types = self._entities.types(self._entities.node(iri(entity.iri)))
        features = tuple(scored.features.items())
        type_refs = self._entities.refs(types)
        ref = Ref(entity.iri, entity.labels)
        return ReconciliationCandidate(ref, entity.kind, scored.score, features, type_refs)


def _rank(scored: ScoredEntity) -> tuple[float, str]:
    """Return the key that sorts by descending score, then by IRI."""
    return -scored.score, scored.entity.iri


def _is_better(one: ScoredEntity, other: ScoredEntity | None) -> bool:
    """Return whether `one` is to replace `other`: found by name rather than by property, or scoring more."""
    return other is None or other.max_score < one.max_score or one.score > other.score


def _requested_kinds(request: ReconciliationRequest, table: KindTable) -> tuple[str, ...]:
    """Return the kinds of the requested types, or all kinds if a type is not a class of them."""
    kinds = {class_: kind for kind in table.matched for class_ in (kind, *table[kind].classes)}
    if not request.types or request.type_mode == "should" or not kinds.keys() >= {*request.types}:
        return table.matched
    return tuple(dict.fromkeys(kinds[type_] for type_ in request.types))


def _names_without_brackets(names: tuple[str, ...]) -> Iterator[str]:
    """Yield each of `names`, truncated, also without text in brackets at its end: Sala (1981)."""
    for name in (truncate(name, MAX_NAME_LENGTH) for name in names):
        found = _BRACKETED_NAME.fullmatch(name)
        yield from (name, found[1]) if found else (name,)


def _bracketed_text(names: tuple[str, ...]) -> Iterator[str]:
    """Yield the text in brackets at the end of each of `names` that has any."""
    yield from (found[2] for found in map(_BRACKETED_NAME.fullmatch, names) if found)


def _features(similarity: NameSimilarity, field: str) -> dict[str, float | bool]:
    found: dict[str, float | bool] = {"name": similarity.score, "words": similarity.shared_words}
    if similarity.edits >= 0:
        found |= {"edits": similarity.edits, "accents": similarity.folded}
    return found | {"form": similarity.same_body_type, "former": field == "former"}
