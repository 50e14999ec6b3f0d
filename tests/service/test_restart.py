"""A server on a socket of systemd's restarts behind nginx and Caddy: no request fails, a POST neither."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from bench.hostile.exchange import Address
from bench.strangers import caddy, proxy
from graph.release.release import Release
from tests.service.conftest import PROXY_SETTINGS
from tests.service.test_proxy import load, wait_for
from tests.service_manager import serving

pytestmark = pytest.mark.proxy
Proxied = Callable[..., AbstractContextManager[tuple[Address, Any]]]
RESTARTS = 3
KEPT = 6
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"


@pytest.fixture(params=["nginx", "caddy"])
def proxied(request: pytest.FixtureRequest) -> Proxied:
    """What runs a proxy in front of a port, with its files in a folder."""
    if request.param == "caddy" and not caddy.PROGRAM:
        pytest.skip("caddy is not installed")
    return caddy.proxied if request.param == "caddy" else proxy.proxied


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket that stays open while servers on it come and go."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as opened:
        yield opened


def test_no_request_fails_while_the_server_restarts(
    proxied: Proxied, listening: socket.socket, release: Release, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        with serving(listening, release.path.parent, tmp_path, PROXY_SETTINGS):
            address, _ = stack.enter_context(proxied(tmp_path, listening.getsockname()[1]))
            seen = stack.enter_context(load(address))
            wait_for(seen, 50)
        for number in range(RESTARTS):
            with serving(listening, release.path.parent, tmp_path, PROXY_SETTINGS):
                wait_for(seen, 50)
                if number == RESTARTS - 1:
                    stack.close()
    assert set(seen) == {"200"}


class OneEach:
    """A server that answers one request of each connection, keeps it open, and closes it at the next.

    So does a server that ends between the two. It sends back the method and the body.
    """

    def __init__(self, listening: socket.socket) -> None:
        """Answer on `listening` until it is closed."""
        self._listening = listening
        self._together = threading.Barrier(KEPT)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            head = [*iter(lines.readline, b"\r\n")]
            length = next((int(each[15:]) for each in head if each.lower().startswith(b"content-length:")), 0)
            body = head[0].partition(b" ")[0] + b" " + lines.read(length)
            if b"/together" in head[0]:
                self._together.wait(60)
            connection.sendall(OK % (len(body), body))
            lines.readline()


def test_a_request_is_sent_again_over_a_new_connection(
    proxied: Proxied, listening: socket.socket, tmp_path: Path
) -> None:
    OneEach(listening)
    with proxied(tmp_path, listening.getsockname()[1]) as (address, _):
        kept = [threading.Thread(target=send, args=(address, "GET", "/together", b"")) for _ in range(KEPT)]
        for each in kept:
            each.start()
        for each in kept:
            each.join(60)
        for method, body in (("POST", b"a" * 40_000), ("GET", b""), ("POST", b"b=1"), ("PUT", b"c")):
            assert send(address, method, "/", body) == (200, method.encode() + b" " + body)


def send(address: Address, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Return the status and the body of the answer."""
    connection = HTTPConnection(*address, timeout=60)
    try:
        connection.request(method, path, body or None)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()
