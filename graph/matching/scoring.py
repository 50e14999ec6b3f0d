"""Scoring of candidates by types and properties, and the decision whether the first is a match."""

from dataclasses import dataclass, field
from typing import Final

from graph.core.namespaces import DCTERMS, TYPE, UTS
from graph.core.terms import Term, iri, text
from graph.matching import identifiers
from graph.matching.candidates import CandidateEntity
from graph.matching.name_parser import parse_name
from graph.matching.name_similarity import compare_names
from graph.matching.properties import property_values
from graph.matching.reconciliation_request import (
    ConditionValue,
    PropertyCondition,
    ReconciliationRequest,
    expand_iri,
)
from graph.matching.reconciliation_table import ReconciliationProperty
from graph.read.entities import Entities, Ref
from graph.search.analysis import normalise_code

MATCH_THRESHOLD: Final = 85.0
MIN_LEAD: Final = 2.5
_RIVAL_MARGIN: Final = 4.0  # a misspelt name with a score this close to the first is as likely
_AGREEMENT_SHARE: Final = 0.5  # of the difference to 100, added for a property that agrees
_DISAGREEMENT_PENALTY: Final = 25.0  # subtracted for a property that does not
_SIMILAR_VALUE_SCORE: Final = 85.0  # of two names that are taken for the same value
_OTHER_TYPE_PENALTY: Final = 15.0
_MAX_OTHER_BODY_SCORE: Final = 84.0  # of a body of another type than the name says, unless it is identified


@dataclass
class ScoredEntity:
    """A candidate with its score so far and the features that explain it."""

    entity: CandidateEntity
    score: float = 0.0
    features: dict[str, float | bool] = field(default_factory=dict)
    max_score: float = 100.0  # however many properties agree
    is_foreign: bool = False  # a body of a country that the graph names, which it does of foreign ones
    is_other_body: bool = False  # of another type than the name says


class Scorer:
    """Scores entities of one release by types and properties."""

    def __init__(self, entities: Entities) -> None:
        """Read from `entities`."""
        self._entities = entities

    def apply(self, scored: ScoredEntity, request: ReconciliationRequest) -> bool:
        """Adjust the score by types and properties; return whether the entity is still a candidate."""
        scored.is_foreign = bool(self._entities.node(iri(scored.entity.iri)).iris(DCTERMS + "spatial"))
        if request.types and not self._apply_types(scored, request):
            return False
        is_identified = False
        for number, condition in enumerate(request.conditions, 1):
            agrees = self._agreement(scored.entity, condition)
            if agrees is not True and condition.required:
                return False
            if agrees is None:
                continue
            scored.features[f"property_{number}"] = agrees
            if not agrees:
                scored.score -= _DISAGREEMENT_PENALTY
            elif condition.quantifier != "none":  # which most entities fit
                scored.score += (100.0 - scored.score) * _AGREEMENT_SHARE
                is_identified |= condition.property.identifies
        if scored.is_other_body and not is_identified:
            scored.score = min(scored.score, _MAX_OTHER_BODY_SCORE)
        scored.score = max(0.0, min(scored.max_score, round(scored.score, 1)))
        return scored.score > 0

    def _apply_types(self, scored: ScoredEntity, request: ReconciliationRequest) -> bool:
        types = {scored.entity.kind, *self._entities.node(iri(scored.entity.iri)).iris(TYPE)}
        fits = [type_ in types for type_ in request.types]
        scored.features["type"] = all(fits) if request.type_mode == "all" else any(fits)
        if not scored.features["type"] and request.type_mode == "should":
            scored.score -= _OTHER_TYPE_PENALTY
            return True
        return bool(scored.features["type"])

    def _agreement(self, entity: CandidateEntity, condition: PropertyCondition) -> bool | None:
        """Return whether the entity fits `condition`, or None if it has no value of the property."""
        values = property_values(self._entities, entity.iri, condition.property)
        if not values:
            return True if condition.quantifier == "none" else None
        fits = [
            any(_agrees(value, wanted, condition.property) for value in values) for wanted in condition.values
        ]
        if condition.quantifier == "none":
            return not any(fits)
        return all(fits) if condition.quantifier == "all" else any(fits)


def is_match(first: ScoredEntity, others: list[ScoredEntity]) -> bool:
    """Return whether the first candidate scores high enough and clearly more than the others.

    If the first has a misspelt name, a rival with no more edits rules a match out: of two misspelt names, the
    longer scores more but is not likelier. Nor is a foreign body matched by a misspelt name, since few are in
    the graph: the name is likelier that of another.
    """
    edits = first.features.get("edits", 0)
    if edits and first.is_foreign:
        return False
    rivals = (each for each in others if edits and first.score - each.score < _RIVAL_MARGIN)
    if any(0 < each.features.get("edits", -1) <= edits for each in rivals):
        return False
    return first.score >= MATCH_THRESHOLD and all(first.score - each.score >= MIN_LEAD for each in others)


def _agrees(value: Term | Ref, wanted: ConditionValue, property_: ReconciliationProperty) -> bool:
    """Return whether `value` of `property_` is what a condition wants."""
    if isinstance(value, Ref):
        return _agrees_with_entity(value, wanted)
    guessed = {identifier for _, identifier in identifiers.guess_identifiers(wanted.text)}
    if value.kind == "iri":
        return value.value in {wanted.id, wanted.text, *guessed}
    if value.datatype and _number(value.value) is not None:
        return _number(value.value) == _number(wanted.text)
    if property_.identifies or property_.id.startswith(UTS):
        return normalise_code(value.value) == normalise_code(wanted.text) or value.value in guessed
    return _are_similar(wanted.text, value.value)


def _agrees_with_entity(entity: Ref, wanted: ConditionValue) -> bool:
    ids = {wanted.id, wanted.text}
    ids |= {identifiers.parse_entity_name(each) for each in ids}
    if entity.iri in ids | set(map(expand_iri, ids)):
        return True
    labels = entity.labels or (text(entity.iri.rpartition("/")[2]),)
    return any(_are_similar(wanted.text, label.value) for label in labels)


def _are_similar(query: str, candidate: str) -> bool:
    parsed = parse_name(candidate)
    return compare_names(parse_name(query), parsed, parsed.body_types).score >= _SIMILAR_VALUE_SCORE


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
