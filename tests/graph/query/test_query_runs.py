"""Running stored queries: rows, time, and what is reported if they are not as expected."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.core.errors import Unavailable
from graph.query.evaluate import evaluate
from graph.query.query_runs import QueryRun, run_query
from graph.query.row_bounds import RULE, RowBounds
from graph.query.store import ReleaseStore
from graph.query.stored import QUERY_FOLDER, StoredQuery
from graph.rdf.query_types import QueryRequest, QueryResponse

TEXTS = {"sv": "Fråga", "en": "Question"}
QUERY = StoredQuery("example", TEXTS, TEXTS, "SELECT ?s WHERE { ?s ?p ?o }", (), (), bounds=RowBounds(2, 3))
FILE = str(QUERY_FOLDER / "example.rq")


def store(rows: int) -> ReleaseStore:
    node = NamedNode("http://example.org/a")
    return ReleaseStore.of([Quad(node, node, Literal(str(number))) for number in range(rows)])


def run(rows: int) -> QueryRun:
    return run_query(QUERY, partial(evaluate, store(rows)))


def test_a_run_has_rows_time_and_the_moment() -> None:
    found = run(3)
    assert (found.rows, found.problem) == (3, "")
    assert 0 <= found.milliseconds < 10_000
    assert abs((datetime.now(UTC) - datetime.fromisoformat(found.at)).total_seconds()) < 60


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_an_unexpected_number_of_rows_is_told(rows: int) -> None:
    fault = run(rows).fault(QUERY)
    assert fault
    assert (fault.where, fault.rule) == (FILE, RULE)
    assert fault.message == f"the query gives {rows} rows, and its header expects 2–3"
    assert "change “rows”" in fault.remedy


@pytest.mark.parametrize("rows", [2, 3])
def test_an_expected_number_of_rows_is_no_fault(rows: int) -> None:
    assert run(rows).fault(QUERY) is None


def test_without_bounds_nothing_is_expected() -> None:
    assert run(0).fault(replace(QUERY, bounds=None)) is None


def test_why_there_is_no_answer_is_kept() -> None:
    def refuse(question: QueryRequest) -> QueryResponse:
        raise Unavailable("The endpoint is away")

    found = run_query(QUERY, refuse)
    assert (found.rows, found.problem) == (None, "The endpoint is away")
    fault = found.fault(replace(QUERY, bounds=None))
    assert fault
    assert fault.message == "the query was not answered: The endpoint is away"


def test_a_run_of_another_text_is_none_of_this_query() -> None:
    assert run(2).is_of(QUERY)
    assert not run(2).is_of(replace(QUERY, text=QUERY.text + " LIMIT 9"))
