"""Proposes matches outside for our entities, each with a score and the evidence.

A name alone never gives a high score, for namesakes are many; a shared identifier nearly does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from graph.core.collation import MAIN_LANGUAGE
from graph.core.files import one_line
from graph.core.iris import last_segment
from graph.core.terms import Term
from graph.curation.unlinked import UnlinkedEntity
from graph.curation.wikidata_model import wikidata_model
from graph.matching.identifier_scheme import parse_domain
from graph.matching.name_parser import parse_name
from graph.matching.name_similarity import compare_names
from graph.search.analysis import normalise_code

_NAME: Final = 0.8  # of the likeness of the names
_SAME_NAME, _OTHER_NAME = 97.0, 60.0
_CODE_WEIGHT: Final = (0.9, 40.0)
# by how much of what is missing to 100 it raises the score if it agrees, by how much it lowers it if not
_WEIGHTS: Final = {
    "website": (0.5, 10.0),
    "maker": (0.5, 10.0),
    "class": (0.5, 20.0),
    "match": (0.5, 0.0),
}


@dataclass(frozen=True)
class Evidence:
    """One comparison: our value, theirs, and whether they agree (None: not comparable)."""

    what: str
    here: str
    there: str
    agrees: bool | None = None


@dataclass(frozen=True)
class Proposal:
    """A possible match outside, its score from 0 to 100, and the evidence."""

    item: str
    label: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass
class ExternalItem:
    """An item outside with its names and properties; `classes` and `makers` are names by IRI."""

    iri: str
    names: list[Term] = field(default_factory=list)
    description: str = ""
    sites: list[str] = field(default_factory=list)
    codes: dict[str, list[str]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)  # the class that one of our classes is there
    match: bool | None = None  # whether a service takes it for the entity


class Finder(Protocol):
    """A service in which our entities are looked up."""

    @property
    def name(self) -> str:
        """Its address."""

    @property
    def space(self) -> str:
        """The beginning of every IRI that it finds."""

    def find(self, batch: Sequence[UnlinkedEntity]) -> dict[str, list[Proposal]]:
        """Return the proposals for each of `batch` by its IRI, the highest score first; raise Unavailable."""


def weigh(ours: UnlinkedEntity, item: ExternalItem) -> Proposal:
    """Return `item` as a proposal for `ours`."""
    likeness, here, there = _most_similar_names(ours, item)
    same = True if likeness >= _SAME_NAME else False if likeness < _OTHER_NAME else None
    score = likeness * _NAME
    evidence = [Evidence("name", here, one_line(there), same)]
    for kind, each in _comparisons(ours, item):
        evidence.append(each)
        if each.agrees is not None:
            raised, lowered = _WEIGHTS.get(kind, _CODE_WEIGHT)
            score = score + (100.0 - score) * raised if each.agrees else score - lowered
    if item.description:
        evidence.append(Evidence("description", "", one_line(item.description)))
    label = min(item.names, key=lambda term: term.language != MAIN_LANGUAGE).value if item.names else there
    score = round(min(100.0, max(0.0, score)), 1)
    return Proposal(item.iri, one_line(label) or item.iri.rpartition("/")[2], score, tuple(evidence))


def best(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return `proposals` by score, the highest first."""
    return sorted(proposals, key=lambda each: (-each.score, each.item))


def _most_similar_names(ours: UnlinkedEntity, item: ExternalItem) -> tuple[float, str, str]:
    """Return the similarity of the most similar names, and the names; of equals, those spelled alike."""
    pairs = [(our.value, their.value) for our in ours.names for their in item.names]
    rated = (
        (compare_names(parse_name(their), parse_name(our), ours.forms).score, our == their, our, their)
        for our, their in pairs
    )
    likeness, _, here, there = max(rated, key=lambda each: each[:2], default=(0.0, False, ours.label, ""))
    return likeness, here, there


def _comparisons(ours: UnlinkedEntity, item: ExternalItem) -> Iterator[tuple[str, Evidence]]:
    for code, title in wikidata_model().titles.items():
        here, there = ours.codes.get(code, ()), item.codes.get(code, ())
        if here or there:
            agrees = (
                bool({*map(normalise_code, here)} & {*map(normalise_code, there)}) if here and there else None
            )
            yield code, _evidence(title, here, there, agrees)
    if ours.domains or item.sites:
        domains = {parse_domain(site) for site in item.sites}
        agrees = bool({*ours.domains} & domains) if ours.domains and item.sites else None
        yield "website", _evidence("website", ours.domains, item.sites, agrees)
    if item.makers:
        agrees = bool({*ours.makers} & {*item.makers}) if ours.makers else None
        yield "maker", _evidence("maker", ours.makers, item.makers.values(), agrees)
    if item.classes:
        wanted = {there for here, there in item.expected.items() if here in ours.types}
        agrees = bool(wanted & {*item.classes}) if wanted else None
        types = sorted(last_segment(each) for each in ours.types)
        yield "class", _evidence("class", types, item.classes.values(), agrees)
    if item.match is not None:
        yield (
            "match",
            Evidence("the service's own", "", "match" if item.match else "no match", item.match or None),
        )


def _evidence(what: str, here: Iterable[str], there: Iterable[str], agrees: bool | None) -> Evidence:
    return Evidence(what, ", ".join(here), one_line(", ".join(there)), agrees)
