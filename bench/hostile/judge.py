"""Says what is wrong with an answer: its status, its time, its shape."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox

from bench.hostile.corpus import ANY, CLOSED, Case
from bench.hostile.exchange import Reply

GRACE = 2.0  # seconds that an answer may take beyond the limit of a query
_OVER_LIMIT = (413, 414, 422, 429, 503)
_TRY_LATER = (429, 503)
_WAITING = (
    "UTSAGA_LONG_QUERIES",
    "UTSAGA_QUEUE_LENGTH",
    "UTSAGA_QUEUE_SECONDS",
    "UTSAGA_CLIENT_SECONDS",
)


def is_busy(reply: Reply) -> bool:
    """Tell whether the answer is only that there is no room just now, which says nothing on the query."""
    return reply.status in _TRY_LATER and any(rule in _WAITING for rule in _rules(reply))


def judge(case: Case, reply: Reply, limit: float) -> Iterator[str]:
    """Yield each fault of the answer to `case` under a limit of `limit` seconds."""
    if reply.status not in case.expect and not is_busy(reply):
        yield f"status {reply.status} and not {'/'.join(map(str, sorted(case.expect)))}"
    if reply.seconds > limit + GRACE and not case.patience:
        yield f"{reply.seconds:.1f} s"
    if reply.status == CLOSED:
        return
    if not reply.whole:
        yield f"status {reply.status}, cut off after {len(reply.body)} bytes"
    elif reply.status >= 400:
        yield from _judge_error(case, reply)
    elif reply.status == 200 and case.method != "HEAD":
        yield from _judge_answer(reply)


def _judge_error(case: Case, reply: Reply) -> Iterator[str]:
    if b"Traceback (most recent call last)" in reply.body:
        yield "a traceback"
    if case.bare and reply.media_type != "application/problem+json":
        return
    if reply.status in _TRY_LATER and not reply.headers.get("retry-after", "").isdigit():
        yield f"status {reply.status} without Retry-After"
    if case.method == "HEAD":
        return
    problem = _problem(reply)
    if problem.get("status") != reply.status:
        yield f"status {reply.status} without problem+json: {reply.body[:80]!r}"
        return
    rules = _rules(reply)
    if reply.status in _OVER_LIMIT and not any(rule.startswith("UTSAGA_") for rule in rules):
        yield f"status {reply.status} names no setting: {problem.get('detail')}"
    elif case.setting not in (ANY, *rules) and not is_busy(reply):
        yield f"status {reply.status} does not name {case.setting}: {problem.get('detail')}"


def _judge_answer(reply: Reply) -> Iterator[str]:
    try:
        body = gzip.decompress(reply.body) if reply.headers.get("content-encoding") == "gzip" else reply.body
        _PARSERS.get(reply.media_type, _parse_nothing)(body)
    except (ValueError, SyntaxError, OSError, EOFError) as error:
        yield f"status 200, and not {reply.media_type}: {error}"


def _problem(reply: Reply) -> dict[str, Any]:
    """Return the problem that the answer holds, or an empty one."""
    if reply.media_type != "application/problem+json":
        return {}
    try:
        problem = json.loads(reply.body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _rules(reply: Reply) -> list[str]:
    return [fault.get("rule", "") for fault in _problem(reply).get("faults", [])]


def _parse_json(body: bytes) -> None:
    if "head" not in json.loads(body):
        raise ValueError("it has no head")


def _parse_xml(body: bytes) -> None:
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.XML)
    if isinstance(results, ox.QuerySolutions):
        for _ in results:
            pass


def _parse_csv(body: bytes) -> None:
    widths = {len(row) for row in csv.reader(io.StringIO(body.decode("utf-8"), newline="")) if row}
    if not body.endswith(b"\n") or len(widths) > 1:
        raise ValueError("its last line is not ended, or its rows differ in width")


def _parse_tsv(body: bytes) -> None:
    if not body.endswith(b"\n") or len({line.count(b"\t") for line in body.splitlines()}) > 1:
        raise ValueError("its last line is not ended, or its rows differ in width")


def _parse_graph(format_: ox.RdfFormat) -> Callable[[bytes], None]:
    def parse(body: bytes) -> None:
        for _ in ox.parse(body, format=format_):
            pass

    return parse


def _parse_nothing(body: bytes) -> None:
    """Take any other answer, such as a page, as it is."""


_PARSERS: dict[str, Callable[[bytes], None]] = {
    "application/sparql-results+json": _parse_json,
    "application/sparql-results+xml": _parse_xml,
    "text/csv": _parse_csv,
    "text/tab-separated-values": _parse_tsv,
    "application/n-triples": _parse_graph(ox.RdfFormat.N_TRIPLES),
    "text/turtle": _parse_graph(ox.RdfFormat.TURTLE),
    "application/rdf+xml": _parse_graph(ox.RdfFormat.RDF_XML),
}
