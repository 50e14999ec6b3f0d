"""Reconciles what somebody else calls an entity with ours: candidates, scores that explain themselves.

The score of a candidate is that of its likest name, raised by each property that agrees and lowered by each
that does not. Only a candidate of at least `MATCH` that leads by `LEAD` is a match: no link is a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from graph import identifiers
from graph.candidates import Candidates, Known
from graph.describe import TYPE, Entities, Ref
from graph.designators import Name, take_apart
from graph.likeness import Likeness, compare
from graph.namespaces import PREFIXES, UTS
from graph.search import Search
from graph.terms import Term, iri, text
from graph.traits import Trait, values
from graph.words import squeeze

MATCH: Final = 85.0
LEAD: Final = 2.5
LEAST: Final = 30.0  # what scores less is no candidate
_CLOSE: Final = 80.0  # what another data set says to be close to ours
_FOUND_BY_CODE: Final = 80.0  # a property identifies it, but its name is another
_RIVAL: Final = 4.0  # how much less a name scores that may as well have been mistyped
_PERSON: Final = 84.0  # a person with a slip in the name may be somebody else
_RAISE: Final = 0.5  # of what is missing to 100, for a property that agrees
_LOWER: Final = 25.0  # for one that does not
_ALIKE: Final = 85.0  # from where on the names of two values are the same value
_OTHER_TYPE: Final = 15.0
_SCORED: Final = 30  # candidates whose types and properties are read
_RANK: Final = {"municipality": 0.0, "region": 1.0, "county": 2.0}  # what a bare name means sooner

_BRACKETS: Final = re.compile(r"([^()]*[^()\s])\s*\(([^()]+)\)\s*")

Quantifier = Literal["any", "all", "none"]
Strict = Literal["any", "all", "should"]


@dataclass(frozen=True)
class Value:
    """A value to compare with: as text, and the identifier of an entity if it is known to be one."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Condition:
    """What a property should be; an entity where it is not is no candidate if it is `required`."""

    trait: Trait
    values: tuple[Value, ...]
    required: bool = False
    quantifier: Quantifier = "any"


