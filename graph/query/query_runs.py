"""Running stored queries as they stand: the rows of each, its time, and whether that many are expected."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from graph.core.errors import Fault, UtsagaError
from graph.core.settings import DEFAULTS
from graph.query.row_bounds import RULE
from graph.query.stored import QUERY_FOLDER, StoredQuery
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.rdf.results import parse_results

Answer = Callable[[QueryRequest], QueryResponse]
"""What answers a query, such as the method of a backend."""

_ROWS: Final = "application/sparql-results+json"


@dataclass(frozen=True)
class QueryRun:
    """One run of a query: when it began (UTC), how long the whole answer took, and its rows.

    Without an answer, `rows` is None and `problem` says why. `text_digest` identifies the text that was run.
    """

    at: str
    milliseconds: int
    rows: int | None
    text_digest: str
    problem: str = ""

    def is_of(self, query: StoredQuery) -> bool:
        """Return whether it ran the text that `query` has now."""
        return self.text_digest == _digest(query.text)

    def fault(self, query: StoredQuery) -> Fault | None:
        """Return what is wrong if `query` was not answered or gave another number of rows than expected."""
        where = str(QUERY_FOLDER / f"{query.name}.rq")
        if self.rows is None:
            remedy = "run it again later; if it fails again, correct the query"
            return Fault(where, f"the query was not answered: {self.problem}", "stored query", remedy)
        if query.bounds is None or query.bounds.allow(self.rows):
            return None
        message = f"the query gives {self.rows} rows, and its header expects {query.bounds}"
        remedy = "correct the query or the facts; if the rows are right, change “rows” in its header"
        return Fault(where, message, RULE, remedy)


def run_query(query: StoredQuery, answer: Answer, seconds: float = DEFAULTS.seconds) -> QueryRun:
    """Run `query` without values for its parameters, within `seconds` if `answer` can cancel it."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    begin = time.perf_counter()
    rows, problem = None, ""
    try:
        request = QueryRequest(query.text, {"bindings": _ROWS}, seconds=seconds)
        rows = len(parse_results(answer(request).read()).rows)
    except UtsagaError as error:
        problem = error.faults[0].message
    milliseconds = round(1000 * (time.perf_counter() - begin))
    return QueryRun(at, milliseconds, rows, _digest(query.text), problem)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
