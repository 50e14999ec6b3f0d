"""nginx as `utsaga gen-config` configures it: what it keeps from the server, and what passes through it."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.hostile.exchange import Address
from bench.soak import activate, served, two_releases
from bench.strangers.proxy import generated, local, proxied
from graph.release.release import Release
from tests.service.conftest import PROXY_SETTINGS, Site

pytestmark = pytest.mark.proxy
LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}"
LABELS = "SELECT ?l {{ ?s a <https://w3id.org/utsaga/ns#Article> ; rdfs:label ?l }} LIMIT {}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENTS = 8
PAUSE = 0.03  # seconds between two requests of one client: fewer than 50 a second
AT_ONCE = 32
TOO_LARGE = 2 * 1024 * 1024 + 1


@contextmanager
def load(address: Address) -> Iterator[Counter[str]]:
    """Send requests of several clients while the block runs; the counter gets every status and error."""
    seen: Counter[str] = Counter()
    numbers, over = count(1000), threading.Event()

    def client(source: str) -> None:
        connection = HTTPConnection(*address, timeout=30, source_address=(source, 0))
        for number in numbers:
            if over.wait(PAUSE):
                break
            query = urlencode({"query": LOOKUP.format(number)})
            method, target, body = (
                ("GET", f"/sparql?{query}", None),
                ("POST", "/sparql", query),
                ("GET", "/organisation/malmo-kommun", None),
            )[number % 3]
            try:
                connection.request(method, target, body, FORM if body else {})
                response = connection.getresponse()
                response.read()
                seen[str(response.status)] += 1
            except (OSError, HTTPException) as error:
                connection.close()
                seen[type(error).__name__] += 1
        connection.close()

    clients = [threading.Thread(target=client, args=(f"127.0.1.{number + 1}",)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield seen
    finally:
        over.set()
        for each in clients:
            each.join()


def connect(site: Site, stack: ExitStack, source: str) -> socket.socket:
    """Return a connection from the address `source`, which `stack` closes."""
    connection = socket.create_connection(site.address, timeout=60, source_address=(source, 0))
    return stack.enter_context(connection)


def wait_for(seen: Counter[str], more: int) -> None:
    """Return when so many more requests have been answered."""
    until, end = seen.total() + more, time.monotonic() + 60
    while seen.total() < until:
        assert time.monotonic() < end
        time.sleep(0.05)


def labels(address: Address, number: int) -> bytes:
    """Return the names of the article, asked for in a way that no cache knows."""
    connection = HTTPConnection(*address, timeout=30)
    query = urlencode(
        {"query": "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + LABELS.format(number)}
    )
    connection.request("GET", f"/sparql?{query}", headers={"Accept": "text/csv"})
    body = connection.getresponse().read()
    connection.close()
    return body


class TestConfiguration:
    def test_a_configuration_that_says_something_else_is_noticed(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="listen 80;"):
            local(generated().replace("listen 80;", "listen 81;"), tmp_path, 1, 2, 3)

    def test_metrics_are_closed(self, site: Site) -> None:
        connection = HTTPConnection(*site.address, timeout=30)
        connection.request("GET", "/metrics")
        assert connection.getresponse().status == 404
        connection.close()
        assert site.paths()["/metrics"] == 0


class TestBodies:
    def test_one_over_two_megabytes_is_refused_before_it_is_sent(self, site: Site) -> None:
        with socket.create_connection(site.address, timeout=30) as connection:
            head = f"POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: {TOO_LARGE}\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
        assert site.paths()["/large"] == 0

    def test_one_in_chunks_is_refused_when_it_is_too_large(self, site: Site) -> None:
        with socket.create_connection(site.address, timeout=30) as connection:
            connection.sendall(b"POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            with suppress(ConnectionError):
                for _ in range(TOO_LARGE // 1024 + 1):
                    connection.sendall(b"400\r\n%b\r\n" % (b"a" * 1024))
            assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
        assert site.paths()["/chunks"] == 0

    def test_slow_ones_reach_the_server_when_they_are_whole(self, site: Site) -> None:
        with socket.create_connection(site.address, timeout=30) as connection:
            connection.sendall(b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
            for byte in b"abcd":
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
            assert site.paths()["/slow"] == 0
            connection.sendall(b"e")
            assert connection.recv(4096).startswith(b"HTTP/1.1 404 ")
        assert site.paths()["/slow"] == 1

    def test_what_stalls_is_ended(self, site: Site) -> None:
        stalled = (
            b"POST /stalled HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcd",
            b"POST /stalled HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            b"GET /stalled HTTP/1.1\r\nHost: a\r\n",
        )
        with ExitStack() as stack:
            for connection, sent in [(connect(site, stack, "127.0.0.5"), each) for each in stalled]:
                connection.sendall(sent)
                with suppress(ConnectionResetError):
                    reply = connection.recv(4096)
                    assert reply == b"" or reply.startswith(b"HTTP/1.1 408 ")
        assert site.paths()["/stalled"] == 0


def test_one_client_has_so_many_requests_at_a_time(site: Site) -> None:
    begun = b"POST /begun HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    with ExitStack() as stack:
        connections = [connect(site, stack, "127.0.0.6") for _ in range(AT_ONCE)]
        for connection in connections:
            connection.sendall(begun)
        for connection in connections:  # nginx asks for a body when it has counted the request
            assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one_more, other = connect(site, stack, "127.0.0.6"), connect(site, stack, "127.0.0.7")
        one_more.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert one_more.recv(4096).startswith(b"HTTP/1.1 429 ")
        other.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert other.recv(4096).startswith(b"HTTP/1.1 200 ")
        for connection in connections:
            connection.sendall(b"abcde")
            assert connection.recv(4096).startswith(b"HTTP/1.1 404 ")


def test_a_swap_loses_no_request(tmp_path: Path) -> None:
    home, numbers = tmp_path / "releases", count(10_000)
    names = two_releases(home, tmp_path / "facts")
    with (
        served(home, settings=PROXY_SETTINGS) as (server, _),
        proxied(tmp_path, server[1]) as (address, _),
    ):
        before = labels(server, next(numbers))
        with load(address) as seen:
            wait_for(seen, 50)
            activate(home, names[0])
            end = time.monotonic() + 60
            while (after := labels(server, next(numbers))) == before and time.monotonic() < end:
                time.sleep(0.1)
            wait_for(seen, 50)
    assert after != before
    assert set(seen) == {"200"}


def test_a_server_that_ends_loses_no_request_where_another_takes_its_place(
    release: Release, tmp_path: Path
) -> None:
    home = release.path.parent
    with (
        served(home, settings=PROXY_SETTINGS, log=tmp_path / "new.log") as (new, _),
        served(home, settings=PROXY_SETTINGS, log=tmp_path / "old.log") as (old, process),
        proxied(tmp_path, old[1], new[1]) as (address, _),
        load(address) as seen,
    ):
        wait_for(seen, 100)
        process.terminate()
        process.wait(30)
        wait_for(seen, 100)
    assert set(seen) == {"200"}
