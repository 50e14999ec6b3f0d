"""How organisations stand on a product, read from the triples themselves: for what has no tables."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from graph.core.namespaces import UTS
from graph.core.terms import Term, iri

_MOST: Final = 20_000
_ADOPTIONS: Final = f"""
PREFIX uts: <{UTS}>
SELECT ?class ?product ?organisation ?status ?asOf WHERE {{
  ?adoption uts:product ?product ; uts:adopter ?organisation ; uts:status ?status .
  ?organisation a ?class .
  OPTIONAL {{ ?adoption uts:asOf ?asOf }}
}} LIMIT {_MOST}"""
_SPEAKERS: Final = f"""
PREFIX uts: <{UTS}>
SELECT DISTINCT ?class ?product ?organisation WHERE {{
  ?statement uts:about ?product ; uts:onBehalfOf ?organisation .
  ?organisation a ?class .
}} LIMIT {_MOST}"""


def read(select: Callable[..., list[dict[str, Term]]], product: str, class_: str) -> Mapping[str, int]:
    """Return how many organisations of `class_` have which status, by the latest known of each.

    Those that speak of the product without any source saying where they stand are under "".
    """
    both = {"class": iri(class_), "product": iri(product)}
    latest: dict[str, tuple[str, str]] = {}
    for row in select(_ADOPTIONS, **both):
        when = row["asOf"].value if "asOf" in row else ""
        organisation = row["organisation"].value
        latest[organisation] = max(latest.get(organisation, ("", "")), (when, row["status"].value))
    speakers = {row["organisation"].value for row in select(_SPEAKERS, **both)}
    counts = dict(Counter(status for _, status in latest.values()))
    unclear = len(speakers - latest.keys())
    return counts | ({"": unclear} if unclear else {})
