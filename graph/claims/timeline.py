"""The timeline: adoptions, assessments, statements, laws and observations by date.

A date is known to the day, the month or the year, or by its bounds.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from graph.claims.statements import ApproximateDate
from graph.core.namespaces import DCTERMS, ELI, SOSA, UTS
from graph.core.site import SITE
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader

EVENT_KINDS: Final = tuple(
    kind
    for kind in ("statement", "adoption", "assessment", "law", "observation")
    if SITE.offers("pages", kind)
)
MAX_EVENTS: Final = 200_000  # of one kind, read at once
_PREFIXES: Final = "".join(
    f"PREFIX {name}: <{namespace}> "
    for name, namespace in (("uts", UTS), ("dcterms", DCTERMS), ("eli", ELI), ("sosa", SOSA))
)
_DATE_PATTERNS: Final = {  # graph patterns for the dates of each kind of event
    "statement": """?event uts:saidIn ?source OPTIONAL { ?source dcterms:issued ?on }
OPTIONAL { ?source uts:issuedNotBefore ?after } OPTIONAL { ?source uts:issuedNotAfter ?before }""",
    "adoption": """?event a uts:Adoption OPTIONAL { ?event uts:validFrom ?first }
OPTIONAL { ?event uts:asOf ?known } OPTIONAL { ?event uts:validUntil ?last }
BIND (COALESCE(?first, ?known, ?last) AS ?on) FILTER (BOUND(?on))""",  # one event: the page shows its period
    "assessment": """?event a uts:Assessment OPTIONAL { ?event uts:madeIn ?made }
OPTIONAL { ?event uts:asOf ?known } OPTIONAL { ?event uts:validFrom ?first }
BIND (COALESCE(?made, ?known, ?first) AS ?on) FILTER (BOUND(?on))""",
    "law": """VALUES ?property { eli:date_applicability eli:first_date_entry_in_force
eli:date_no_longer_in_force } ?event a uts:LegalAct ; ?property ?on .""",
    "observation": "?event a uts:Observation ; uts:asOf ?on .",
}
_ORGANISATION_PATTERNS: Final = {
    "statement": "?event uts:onBehalfOf ?organisation .",
    "adoption": "?event uts:adopter ?organisation .",
    "assessment": "?event uts:assessor ?organisation .",
    "law": "?relying uts:cites ?event ; uts:onBehalfOf ?organisation .",
    "observation": "?event sosa:hasFeatureOfInterest ?organisation .",
}
_PRODUCT_PATTERNS: Final = {
    "statement": "?event uts:about ?product .",
    "adoption": "?event uts:product ?product .",
    "assessment": "?event uts:product ?product .",
    "law": "?ruling uts:product ?product ; uts:underAct ?event .",
    "observation": "",  # no product is observed
}
_PRODUCTS: Final = """SELECT ?product (COUNT(*) AS ?count) WHERE { ?claim uts:product ?product }
GROUP BY ?product ORDER BY DESC(?count) ?product LIMIT 60"""
_OBSERVATION_COUNTS: Final = """SELECT ?source ?on (COUNT(DISTINCT ?event) AS ?count) WHERE {
?event a uts:Observation ; uts:asOf ?on OPTIONAL { ?event dcterms:source ?source } } GROUP BY ?source ?on"""


@dataclass(frozen=True)
class TimelineEvent:
    """A dated event: its IRI, its date, and the local name of the property that gives the date.

    Observations of one source and date are one event with their `count` and the IRI of the source.
    """

    kind: str
    iri: str
    date: ApproximateDate
    date_property: str = ""
    count: int = 0

    @property
    def sort_key(self) -> tuple[str, int, list[str | int]]:
        """The sort key: the date, then the kind, then the IRI with its numbers in numeric order."""
        parts = re.split("([0-9]+)", self.iri)
        natural = [int(part) if place % 2 else part for place, part in enumerate(parts)]
        return self.date.sort_key, EVENT_KINDS.index(self.kind), natural

    @cached_property
    def year(self) -> str:
        """The year of the date, or the latest possible one; "" if the date has none."""
        found = re.match(r"[0-9]{4}(?![0-9])", self.date.sort_key)
        return found[0] if found else ""


@dataclass(frozen=True)
class EventList:
    """Events in both orders, and their numbers by year and kind; events of one date keep their order."""

    oldest_first: tuple[TimelineEvent, ...]
    newest_first: tuple[TimelineEvent, ...]
    counts_by_year: Mapping[str, Mapping[str, int]]


class Timeline:
    """The events of one immutable release; query results are cached."""

    def __init__(self, store: StoreReader) -> None:
        """Read from `store`."""
        self._store = store
        self.events = lru_cache(32)(self._events)
        self.event_list = lru_cache(32)(self._event_list)
        self.products = lru_cache(1)(self._products)

    def _events(self, kind: str, organisation: str = "", product: str = "") -> tuple[TimelineEvent, ...]:
        """Return the events of `kind`, oldest first, of the organisation and product with these IRIs."""
        if kind == "observation" and product:
            return ()
        if kind == "observation" and not organisation:
            found = self._observation_batches()
        else:
            found = self._individual_events(kind, organisation, product)
        return tuple(sorted(found, key=lambda event: event.sort_key))

    def _event_list(self, kind: str, organisation: str, product: str) -> EventList:
        """Return the events of `kind`, or of every kind if that is "", of the organisation and product."""
        kinds = (kind,) if kind else EVENT_KINDS
        found = (event for each in kinds for event in self.events(each, organisation, product))
        oldest = sorted(found, key=lambda event: event.sort_key)
        newest = sorted(oldest, key=lambda event: event.date.sort_key, reverse=True)
        years: dict[str, Counter[str]] = {}
        for event in oldest:
            years.setdefault(event.year, Counter())[event.kind] += 1
        return EventList(tuple(oldest), tuple(newest), years)

    def _products(self) -> tuple[str, ...]:
        """Return the IRIs of the products with the most claims, at most 60."""
        rows = self._store.select(_PREFIXES + _PRODUCTS)
        return tuple(row["product"].value for row in rows if "product" in row)

    def _individual_events(self, kind: str, organisation: str, product: str) -> Iterator[TimelineEvent]:
        bound = {"organisation": organisation, "product": product}
        bindings = {name: iri(value) for name, value in bound.items() if value}
        filters = (
            _ORGANISATION_PATTERNS[kind] if organisation else "",
            _PRODUCT_PATTERNS[kind] if product else "",
        )
        pattern = " ".join((*filters, _DATE_PATTERNS[kind]))
        names = " ".join(f"?{name}" for name in ("event", "property", "on", "after", "before", *bindings))
        query = f"SELECT DISTINCT {names} WHERE {{ {pattern} }} LIMIT {MAX_EVENTS}"
        for row in self._store.select(_PREFIXES + query, **bindings):
            if row["event"].kind == "iri" and (date := _event_date(row)).sort_key:
                property_ = re.split("[#/]", row["property"].value)[-1] if "property" in row else ""
                yield TimelineEvent(kind, row["event"].value, date, property_)

    def _observation_batches(self) -> Iterator[TimelineEvent]:
        """Yield one event for the observations of one source and date."""
        for row in self._store.select(f"{_PREFIXES}{_OBSERVATION_COUNTS} LIMIT {MAX_EVENTS}"):
            if "on" in row:
                source = row["source"].value if "source" in row else ""
                yield TimelineEvent("observation", source, _event_date(row), count=int(row["count"].value))


def _event_date(row: dict[str, Term]) -> ApproximateDate:
    return replace(ApproximateDate(row.get("on")), not_before=row.get("after"), not_after=row.get("before"))
