"""What happened when: adoptions, assessments, statements, laws and observations by date.

A date is as exact as what is known of it: a day, a month, a year, or the bounds of one.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from graph.core.namespaces import PREFIXES
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.read.statements import Dated

KINDS: Final = ("statement", "adoption", "assessment", "law", "observation")
MOST_EVENTS: Final = 200_000  # of one kind, read at once
_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("uts", "dcterms", "eli", "sosa")
)
_DATED: Final = {  # how the events of each kind are dated
    "statement": """?event uts:saidIn ?source OPTIONAL { ?source dcterms:issued ?on }
OPTIONAL { ?source uts:issuedNotBefore ?after } OPTIONAL { ?source uts:issuedNotAfter ?before }""",
    "adoption": """VALUES ?turn { uts:asOf uts:validFrom uts:validUntil } ?event a uts:Adoption ; ?turn ?on .
FILTER (?turn != uts:asOf || NOT EXISTS { ?event uts:validFrom ?on })""",  # known as it began: one event
    "assessment": "?event a uts:Assessment ; uts:madeIn ?on .",
    "law": """VALUES ?turn { eli:date_applicability eli:first_date_entry_in_force
eli:date_no_longer_in_force } ?event a uts:LegalAct ; ?turn ?on .""",
    "observation": "?event a uts:Observation ; uts:asOf ?on .",
}
_BY_ORGANISATION: Final = {
    "statement": "?event uts:onBehalfOf ?organisation .",
    "adoption": "?event uts:adopter ?organisation .",
    "assessment": "?event uts:assessor ?organisation .",
    "law": "?relying uts:cites ?event ; uts:onBehalfOf ?organisation .",
    "observation": "?event sosa:hasFeatureOfInterest ?organisation .",
}
_BY_PRODUCT: Final = {
    "statement": "?event uts:about ?product .",
    "adoption": "?event uts:product ?product .",
    "assessment": "?event uts:product ?product .",
    "law": "?ruling uts:product ?product ; uts:underAct ?event .",
    "observation": "",  # no product is observed
}
_PRODUCTS: Final = """SELECT ?product (COUNT(*) AS ?count) WHERE { ?claim uts:product ?product }
GROUP BY ?product ORDER BY DESC(?count) ?product LIMIT 60"""
_SCAN: Final = """SELECT ?source ?on (COUNT(DISTINCT ?event) AS ?count) WHERE {
?event a uts:Observation ; uts:asOf ?on OPTIONAL { ?event dcterms:source ?source } } GROUP BY ?source ?on"""


@dataclass(frozen=True)
class Event:
    """Something that happened: its IRI, when, and which of its dates that is (the property's last part).

    `count` is given for observations made at one time, which are one event; their IRI is then their source's.
    """

    kind: str
    iri: str
    dated: Dated
    turn: str = ""
    count: int = 0

    @property
    def key(self) -> tuple[str, int, list[str | int]]:
        """What sorts events: by date, then by kind, then by the number in the IRI."""
        parts = re.split("([0-9]+)", self.iri)
        natural = [int(part) if place % 2 else part for place, part in enumerate(parts)]
        return self.dated.key, KINDS.index(self.kind), natural

    @cached_property
    def year(self) -> str:
        """The year it happened in, or in which it had at the latest; nothing for a date that has none."""
        found = re.match(r"[0-9]{4}(?![0-9])", self.dated.key)
        return found[0] if found else ""


@dataclass(frozen=True)
class Chronicle:
    """Events in both orders, those of one date alike in both, and how many of each kind by year."""

    oldest: tuple[Event, ...]
    newest: tuple[Event, ...]
    years: Mapping[str, Mapping[str, int]]


class Timeline:
    """The events of one immutable release; each question is put once."""

    def __init__(self, store: StoreReader) -> None:
        """Read from `store`."""
        self._store = store
        self.events = lru_cache(32)(self._events)
        self.chronicle = lru_cache(32)(self._chronicle)
        self.products = lru_cache(1)(self._products)

    def _events(self, kind: str, organisation: str = "", product: str = "") -> tuple[Event, ...]:
        """Return the events of `kind`, oldest first: of the organisation and the product with these IRIs."""
        if kind == "observation" and product:
            return ()
        if kind == "observation" and not organisation:
            found = self._scans()
        else:
            found = self._single(kind, organisation, product)
        return tuple(sorted(found, key=lambda event: event.key))

    def _chronicle(self, kind: str, organisation: str, product: str) -> Chronicle:
        """Return the events of `kind`, or of every kind if that is empty, of the organisation and product."""
        kinds = (kind,) if kind else KINDS
        found = (event for each in kinds for event in self.events(each, organisation, product))
        oldest = sorted(found, key=lambda event: event.key)
        newest = sorted(oldest, key=lambda event: event.dated.key, reverse=True)
        years: dict[str, Counter[str]] = {}
        for event in oldest:
            years.setdefault(event.year, Counter())[event.kind] += 1
        return Chronicle(tuple(oldest), tuple(newest), years)

    def _products(self) -> tuple[str, ...]:
        """Return the IRIs of the products that most has happened to, at most 60."""
        rows = self._store.select(_PREFIXES + _PRODUCTS)
        return tuple(row["product"].value for row in rows if "product" in row)

    def _single(self, kind: str, organisation: str, product: str) -> Iterator[Event]:
        bound = {"organisation": organisation, "product": product}
        bindings = {name: iri(value) for name, value in bound.items() if value}
        narrowing = (_BY_ORGANISATION[kind] if organisation else "") + (_BY_PRODUCT[kind] if product else "")
        names = " ".join(f"?{name}" for name in ("event", "turn", "on", "after", "before", *bindings))
        query = f"SELECT DISTINCT {names} WHERE {{ {narrowing} {_DATED[kind]} }} LIMIT {MOST_EVENTS}"
        for row in self._store.select(_PREFIXES + query, **bindings):
            if row["event"].kind == "iri" and (dated := _dated(row)).key:
                turn = re.split("[#/]", row["turn"].value)[-1] if "turn" in row else ""
                yield Event(kind, row["event"].value, dated, turn)

    def _scans(self) -> Iterator[Event]:
        """Yield the observations, those of one source and date as one event."""
        for row in self._store.select(f"{_PREFIXES}{_SCAN} LIMIT {MOST_EVENTS}"):
            if "on" in row:
                source = row["source"].value if "source" in row else ""
                yield Event("observation", source, _dated(row), count=int(row["count"].value))


def _dated(row: dict[str, Term]) -> Dated:
    return replace(Dated(row.get("on")), not_before=row.get("after"), not_after=row.get("before"))
