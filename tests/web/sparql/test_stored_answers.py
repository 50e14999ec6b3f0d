"""The answers to stored queries, wherever they are read."""

import pytest
from flask import Flask

from graph.core.errors import Forbidden, NotFound
from web.sparql.stored_answers import find_query, read_rows


@pytest.mark.parametrize("path", ["/queries/status-and-population", "/search", "/"])
def test_a_query_of_a_service_that_is_not_allowed_is_refused_on_any_page(pages_app: Flask, path: str) -> None:
    with pages_app.test_request_context(path):
        pages_app.preprocess_request()
        with pytest.raises(Forbidden) as raised:
            read_rows(find_query("status-and-population"), {})
    assert "/queries/status-and-population.rq" in raised.value.faults[0].remedy


def test_a_query_that_is_not_there_is_not_found(pages_app: Flask) -> None:
    with pages_app.test_request_context("/search"), pytest.raises(NotFound):
        find_query("nothing")
