"""Pages and documents are charged to the budget of their client, as queries are."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from graph.release.release import Manifest, Release
from graph.search.text_index import TextIndex
from tests.web.addresses import addresses
from tests.web.cached import Cached
from web.app import create_app
from web.html.app_state import AppState
from web.http.rate_limit import Throttle

STRANGER, OTHER = "203.0.113.7", "203.0.113.8"
FREE = ("/healthz", "/readyz", "/metrics", "/static/utsaga.css")


def asking(app: Flask, address: str = STRANGER) -> FlaskClient:
    """Return a client with another address."""
    client = app.test_client()
    client.environ_base |= {"REMOTE_ADDR": address, "HTTP_ACCEPT": "text/html,*/*;q=0.5"}
    return client


@pytest.fixture
def served(sample: InProcess, sample_index: TextIndex) -> Callable[..., Flask]:
    """Return a function that creates the application with settings."""
    release = Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1)

    def make(**settings: float) -> Flask:
        given = Settings(**settings)  # type: ignore[arg-type]
        return create_app(AppState.of(sample, settings=given, release=release, text_index=sample_index))

    return make


@pytest.mark.parametrize(
    "path", ["/", "/law/osl", "/organisation.csv", "/search?q=moln", "/nowhere", "/graph.json"]
)
def test_a_client_without_budget_gets_retry_after_for_pages(served: Callable[..., Flask], path: str) -> None:
    app = served(client_seconds=0.000_001)
    client = asking(app)
    client.get(path).get_data()
    refused = client.get(path)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "UTSAGA_CLIENT_SECONDS" in refused.text
    assert asking(app, OTHER).get("/law/osl.ttl").status_code == 200


@pytest.mark.parametrize("path", ["/sparql", "/reconcile/suggest/entity?prefix=mol"])
def test_documents_for_programs_are_charged(served: Callable[..., Flask], path: str) -> None:
    client = asking(served(client_seconds=0.000_001))
    client.get(path, headers={"Accept": "text/turtle"})
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 429


@pytest.mark.parametrize("path", FREE)
def test_static_files_and_operators_endpoints_are_free(served: Callable[..., Flask], path: str) -> None:
    client = asking(served(client_seconds=0.000_001))
    for _ in range(3):
        with client.get(path) as response:
            assert response.status_code == 200
    client.get("/")
    assert client.get("/").status_code == 429
    with client.get(path) as response:
        assert response.status_code == 200


def test_cached_responses_are_free(served: Callable[..., Flask]) -> None:
    app = served(client_seconds=0.000_001)
    app.wsgi_app = Cached(app.wsgi_app, max_bytes=1 << 20)  # type: ignore[method-assign]
    client = asking(app)
    assert [client.get("/law/osl").status_code for _ in range(3)] == [200, 200, 200]
    assert client.get("/law/osl?lang=en").status_code == 429


def test_a_streamed_response_is_charged_while_it_is_sent(
    sample: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    app = create_app(AppState.of(sample, throttle=Throttle(30, clock=lambda: now[0])))

    def slow() -> Iterator[str]:
        for _ in range(3):
            now[0] += 25.0
            yield "row\n"

    app.add_url_rule("/slow.csv", "slow", lambda: app.response_class(slow()))
    client = asking(app)
    assert client.get("/slow.csv").text == "row\n" * 3
    assert client.get("/").headers["Retry-After"] == "41"


def test_concurrent_pages_are_limited_by_the_places_of_a_client(served: Callable[..., Flask]) -> None:
    app = served(client_queries=1)
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert may_end.wait(60)
        return "made"

    app.add_url_rule("/slow", "slow", slow)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(asking(app).get, "/slow")
        assert begun.wait(60)
        second, other = asking(app).get("/law/osl"), asking(app, OTHER).get("/law/osl")
        free = asking(app).get("/healthz")
        may_end.set()
        assert first.result().text == "made"
    assert (second.status_code, other.status_code, free.status_code) == (429, 200, 200)
    assert second.headers["Retry-After"] == "1"
    assert "UTSAGA_CLIENT_QUERIES" in second.text
    assert asking(app).get("/law/osl").status_code == 200


def test_a_place_is_freed_however_a_request_ends(served: Callable[..., Flask]) -> None:
    app = served(client_queries=1)

    def fail() -> str:
        raise ZeroDivisionError

    def leave() -> str:
        raise KeyboardInterrupt

    app.add_url_rule("/fails", "fails", fail)
    app.add_url_rule("/leaves", "leaves", leave)
    client = asking(app)
    assert client.get("/fails").status_code == 500
    with pytest.raises(KeyboardInterrupt):
        client.get("/leaves")
    assert client.head("/organisation.csv").status_code == 200
    client.get("/organisation.csv", buffered=False).close()  # a client that leaves
    assert client.get("/nowhere").status_code == 404
    assert client.post("/organisation", data=b"x" * 10_000).status_code == 413
    assert client.get("//law//osl").status_code == 308
    assert client.options("/law/osl").status_code == 200
    assert client.get("/law/osl").status_code == 200


def test_a_request_takes_one_place_however_many_queries_it_makes(release: Release) -> None:
    index = TextIndex.open_beside(release.store)
    app = create_app(
        AppState.of(
            InProcess.open(release.store),
            settings=Settings(client_queries=1),
            release=release.manifest,
            text_index=index,
        )
    )
    client = asking(app)
    for address in addresses(release.manifest.id):
        with client.get(address) as response:
            assert response.status_code != 429, address


def test_applications_share_an_unused_throttle(sample: InProcess) -> None:
    throttle = Throttle(0.000_001)
    one, next_ = (asking(create_app(AppState.of(sample, throttle=throttle))) for _ in range(2))
    assert one.get("/law/osl").status_code == 200
    assert next_.get("/law/osl").status_code == 429
