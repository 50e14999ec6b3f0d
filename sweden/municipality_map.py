"""The data of the map of municipalities: their statuses on a product, mail providers and statements.

A municipality without any row is one that no source has been examined for.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import current_app

from graph.core.namespaces import PREFIXES
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref
from web.html.app_state import app_state

MAX_ROWS: Final = 50_000  # of one query; there are 290 municipalities
_PREFIXES: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("uts", "sosa"))
_MUNICIPALITIES: Final = """SELECT ?organisation ?code ?county WHERE {
?organisation uts:municipalityCode ?code OPTIONAL { ?organisation uts:inCounty ?county } }"""
_ADOPTIONS: Final = """SELECT ?product ?organisation ?evidence ?value ?time WHERE {
?evidence uts:product ?product ; uts:adopter ?organisation ; uts:status ?value .
?organisation uts:municipalityCode ?code OPTIONAL { ?evidence uts:asOf ?time } }"""
_SPEAKERS: Final = """SELECT DISTINCT ?product ?organisation WHERE {
?statement uts:about ?product ; uts:onBehalfOf ?organisation . ?organisation uts:municipalityCode ?code }"""
_MAIL: Final = """SELECT ?organisation ?evidence ?value ?time WHERE {
?evidence sosa:hasFeatureOfInterest ?organisation ; uts:mailProvider ?value .
?organisation uts:municipalityCode ?code OPTIONAL { ?evidence uts:asOf ?time } }"""
_STATEMENTS: Final = """SELECT ?organisation (COUNT(DISTINCT ?statement) AS ?n) WHERE {
?organisation uts:municipalityCode ?code . ?statement uts:onBehalfOf ?organisation }
GROUP BY ?organisation"""
_PRODUCTS: Final = """SELECT DISTINCT ?product ?organisation WHERE {
?adoption uts:product ?product ; uts:adopter ?organisation . ?organisation uts:municipalityCode ?code }"""


@dataclass(frozen=True)
class Municipality:
    """A municipality with its official code and its county."""

    ref: Ref
    code: str
    county: Ref | None


@dataclass(frozen=True)
class MunicipalityFinding:
    """The newest value for one municipality, its date, and the IRI of the claim or observation."""

    value: Term
    evidence: str
    as_of: Term | None


class MunicipalityMap:
    """Findings about the municipalities of one immutable release; query results are cached."""

    def __init__(self, store: StoreReader, entities: Entities) -> None:
        """Read from `store`, and names through `entities`."""
        self._store, self._entities = store, entities
        self.municipalities = lru_cache(1)(self._municipalities)
        self.products = lru_cache(1)(self._products)
        self.adoptions = lru_cache(64)(self._adoptions)
        self.discussed_by = lru_cache(64)(self._discussed_by)
        self.mail_providers = lru_cache(1)(self._mail_providers)
        self.statement_counts = lru_cache(1)(self._statement_counts)

    def _municipalities(self) -> tuple[Municipality, ...]:
        """Return all municipalities by code."""
        by_iri = {
            row["organisation"].value: Municipality(
                self._entities.ref(row["organisation"].value),
                row["code"].value,
                self._entities.optional_ref(row["county"].value if "county" in row else None),
            )
            for row in self._rows(_MUNICIPALITIES)
        }
        return tuple(sorted(by_iri.values(), key=lambda each: each.code))

    def _products(self) -> tuple[tuple[Ref, int], ...]:
        """Return the products that municipalities have a status on, and how many have, most first."""
        counts = Counter(row["product"].value for row in self._rows(_PRODUCTS))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((self._entities.ref(name), count) for name, count in ordered)

    def _adoptions(self, product: str) -> dict[str, MunicipalityFinding]:
        """Return by the IRI of a municipality its newest status on the product with the IRI `product`."""
        return _newest_findings(self._rows(_ADOPTIONS, product=iri(product)))

    def _discussed_by(self, product: str) -> frozenset[str]:
        """Return the IRIs of the municipalities with statements about the product with the IRI `product`."""
        return frozenset(row["organisation"].value for row in self._rows(_SPEAKERS, product=iri(product)))

    def _mail_providers(self) -> dict[str, MunicipalityFinding]:
        """Return by the IRI of a municipality its last observed mail provider."""
        return _newest_findings(self._rows(_MAIL))

    def _statement_counts(self) -> dict[str, int]:
        """Return by the IRI of a municipality how many statements are made on its behalf, if any."""
        rows = self._rows(_STATEMENTS)
        return {row["organisation"].value: int(row["n"].value) for row in rows if "organisation" in row}

    def _rows(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        return self._store.select(f"{_PREFIXES}{query} LIMIT {MAX_ROWS}", **bindings)


def _newest_findings(rows: list[dict[str, Term]]) -> dict[str, MunicipalityFinding]:
    """Return the newest finding about each municipality; of the same date, the one whose IRI sorts last."""
    findings: dict[str, MunicipalityFinding] = {}
    for row in sorted(rows, key=lambda row: (getattr(row.get("time"), "value", ""), row["evidence"].value)):
        findings[row["organisation"].value] = MunicipalityFinding(
            row["value"], row["evidence"].value, row.get("time")
        )
    return findings


def current_map() -> MunicipalityMap:
    """Return the findings about the municipalities of what the current application serves."""
    found: MunicipalityMap | None = current_app.extensions.get("municipality_map")
    if found is None:
        state = app_state()
        found = current_app.extensions["municipality_map"] = MunicipalityMap(state.backend, state.entities)
    return found
