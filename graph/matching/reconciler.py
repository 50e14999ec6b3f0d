"""Reconciles what somebody else calls an entity with ours: candidates, scores that explain themselves.

The score of a candidate is that of its likest name, raised by each property that agrees and lowered by each
that does not. Only a candidate that scores high and clearly leads is a match: no link is a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from graph.core.entity_types import ENTITY_KINDS
from graph.core.namespaces import UTS
from graph.core.terms import Term, iri
from graph.matching import identifiers
from graph.matching.candidates import Candidates, Known
from graph.matching.name_parser import LONGEST, Name, take_apart
from graph.matching.name_similarity import Likeness, compare
from graph.matching.properties import Trait
from graph.matching.request import Asked, Value
from graph.matching.scoring import Scales, Scored, is_sure
from graph.read.entities import Entities, Ref
from graph.search.analysis import shortened, squeeze
from graph.search.search import Search

LEAST: Final = 30.0  # what scores less is no candidate
_CLOSE: Final = 80.0  # what another data set says to be close to ours
_FOUND_BY_CODE: Final = 80.0  # a property identifies it, but its name is another
_PERSON: Final = 84.0  # a person with a slip in the name may be somebody else
_SCORED: Final = 30  # candidates whose types and properties are read
_RANK: Final = {"municipality": 0.0, "region": 1.0, "county": 2.0}  # what a bare name means sooner

_BRACKETS: Final = re.compile(r"([^()]*[^()\s])\s*\(([^()]+)\)\s*")


@dataclass(frozen=True)
class Candidate:
    """An entity that may be meant, how likely that is, what speaks for it, and whether it is taken for it."""

    ref: Ref
    kind: str
    score: float
    features: tuple[tuple[str, float | bool], ...]
    types: tuple[Ref, ...] = ()
    match: bool = False


class Reconciler:
    """Finds the entities of one release."""

    def __init__(self, entities: Entities, search: Search) -> None:
        """Read from `entities`, and find candidates in `search`."""
        self._entities = entities
        self._scales = Scales(entities)
        self.candidates = Candidates(search)

    def reconcile(self, asked: Asked) -> tuple[Candidate, ...]:
        """Return at most `asked.limit` candidates, the likeliest first; the first may be a match."""
        scored = self._by_property(asked)
        for found in (self._by_name(asked), self._by_identifier(asked)):
            scored |= {name: each for name, each in found.items() if _is_better(each, scored.get(name))}
        first = sorted(scored.values(), key=lambda each: (-each.score, each.known.iri))[:_SCORED]
        weighed = [each for each in first if self._scales.weigh(each, asked)]
        weighed.sort(key=lambda each: (-each.score, each.known.iri))
        sure = bool(weighed) and is_sure(weighed[0], weighed[1:])
        listed = tuple(self._candidate(each) for each in weighed[: asked.limit])
        return (replace(listed[0], match=sure), *listed[1:]) if listed else ()

    def _by_name(self, asked: Asked) -> dict[str, Scored]:
        found: dict[str, Scored] = {}
        for name in _outside(asked.names):
            for known in self.candidates.named(name, _kinds(asked)):
                scored = self._score(name, known, told=bool(asked.types))
                best = found.setdefault(known.iri, scored)
                if scored.score > best.score:
                    found[known.iri] = scored
        return {name: each for name, each in found.items() if each.score >= LEAST}

    def _score(self, name: str, known: Known, *, told: bool) -> Scored:
        """Return how well `name` names `known`: by the likest of its names, or as a code of it."""
        parts = take_apart(name)
        if (code := squeeze(name)) and code in known.codes:
            return Scored(known, 100.0, {"identifier": True})
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
            return Scored(known)
        likeness, of = likest
        score = likeness.score
        if known.kind == "person" and likeness.edits:
            score = min(score, _PERSON)
        if known.forms and not parts.forms:
            score -= min(_RANK[form] for form in known.forms)
        return Scored(known, score, _explained(likeness, of))

    def _with_vendor(self, known: Known) -> Iterator[tuple[Term, Name]]:
        """Yield the names of a product with that of its vendor in front."""
        vendor = self._entities.node(iri(known.iri)).iri(UTS + "vendor") if known.kind == "product" else None
        for label in self._entities.labels(vendor) if vendor else ():
            for _, term, own in known.names:
                if not own.exact.startswith(take_apart(label.value).exact):
                    yield term, take_apart(f"{label.value} {term.value}")

    def _by_identifier(self, asked: Asked) -> dict[str, Scored]:
        """Return what the names and identifiers name as identifiers, here or in other data sets."""
        found: dict[str, Scored] = {}
        for given in (*asked.ids, *asked.names, *_inside(asked.names)):
            for scheme, identifier in identifiers.guess(given):
                named = identifiers.find(self._entities, scheme, identifier)
                close = ((name, _CLOSE) for name in named.close)
                for name, score in (*((name, 100.0) for name in named.same), *close):
                    known = self.candidates.get(name)
                    if known and score > found.get(name, Scored(known)).score:
                        found[name] = Scored(known, score, {"identifier": score == 100.0})
        return found

    def _by_property(self, asked: Asked) -> dict[str, Scored]:
        """Return what has a code among the values of the conditions."""
        base = _FOUND_BY_CODE if asked.names or asked.ids else 100.0
        found: dict[str, Scored] = {}
        for condition in asked.conditions:
            for value in condition.values if condition.quantifier != "none" else ():
                for known in self._with(condition.trait, value):
                    score = base if condition.trait.identifies else _FOUND_BY_CODE
                    features: dict[str, float | bool] = {"identifier": condition.trait.identifies}
                    found[known.iri] = Scored(known, score, features, most=base)
        return found

    def _with(self, trait: Trait, value: Value) -> Iterator[Known]:
        if trait.id.startswith(UTS):
            yield from self.candidates.coded(value.text)
        if trait.identifies:
            for scheme, identifier in identifiers.guess(value.id or value.text):
                for name in identifiers.find(self._entities, scheme, identifier).same:
                    if known := self.candidates.get(name):
                        yield known

    def _candidate(self, scored: Scored) -> Candidate:
        known = scored.known
        types = self._entities.types(self._entities.node(iri(known.iri)))
        features = tuple(scored.features.items())
        refs = self._entities.refs(types)
        return Candidate(Ref(known.iri, known.labels), known.kind, scored.score, features, refs)


def _is_better(one: Scored, other: Scored | None) -> bool:
    """Tell whether `one` says more of an entity than `other`: its name does, rather than a property."""
    return other is None or other.most < one.most or one.score > other.score


def _kinds(asked: Asked) -> tuple[str, ...]:
    """Return the kinds of entity that have the types asked for, or all: a type may be no class of ours."""
    of = {class_: kind for kind in identifiers.THINGS for class_ in (kind, *ENTITY_KINDS[kind].classes)}
    if not asked.types or asked.strict == "should" or not of.keys() >= {*asked.types}:
        return identifiers.THINGS
    return tuple(dict.fromkeys(of[type_] for type_ in asked.types))


def _outside(names: tuple[str, ...]) -> Iterator[str]:
    """Yield as much of each of `names` as is read, also without brackets at its end: Sala kommun (1981)."""
    for name in (shortened(name, LONGEST) for name in names):
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
