"""Weighs candidates: types and properties raise or lower a score, and only a clear lead makes a match."""

from dataclasses import dataclass, field
from typing import Final

from graph.core.namespaces import TYPE, UTS
from graph.core.terms import Term, iri, text
from graph.matching import identifiers
from graph.matching.candidates import Known
from graph.matching.name_parser import take_apart
from graph.matching.name_similarity import compare
from graph.matching.properties import Trait, values
from graph.matching.request import Asked, Condition, Value, expanded
from graph.read.entities import Entities, Ref
from graph.search.analysis import squeeze

MATCH: Final = 85.0
LEAD: Final = 2.5
_RIVAL: Final = 4.0  # how much less a name scores that may as well have been mistyped
_RAISE: Final = 0.5  # of what is missing to 100, for a property that agrees
_LOWER: Final = 25.0  # for one that does not
_ALIKE: Final = 85.0  # from where on the names of two values are the same value
_OTHER_TYPE: Final = 15.0


@dataclass
class Scored:
    """A candidate while it is weighed, and what speaks for it."""

    known: Known
    score: float = 0.0
    features: dict[str, float | bool] = field(default_factory=dict)
    most: float = 100.0  # whatever properties agree


class Scales:
    """Weighs the entities of one release."""

    def __init__(self, entities: Entities) -> None:
        """Read from `entities`."""
        self._entities = entities

    def weigh(self, scored: Scored, asked: Asked) -> bool:
        """Let types and properties change the score; tell whether it is a candidate still."""
        if asked.types and not self._weigh_type(scored, asked):
            return False
        for number, condition in enumerate(asked.conditions, 1):
            agrees = self._agreement(scored.known, condition)
            if agrees is not True and condition.required:
                return False
            if agrees is None:
                continue
            scored.features[f"property_{number}"] = agrees
            if agrees:
                scored.score += (100.0 - scored.score) * _RAISE
            else:
                scored.score -= _LOWER
        scored.score = max(0.0, min(scored.most, round(scored.score, 1)))
        return scored.score > 0

    def _weigh_type(self, scored: Scored, asked: Asked) -> bool:
        has = {scored.known.kind, *self._entities.node(iri(scored.known.iri)).iris(TYPE)}
        fits = [type_ in has for type_ in asked.types]
        scored.features["type"] = all(fits) if asked.strict == "all" else any(fits)
        if not scored.features["type"] and asked.strict == "should":
            scored.score -= _OTHER_TYPE
            return True
        return bool(scored.features["type"])

    def _agreement(self, known: Known, condition: Condition) -> bool | None:
        """Tell whether the entity fits `condition`; None if it does not say."""
        has = values(self._entities, known.iri, condition.trait)
        if not has:
            return True if condition.quantifier == "none" else None
        fits = [any(self._agrees(one, value, condition.trait) for one in has) for value in condition.values]
        if condition.quantifier == "none":
            return not any(fits)
        return all(fits) if condition.quantifier == "all" else any(fits)

    def _agrees(self, has: Term | Ref, value: Value, trait: Trait) -> bool:
        if isinstance(has, Ref):
            ids = {value.id, value.text} | {identifiers.own(each) for each in (value.id, value.text)}
            labels = has.labels or (text(has.iri.rpartition("/")[2]),)
            return has.iri in ids | set(map(expanded, ids)) or any(
                _alike(value.text, label.value) for label in labels
            )
        if has.kind == "iri":
            return has.value in {value.id, value.text, *(each for _, each in identifiers.guess(value.text))}
        if has.datatype and _number(has.value) is not None:
            return _number(has.value) == _number(value.text)
        if trait.identifies or trait.id.startswith(UTS):
            read = {each for _, each in identifiers.guess(value.text)}
            return squeeze(has.value) == squeeze(value.text) or has.value in read
        return _alike(value.text, has.value)


def is_sure(first: Scored, others: list[Scored]) -> bool:
    """Tell whether the first candidate is good enough and clearly better than the others.

    Of two names that a slip may have been made in, the longer is not the likelier.
    """
    slips = first.features.get("edits", 0)
    rivals = (each for each in others if slips and first.score - each.score < _RIVAL)
    if any(0 < each.features.get("edits", -1) <= slips for each in rivals):
        return False
    return first.score >= MATCH and all(first.score - each.score >= LEAD for each in others)


def _alike(one: str, other: str) -> bool:
    parts = take_apart(other)
    return compare(take_apart(one), parts, parts.forms).score >= _ALIKE


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None
