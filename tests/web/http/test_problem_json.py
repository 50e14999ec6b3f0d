import json

import pytest

from graph.core.errors import Fault
from web.http.client_connection import ConnectionClosed
from web.http.problem_json import problem, problem_response

FAULTS = [Fault("line 1", "Ett “fel”", "rule", "remedy"), Fault("", "another")]


def test_a_problem_document_lists_the_faults() -> None:
    assert json.loads(problem(400, FAULTS)) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "line 1: Ett “fel” [rule] → remedy\nanother",
        "faults": [
            {"where": "line 1", "message": "Ett “fel”", "rule": "rule", "remedy": "remedy"},
            {"where": "", "message": "another", "rule": "", "remedy": ""},
        ],
    }


@pytest.mark.parametrize(("retry_after", "expected"), [(None, None), (0, "0"), (5, "5")])
def test_a_response_holds_the_document(retry_after: int | None, expected: str | None) -> None:
    found = problem_response("GET", 503, iter(FAULTS), retry_after)
    headers, body = dict(found.headers), found.read()
    assert (found.status, json.loads(body)["status"]) == (503, 503)
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Content-Length"] == str(len(body))
    assert headers["Cache-Control"] == "no-store"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers.get("Retry-After") == expected


def test_the_response_to_head_has_the_same_headers_and_no_body() -> None:
    get, head = (problem_response(method, 503, FAULTS) for method in ("GET", "HEAD"))
    assert head.headers == get.headers
    assert head.read() == b""


def test_a_query_whose_client_has_gone_is_a_problem_too() -> None:
    error = ConnectionClosed("closed", where="query")
    assert json.loads(problem(error.status, error.faults))["title"] == "Client Closed Request"
