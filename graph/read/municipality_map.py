"""What is known about each municipality, for a map: how far it has come, where its mail goes, what it says.

Nothing known is an answer too: a municipality that no row is about is one where nobody has looked.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.core.namespaces import PREFIXES
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.read.entities import Entities, Ref

MOST_ROWS: Final = 50_000  # of one question; there are 290 municipalities
_PREFIXES: Final = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("uts", "sosa"))
_MUNICIPALITIES: Final = """SELECT ?organisation ?code ?county WHERE {
?organisation uts:municipalityCode ?code OPTIONAL { ?organisation uts:inCounty ?county } }"""
_ADOPTIONS: Final = """SELECT ?product ?organisation ?evidence ?value ?time WHERE {
?evidence uts:product ?product ; uts:adopter ?organisation ; uts:status ?value .
?organisation uts:municipalityCode ?code OPTIONAL { ?evidence uts:asOf ?time } }"""
_SAID: Final = """SELECT DISTINCT ?product ?organisation WHERE {
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
    """One municipality, by its official code."""

    ref: Ref
    code: str
    county: Ref | None


@dataclass(frozen=True)
class Finding:
    """The newest that is known about one municipality: the value, as of when, and what it follows from."""

    value: Term
    evidence: str
    as_of: Term | None


class Atlas:
    """The municipalities of one immutable release; each question is put once."""

    def __init__(self, store: StoreReader, entities: Entities) -> None:
        """Read from `store`, and names through `entities`."""
        self._store, self._entities = store, entities
        self.municipalities = lru_cache(1)(self._municipalities)
        self.products = lru_cache(1)(self._products)
        self.adoptions = lru_cache(64)(self._adoptions)
        self.heard = lru_cache(64)(self._heard)
        self.mail = lru_cache(1)(self._mail)
        self.statements = lru_cache(1)(self._statements)

    def _municipalities(self) -> tuple[Municipality, ...]:
        """Return all municipalities in the order of their codes."""
        found = {
            row["organisation"].value: Municipality(
                self._entities.ref(row["organisation"].value),
                row["code"].value,
                self._entities.optional(row["county"].value if "county" in row else None),
            )
            for row in self._rows(_MUNICIPALITIES)
        }
        return tuple(sorted(found.values(), key=lambda each: each.code))

    def _products(self) -> tuple[tuple[Ref, int], ...]:
        """Return the products that municipalities have a status for, and how many do, most first."""
        counts = Counter(row["product"].value for row in self._rows(_PRODUCTS))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((self._entities.ref(name), count) for name, count in ordered)

    def _adoptions(self, product: str) -> dict[str, Finding]:
        """Return the newest status of each municipality that has one for the product with that IRI."""
        return _newest(self._rows(_ADOPTIONS, product=iri(product)))

    def _heard(self, product: str) -> frozenset[str]:
        """Return the municipalities for which something is said about the product with that IRI."""
        return frozenset(row["organisation"].value for row in self._rows(_SAID, product=iri(product)))

    def _mail(self) -> dict[str, Finding]:
        """Return the mail provider that was last observed for each municipality."""
        return _newest(self._rows(_MAIL))

    def _statements(self) -> dict[str, int]:
        """Return how many statements are made on behalf of each municipality that makes any."""
        rows = self._rows(_STATEMENTS)
        return {row["organisation"].value: int(row["n"].value) for row in rows if "organisation" in row}

    def _rows(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        return self._store.select(f"{_PREFIXES}{query} LIMIT {MOST_ROWS}", **bindings)


def _newest(rows: list[dict[str, Term]]) -> dict[str, Finding]:
    """Return the last finding about each municipality; of those as old, the one whose IRI comes last."""
    findings: dict[str, Finding] = {}
    for row in sorted(rows, key=lambda row: (getattr(row.get("time"), "value", ""), row["evidence"].value)):
        findings[row["organisation"].value] = Finding(row["value"], row["evidence"].value, row.get("time"))
    return findings