@dataclass(frozen=True)
class Asked:
    """One entity as somebody else knows it: by names, by identifiers, by types and by properties."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strict: Strict = "any"
    conditions: tuple[Condition, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Candidate:
    """An entity that may be meant, how likely that is, what speaks for it, and whether it is taken for it."""

    ref: Ref
    kind: str
    score: float
    features: tuple[tuple[str, float | bool], ...]
    types: tuple[Ref, ...] = ()
    match: bool = False


@dataclass
class _Scored:
    known: Known
    score: float = 0.0
    features: dict[str, float | bool] = field(default_factory=dict)
    most: float = 100.0  # whatever properties agree


class Reconciler:
    """Finds the entities of one release."""

    def __init__(self, entities: Entities, search: Search) -> None:
        """Read from `entities`, and find candidates in `search`."""
        self._entities = entities
        self.candidates = Candidates(search)

    def reconcile(self, asked: Asked) -> tuple[Candidate, ...]:
        """Return at most `asked.limit` candidates, the likeliest first; the first may be a match."""
        scored = self._by_name(asked) | self._by_identifier(asked)
        if not asked.names and not asked.ids:
            scored |= self._by_property(asked)
        else:
            scored = self._by_property(asked) | scored
        first = sorted(scored.values(), key=lambda each: (-each.score, each.known.iri))[:_SCORED]
        weighed = [each for each in first if self._weigh(each, asked)]
        weighed.sort(key=lambda each: (-each.score, each.known.iri))
        sure = bool(weighed) and _is_sure(weighed[0], weighed[1:])
        found = [self._candidate(each) for each in weighed[: asked.limit]]
        return tuple(replace(each, match=sure) if number == 0 else each for number, each in enumerate(found))

    def _by_name(self, asked: Asked) -> dict[str, _Scored]:
        found: dict[str, _Scored] = {}
        for name in _outside(asked.names):
            for known in self.candidates.named(name):
                scored = self._score(name, known, told=bool(asked.types))
                best = found.setdefault(known.iri, scored)
                if scored.score > best.score:
                    found[known.iri] = scored
        return {name: each for name, each in found.items() if each.score >= LEAST}

    def _score(self, name: str, known: Known, *, told: bool) -> _Scored:
        """Return how well `name` names `known`: by the likest of its names, or as a code of it."""
        parts = take_apart(name)
        if (code := squeeze(name)) and code in known.codes:
            return _Scored(known, 100.0, {"identifier": True})
        names = list(known.names)
        if "region" in parts.forms and "region" in known.forms and known.county:
            county = self.candidates.coded(known.county, ("place",))
            names += [("former", term, own) for each in county for _, term, own in each.names]
        names += [("also", term, own) for term, own in self._with_vendor(known)]
        likest: tuple[Likeness, str] | None = None
        for of, _, own in names:
            likeness = compare(parts, own, known.forms, told=told)
            if likest is None or likeness.score > likest[0].score:
                likest = likeness, of
        if likest is None:
            return _Scored(known)
        likeness, of = likest
        score = likeness.score
        if known.kind == "person" and likeness.edits:
            score = min(score, _PERSON)
        if known.forms and not parts.forms:
            score -= min(_RANK[form] for form in known.forms)
        return _Scored(known, score, _explained(likeness, of))

    def _with_vendor(self, known: Known) -> Iterator[tuple[Term, Name]]:
        """Yield the names of a product with that of its vendor in front."""
        vendor = self._entities.node(iri(known.iri)).iri(UTS + "vendor") if known.kind == "product" else None
        for label in self._entities.labels(vendor) if vendor else ():
            for _, term, own in known.names:
                if not own.exact.startswith(take_apart(label.value).exact):
                    yield term, take_apart(f"{label.value} {term.value}")

    def _by_identifier(self, asked: Asked) -> dict[str, _Scored]:
        """Return what the names and identifiers name as identifiers, here or in other data sets."""
        found: dict[str, _Scored] = {}
        for given in (*asked.ids, *asked.names, *_inside(asked.names)):
            for scheme, identifier in identifiers.guess(given):
                named = identifiers.find(self._entities, scheme, identifier)
                close = ((name, _CLOSE) for name in named.close)
                for name, score in (*((name, 100.0) for name in named.same), *close):
                    known = self.candidates.get(name)
                    if known and score > found.get(name, _Scored(known)).score:
                        found[name] = _Scored(known, score, {"identifier": score == 100.0})
        return found

    def _by_property(self, asked: Asked) -> dict[str, _Scored]:
        """Return what has a code among the values of the conditions."""
        base = _FOUND_BY_CODE if asked.names or asked.ids else 100.0
        found: dict[str, _Scored] = {}
        for condition in asked.conditions:
            for value in condition.values if condition.quantifier != "none" else ():
                for known in self._with(condition.trait, value):
                    score = base if condition.trait.identifies else _FOUND_BY_CODE
                    features: dict[str, float | bool] = {"identifier": condition.trait.identifies}
                    found[known.iri] = _Scored(known, score, features, most=base)
        return found

    def _with(self, trait: Trait, value: Value) -> Iterator[Known]:
        if trait.id.startswith(UTS):
            yield from self.candidates.coded(value.text)
        if trait.identifies:
            for scheme, identifier in identifiers.guess(value.id or value.text):
                for name in identifiers.find(self._entities, scheme, identifier).same:
                    if known := self.candidates.get(name):
                        yield known

    def _weigh(self, scored: _Scored, asked: Asked) -> bool:
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

    def _weigh_type(self, scored: _Scored, asked: Asked) -> bool:
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

    def _candidate(self, scored: _Scored) -> Candidate:
        known = scored.known
        types = self._entities.types(self._entities.node(iri(known.iri)))
        features = tuple(scored.features.items())
        refs = self._entities.refs(types)
        return Candidate(Ref(known.iri, known.labels), known.kind, scored.score, features, refs)


def _is_sure(first: _Scored, others: list[_Scored]) -> bool:
    """Tell whether the first candidate is good enough and clearly better than the others.

    Of two names that a slip may have been made in, the longer is not the likelier.
    """
    slips = first.features.get("edits", 0)
    rivals = (each for each in others if slips and first.score - each.score < _RIVAL)
    if any(0 < each.features.get("edits", -1) <= slips for each in rivals):
        return False
    return first.score >= MATCH and all(first.score - each.score >= LEAD for each in others)


def expanded(name: str) -> str:
    """Return the IRI that `name` stands for: whole, with a prefix of ours, or a term of our vocabulary."""
    prefix, colon, rest = name.partition(":")
    if colon:
        return PREFIXES[prefix] + rest if prefix in PREFIXES else name
    return name if name in identifiers.THINGS or not name else UTS + name


def _outside(names: tuple[str, ...]) -> Iterator[str]:
    """Yield each of `names`, also without what stands in brackets at its end: Sala kommun (1981)."""
    for name in names:
        found = _BRACKETS.fullmatch(name)
        yield from (name, found[1]) if found else (name,)


def _inside(names: tuple[str, ...]) -> Iterator[str]:
    """Yield what stands in brackets at the end of each of `names`."""
    yield from (found[2] for found in map(_BRACKETS.fullmatch, names) if found)


def _explained(likeness: Likeness, of: str) -> dict[str, float | bool]:
    found: dict[str, float | bool] = {"name": likeness.score, "words": likeness.shared}
    if likeness.edits >= 0:
        found |= {"edits": likeness.edits, "accents": likeness.folded}
    return found | {"form": likeness.form, "former": of == "former"}


def _alike(one: str, other: str) -> bool:
    parts = take_apart(other)
    return compare(take_apart(one), parts, parts.forms).score >= _ALIKE


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None
