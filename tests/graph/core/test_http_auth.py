"""Basic and Digest: what the service asks for is sent, at once from the second request on."""

import base64
import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

import pytest

from graph.core.http_client import HttpClient
from tests.loopback import listening

NAME, PASSWORD = "mia", "hemligt å ж"
BODY = b"x" * 100_000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: "Service"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        given = self.headers.get("Authorization")
        self.service.seen.append((given, len(body)))
        is_met = self.service.accepts(self.command, self.path, given)
        self.send_response(204 if is_met else 401)
        if not is_met and self.service.challenge:
            self.send_header("WWW-Authenticate", self.service.challenge)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_PUT  # noqa: N815 (as the library names it)

    def log_message(self, *_: Any) -> None:
        pass


class Service:
    """A service that asks for a scheme, and has seen what was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.challenge = ""
        self.nonce = "n1"
        self.seen: list[tuple[str | None, int]] = []

    def ask(self, scheme: str) -> None:
        """Ask for `scheme` from now on."""
        digest = f'Digest realm="here", nonce="{self.nonce}", qop="auth", opaque="o", algorithm="MD5"'
        self.challenge = {"basic": 'Basic realm="x"', "digest": digest}.get(scheme, scheme)

    def accepts(self, method: str, path: str, given: str | None) -> bool:
        """Return whether `given` is the right name and password."""
        if self.challenge.startswith("Basic"):
            return given == "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if not given or not given.startswith("Digest "):
            return not self.challenge
        values = parse_keqv_list(parse_http_list(given.removeprefix("Digest ")))
        first = _md5(f"{NAME}:{values['realm']}:{PASSWORD}")
        second = _md5(f"{method}:{path}")
        middle = ":".join(values[name] for name in ("nonce", "nc", "cnonce", "qop"))
        expected = _md5(f"{first}:{middle}:{second}")
        return values["nonce"] == self.nonce and values["uri"] == path and values["response"] == expected


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    with listening(Handler, service=service) as url:
        service.url = url
        yield service


def put(client: HttpClient, path: str = "/store?graph=urn%3Aa") -> int:
    with client.send("PUT", path, BODY, {}, 5.0) as reply:
        return reply.status


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_later_requests_are_authorised_at_once(service: Service, scheme: str) -> None:
    service.ask(scheme)
    client = HttpClient(service.url, limit=1000, user=(NAME, PASSWORD))
    assert [put(client, f"/store?graph={each}") for each in range(3)] == [204] * 3
    assert [given is None for given, _ in service.seen] == [True, False, False, False]
    assert {size for _, size in service.seen} == {len(BODY)}
    with client.get_path("/other", {}, 5.0) as reply:
        assert reply.status == 204


def test_a_nonce_that_is_out_of_date_is_replaced(service: Service) -> None:
    service.ask("digest")
    client = HttpClient(service.url, limit=1000, user=(NAME, PASSWORD))
    assert put(client) == 204
    service.nonce = "n2"
    service.ask("digest")
    assert put(client) == 204
    assert len(service.seen) == 4


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_a_wrong_password_is_sent_once(service: Service, scheme: str) -> None:
    service.ask(scheme)
    assert put(HttpClient(service.url, limit=1000, user=(NAME, "fel"))) == 401
    assert len(service.seen) == 2


@pytest.mark.parametrize(
    "challenge", ["Bearer", 'Digest realm="a", nonce="b", algorithm="SHA-512-256"', "", "Digest"]
)
def test_what_cannot_be_met_is_left(service: Service, challenge: str) -> None:
    service.ask(challenge)
    client = HttpClient(service.url, limit=1000, user=(NAME, PASSWORD))
    service.accepts = lambda *_: False  # type: ignore[method-assign]
    assert put(client) == 401


def test_without_a_user_nothing_is_sent(service: Service) -> None:
    service.ask("basic")
    assert put(HttpClient(service.url, limit=1000)) == 401
    assert service.seen == [(None, len(BODY))]
