"""Reads every triple of an endpoint's default graph, page by page, and checks that none is missing.

Pages are rows of one property, since engines give the rows of such a pattern in one order and count them by
an index; the number of different rows must be the number that the endpoint counts. Labels of blank nodes hold
within one reply only (https://www.w3.org/TR/sparql11-query/#BlankNodesInResults), so that all triples with a
blank node come in one reply.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Unavailable, Unprocessable
from graph.core.terms import Term, iri
from graph.rdf.convert import to_node

PAGE_ROWS: Final = 20_000
_LEAST_ROWS: Final = 250  # of the smallest page that is requested
_NAMED: Final = "FILTER(!isBlank(?s) && !isBlank(?o))"
_PROPERTIES: Final = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o {_NAMED} }} GROUP BY ?p"
_ROWS: Final = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o {_NAMED} }}"
_DISTINCT: Final = (
    f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?o WHERE {{ ?s ?p ?o {_NAMED} }} }} }}"
)
_BLANK: Final = "SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"

Row = dict[str, Term]


def read_triples(
    endpoint: RemoteEndpoint,
    *,
    page_rows: int = PAGE_ROWS,
    progress: Callable[[int, int], None] = lambda read, total: None,
) -> Iterator[ox.Quad]:
    """Yield the triples of the default graph of `endpoint`; one may come twice if the endpoint has it twice.

    If a page exceeds a limit of size or time, smaller pages are requested. `progress` is called with the
    number of rows read and the total. Raise Unprocessable or Unavailable if a page cannot be read, and
    Unavailable if there are not as many rows as the endpoint counts: some are missing, or the data changed.
    """
    counts = {row["p"].value: int(row["n"].value) for row in endpoint.select(_PROPERTIES) if "p" in row}
    blank = endpoint.select(_BLANK)
    total, read = sum(counts.values()) + len(blank), len(blank)
    yield from map(_quad, blank)
    for name in sorted(counts):
        for page in _pages(endpoint, name, counts[name], page_rows):
            read += len(page)
            progress(read, total)
            yield from map(_quad, page)


def _pages(endpoint: RemoteEndpoint, name: str, count: int, page_rows: int) -> Iterator[list[Row]]:
    """Yield the rows of the property `name`; raise Unavailable unless there are `count` of them."""
    digests: set[int] = set()
    offset, size = 0, page_rows
    while offset < count:
        page, size = _page(endpoint, name, offset, size)
        if not page:
            break
        if len(page) < count:
            digests.update(hash((row["s"], row["o"])) for row in page)
        offset += len(page)
        yield page
    if offset != count or (digests and len(digests) != _count_distinct(endpoint, name)):
        raise Unavailable(
            f"The endpoint gives {offset:,} triples of {name} and counts {count:,}, or gives some twice",
            where="endpoint",
            rule="whole data",
            remedy="try again while nothing is written to it",
        )


def _page(endpoint: RemoteEndpoint, name: str, offset: int, size: int) -> tuple[list[Row], int]:
    """Return the page from `offset` on, and its size limit: `size`, or less if the endpoint refuses that."""
    while True:
        try:
            query = f"{_ROWS} LIMIT {size} OFFSET {offset}"
            return endpoint.select(query, p=iri(name)), size
        except Unprocessable:  # out of time, or over a limit of the size
            if size <= _LEAST_ROWS:
                raise
            size = max(_LEAST_ROWS, size // 4)


def _count_distinct(endpoint: RemoteEndpoint, name: str) -> int:
    return int(endpoint.select(_DISTINCT, p=iri(name))[0]["n"].value)


def _quad(row: Row) -> ox.Quad:
    return ox.Quad(to_node(row["s"]), ox.NamedNode(row["p"].value), to_node(row["o"]))  # type: ignore[arg-type]  # a subject is not a literal
