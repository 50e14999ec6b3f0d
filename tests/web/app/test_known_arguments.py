"""Unknown query arguments have no effect, and those that a view reads are declared."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Map, Rule
from werkzeug.test import create_environ

from graph.release.release import Release
from tests.web.addresses import addresses
from web.html.app_state import app_state
from web.html.request_args import known_arguments
from web.http.known_arguments import ANY, KnownArguments
from web.http.response_cache import ResponseCache

NONSENSE = ("nonsense=1", "utm_source=a&fbclid=b%20c", "&&=&%00")
COUNTING = ("/metrics", "/readyz")  # which are others each time
ROUTES = Map(
    [Rule("/list/<of>", endpoint="list"), Rule("/å", endpoint="other"), Rule("/query", endpoint="query")]
)
KNOWN = KnownArguments(ROUTES, {"list": {"page", "q"}, "other": (), "query": (ANY,)})


def left(path: str, query: str, method: str = "GET") -> str:
    """Return the known arguments of a query string."""
    path = path.encode().decode("latin-1")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    KNOWN.drop_unknown(environ)
    return str(environ["QUERY_STRING"])


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        ("/list/of", "", ""),
        ("/list/of", "page=2&q=a+b%26", "page=2&q=a+b%26"),
        ("/list/of", "utm_source=x&page=2&fbclid=y&q=&page=3", "page=2&q=&page=3"),
        ("/list/of", "p%61ge=2&%70%6", "p%61ge=2"),
        ("/list/of", "page", "page"),
        ("/list/of", "&&page=1&", "page=1"),
        ("/list/of", "Page=1&page[]=2&page;q=3", ""),
        ("/å", "page=2", ""),
        ("/query", "what=ever&&", "what=ever&&"),
        ("/nowhere", "what=ever", "what=ever"),
        ("/list//of", "what=ever", "what=ever"),
        ("/list/of", 'q=\xe5|<\xff>"%22', "q=%E5%7C%3C%FF%3E%22%22"),
        ("/query", "\xff={}[]", "%FF=%7B%7D[]"),
        ("/nowhere", "\xff", "%FF"),
    ],
)
def test_unknown_arguments_are_dropped(path: str, query: str, kept: str) -> None:
    assert left(path, query) == kept
    assert left(path, query, "HEAD") == kept


@pytest.fixture
def client(published_app: Flask) -> FlaskClient:
    found = published_app.test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.5", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return found


def known_of(app: Flask) -> KnownArguments:
    """Return the arguments that the views of an application read."""
    with app.app_context():
        return known_arguments(app, app_state())


def seen(client: FlaskClient, address: str) -> tuple[object, ...]:
    with client.get(address) as answer:
        headers = sorted(header for header in answer.headers if header[0] != "Date")
        return answer.status_code, headers, answer.get_data()


@pytest.mark.slow
def test_no_response_depends_on_an_unknown_argument(client: FlaskClient, release: Release) -> None:
    for address in addresses(release.manifest.id):
        if address in COUNTING:
            continue
        plain = seen(client, address)
        for each in NONSENSE:
            assert seen(client, f"{address}{'&' if '?' in address else '?'}{each}") == plain, (address, each)


@pytest.mark.parametrize(
    "query", ["lang=\xff&iri=\xff&q=\xff", 'lang=>; rel="x", <&content=\xe5\xe4', "\xff"]
)
def test_invalid_bytes_in_a_url_cause_no_server_error(
    client: FlaskClient, release: Release, query: str
) -> None:
    for address in (*addresses(release.manifest.id), "/nowhere"):
        path = address.partition("?")[0]
        with client.get(path, environ_overrides={"QUERY_STRING": query}) as answer:
            assert answer.status_code != 500, address
            assert 'rel="x"' not in str(answer.headers), address


def test_a_post_keeps_all_its_arguments(client: FlaskClient) -> None:
    answer = client.post("/query?nonsense=1&lang=en", data={"query": "ASK {}"})
    assert "nonsense=1" in answer.text  # in the links to the page in another language


def test_the_cache_has_one_response_whatever_the_unknown_arguments(published_app: Flask) -> None:
    made = []

    def count(environ: Any, start_response: Any) -> Any:
        made.append(environ["QUERY_STRING"])
        return published_app.wsgi_app(environ, start_response)

    cache, known = ResponseCache(max_bytes=1 << 20), known_of(published_app)
    for query in ("lang=en", "lang=en&utm_source=a", "utm_source=b&lang=en"):
        environ = create_environ("/law/osl", query_string=query)
        known.drop_unknown(environ)
        if cache.find(environ) is None:
            assert cache.fetch(environ, count).status == 200
    assert made == ["lang=en"]


@contextmanager
def noting(app: Flask) -> Iterator[set[tuple[str, str]]]:
    """Return the paths requested of `app`, each with the arguments that are read there."""
    read: set[tuple[str, str]] = set()

    class Noted(ImmutableMultiDict[str, str]):
        def __getitem__(self, key: str) -> str:
            read.add((request.path, key))
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            read.add((request.path, str(key)))
            return super().__contains__(key)

        def get(self, key: str, *arguments: Any, **options: Any) -> Any:
            read.add((request.path, key))
            return super().get(key, *arguments, **options)

        def getlist(self, key: str, *arguments: Any, **options: Any) -> Any:
            read.add((request.path, key))
            return super().getlist(key, *arguments, **options)

    plain = app.request_class
    app.request_class = type("NotedRequest", (plain,), {"parameter_storage_class": Noted})
    try:
        yield read
    finally:
        app.request_class = plain


def test_every_argument_that_a_view_reads_is_declared(
    published_app: Flask, client: FlaskClient, release: Release
) -> None:
    with noting(published_app) as read:
        for address in addresses(release.manifest.id):
            client.get(address).close()
    assert ("/search", "q") in read
    known, undeclared = known_of(published_app), []
    for path, name in sorted(read):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": f"{name}=1"}
        known.drop_unknown(environ)
        if not environ["QUERY_STRING"]:
            undeclared.append((path, name))
    assert undeclared == []
