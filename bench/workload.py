"""The queries that are measured: point lookups, joins, groupings and ASK, over constants of the data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Self

from bench.data.registers import HUB
from graph.core.namespaces import PREFIXES, RDF, UTS

VARIETY = 2_000  # different queries of a class, before the comment that makes every request another
REPEATED = 8  # different queries of a class when the same few come again and again

_KINDS = ("Statement", "Passage", "Person", "Adoption", "Assessment", "Article")
_BODIES = ("Municipality", "Company")

_POINT = ("SELECT ?property ?value WHERE { ?? ?property ?value }",)
_JOINS_BODY = (
    """SELECT ?statement ?source ?issued WHERE {
  ?statement uts:onBehalfOf ?? ; uts:saidIn ?source .
  ?source dcterms:issued ?issued
} ORDER BY DESC(?issued) ?statement LIMIT 20""",
)
_JOINS_PRODUCT = (
    """SELECT ?issued ?statement ?name ?publisher WHERE {
  ?statement uts:about ?? ; uts:speaker ?person ; uts:saidIn ?source .
  ?source dcterms:issued ?issued ; dcterms:publisher ?publisher .
  ?person rdfs:label ?name
} ORDER BY DESC(?issued) ?statement LIMIT 20""",
    """SELECT ?adoption ?status ?organisation ?issued WHERE {
  ?adoption uts:product ?? ; uts:status ?status ; uts:adopter ?organisation ; uts:derivedFrom ?statement .
  ?statement uts:saidIn ?source .
  ?source dcterms:issued ?issued
} ORDER BY ?issued ?adoption LIMIT 20""",
)
_GROUPS_BODY = (
    """SELECT ?publisher (COUNT(?statement) AS ?n) WHERE {
  ?statement uts:onBehalfOf ?? ; uts:saidIn ?source .
  ?source dcterms:publisher ?publisher
} GROUP BY ?publisher ORDER BY DESC(?n) ?publisher""",
)
_GROUPS_PRODUCT = (
    """SELECT ?kind (COUNT(?statement) AS ?n) WHERE {
  ?statement uts:about ?? ; uts:kind ?kind
} GROUP BY ?kind ORDER BY DESC(?n) ?kind""",
    """SELECT ?status (COUNT(DISTINCT ?organisation) AS ?n) WHERE {
  ?adoption uts:product ?? ; uts:status ?status ; uts:adopter ?organisation
} GROUP BY ?status ORDER BY DESC(?n) ?status""",
)
_ASK = (
    "ASK { ?statement uts:onBehalfOf ?? ; uts:about ?? }",
    "ASK { ?adoption uts:adopter ?? ; uts:product ?? }",
)


@dataclass(frozen=True)
class Workload:
    """One class of queries."""

    name: str
    queries: list[str]


def workloads(data: Path, seed: int) -> list[Workload]:
    """Return the classes of queries for the N-Quads file `data`; the same seed gives the same queries.

    Joins and groupings are asked twice over: of what statements name, as often as they do; and of everything
    equally, which is nearly always something rare. The hub has a class of its own.
    """
    random = Random(seed)  # noqa: S311 (queries to measure with, not secrets)
    found = _Found.of(data)
    bodies = [iri for kind in _BODIES for iri in found.instances[kind]]
    products = [iri for iri in found.instances["Product"] if iri != HUB]
    named = [iri for iri in found.named_products if iri != HUB]

    def drawn(values: list[str]) -> list[tuple[str, ...]]:
        return [(random.choice(values),) for _ in range(VARIETY)]

    things = [(random.choice(found.instances[random.choice(_KINDS)]),) for _ in range(VARIETY)]
    pairs = [(random.choice(bodies), random.choice(found.named_products)) for _ in range(VARIETY)]
    popular = drawn(found.named_bodies), drawn(named)
    rare = drawn(bodies), drawn(products)
    return [
        Workload("point lookup", _fill(_POINT, things)),
        Workload("joins", _mixed(_fill(_JOINS_BODY, popular[0]), _fill(_JOINS_PRODUCT, popular[1]))),
        Workload("joins, rare", _mixed(_fill(_JOINS_BODY, rare[0]), _fill(_JOINS_PRODUCT, rare[1]))),
        Workload("grouping", _mixed(_fill(_GROUPS_BODY, popular[0]), _fill(_GROUPS_PRODUCT, popular[1]))),
        Workload("grouping, rare", _mixed(_fill(_GROUPS_BODY, rare[0]), _fill(_GROUPS_PRODUCT, rare[1]))),
        Workload("hub", _fill((*_GROUPS_PRODUCT, _JOINS_PRODUCT[1]), [(HUB,)] * 3)),
        Workload("ASK", _fill(_ASK, pairs)),
    ]


def census() -> str:
    """Return the query that counts what there is of each of our classes."""
    return _PROLOGUE + (
        "SELECT ?class (COUNT(?thing) AS ?n) WHERE { ?thing a ?class "
        f'FILTER (STRSTARTS(STR(?class), "{UTS}")) }} GROUP BY ?class ORDER BY ?class'
    )


_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("uts", "dcterms", "rdfs"))


@dataclass(frozen=True)
class _Found:
    """What the data has: things by the name of their class, and what statements name, as often as they do."""

    instances: dict[str, list[str]]
    named_bodies: list[str]
    named_products: list[str]

    @classmethod
    def of(cls, data: Path) -> Self:
        """Read the N-Quads file `data`."""
        found = cls(defaultdict(list), [], [])
        with data.open(encoding="utf-8") as lines:
            for line in lines:
                subject, property_, value = line.split(" ", 3)[:3]
                if property_ == f"<{RDF}type>" and value.startswith(f"<{UTS}"):
                    found.instances[value[len(UTS) + 1 : -1]].append(subject[1:-1])
                elif property_ == f"<{UTS}onBehalfOf>":
                    found.named_bodies.append(value[1:-1])
                elif property_ == f"<{UTS}about>":
                    found.named_products.append(value[1:-1])
        return found


def _fill(patterns: tuple[str, ...], values: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a query for each of `values`, the patterns taken in turn."""
    return [_query(pattern, each) for pattern, each in zip(cycle(patterns), values, strict=False)]


def _query(pattern: str, values: tuple[str, ...]) -> str:
    for value in values:
        pattern = pattern.replace("??", f"<{value}>", 1)
    return _PROLOGUE + pattern


def _mixed(first: list[str], second: list[str]) -> list[str]:
    """Return one of the first, two of the second, and so on."""
    return [first[i // 3] if i % 3 == 0 else second[i - i // 3 - 1] for i in range(VARIETY)]
