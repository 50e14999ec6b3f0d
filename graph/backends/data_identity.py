"""Identifies the data of an endpoint by counts of its triples, grouped by a part of their digests.

The endpoint itself counts, by the first two digits of the MD5 digest of each triple, so that hardly any
change keeps all 256 counts, and nothing has to be read. Where it does not answer that in time, it counts by
property, which a changed value does not change. Blank nodes are left out: their names change with each load.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from graph.backends.remote import RemoteEndpoint
from graph.core.errors import UtsagaError

Method = Literal["content", "counts"]
_NAMED: Final = "FILTER(!isBlank(?s) && !isBlank(?o))"
_QUERIES: Final[Mapping[Method, str]] = {
    "content": f"""SELECT ?key (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o {_NAMED}
        BIND(SUBSTR(MD5(CONCAT(STR(?s), " ", STR(?p), " ", STR(?o))), 1, 2) AS ?key) }} GROUP BY ?key""",
    "counts": f"SELECT ?key (COUNT(*) AS ?n) WHERE {{ ?s ?key ?o {_NAMED} }} GROUP BY ?key",
}


@dataclass(frozen=True)
class DataIdentity:
    """The digest of the counts of an endpoint's data by `method`, and how many triples they count."""

    method: Method
    digest: str
    triples: int


def identify(endpoint: RemoteEndpoint, methods: tuple[Method, ...] = ("content", "counts")) -> DataIdentity:
    """Return the identity of the default graph of `endpoint`, by the first of `methods` that it can answer.

    Raise what the endpoint's last failure was if it can answer none.
    """
    *others, last = methods
    for method in others:
        try:
            return _count(endpoint, method)
        except UtsagaError:
            continue
    return _count(endpoint, last)


def _count(endpoint: RemoteEndpoint, method: Method) -> DataIdentity:
    rows = endpoint.select(_QUERIES[method])
    counts = {row["key"].value: int(row["n"].value) for row in rows if "key" in row}
    digest = hashlib.sha256(json.dumps(counts, sort_keys=True).encode()).hexdigest()
    return DataIdentity(method, digest, sum(counts.values()))
