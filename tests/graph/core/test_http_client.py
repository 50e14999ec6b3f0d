"""The client for services outside: whole replies in time and within a size, or an error."""

from collections.abc import Iterator

import pytest

from graph.core.http_client import (
    DeadlineError,
    HttpClient,
    OversizeError,
    RequestError,
    TruncatedError,
    UnreachableError,
)
from tests.endpoint import Endpoint, serving

QUERY = "query=ASK%20%7B%7D"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with serving() as endpoint:
        yield endpoint


def test_a_reply_has_its_status_its_type_and_its_whole_body(endpoint: Endpoint) -> None:
    with HttpClient(endpoint.url, limit=1000).post(QUERY, {"Accept": "text/csv"}, 5.0) as reply:
        assert (reply.status, reply.media_type) == (200, "application/sparql-results+json")
        assert reply.read() == b'{"head":{},"boolean":true}'
    assert endpoint.headers[-1]["accept"] == "text/csv"


def test_connections_are_kept_and_replaced_when_the_service_has_closed_them(endpoint: Endpoint) -> None:
    client = HttpClient(endpoint.url, limit=1000)
    for _ in range(3):
        with client.post(QUERY, {}, 5.0) as reply:
            assert reply.read()


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("cut-off", TruncatedError),
        ("endless", OversizeError),
        ("drip", DeadlineError),
        ("slow", DeadlineError),
    ],
)
def test_a_reply_that_is_not_whole_is_an_error(
    endpoint: Endpoint, behaviour: str, error: type[RequestError]
) -> None:
    endpoint.behave(behaviour)
    client = HttpClient(endpoint.url, limit=100_000)
    with pytest.raises(error), client.post(QUERY, {}, 0.3 if error is DeadlineError else 5.0) as reply:
        reply.read()


def test_a_redirect_is_not_followed(endpoint: Endpoint) -> None:
    endpoint.behave("elsewhere")
    with HttpClient(endpoint.url, limit=1000).post(QUERY, {}, 5.0) as reply:
        assert reply.status == 302
    assert endpoint.paths[-1] == "/sparql"


def test_a_service_that_is_not_there_is_unreachable() -> None:
    client = HttpClient("http://127.0.0.1:9/", limit=1000)
    with pytest.raises(UnreachableError, match="refused"), client.get({}, 5.0):
        pytest.fail("there is no reply")


@pytest.mark.parametrize("url", ["", "x", "ftp://x/", "http://", "http:///x", "http://a b/", "http://x/\n"])
def test_a_url_of_no_service_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        HttpClient(url, limit=1)
