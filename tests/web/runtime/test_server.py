"""The server itself, started as a user starts it, and what it makes of requests as bytes."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from http.client import IncompleteRead
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from bench.client import free_port
from graph.core.errors import Unavailable
from graph.release.release import Release
from tests.web.runtime.http_client import connect
from web.runtime.server import check_address

pytestmark = pytest.mark.slow

UTSAGA: Final = Path(sys.executable).with_name("utsaga")
Serving = Callable[..., AbstractContextManager[str]]

ASK: Final = "/sparql?" + urlencode({"query": "ASK {}"})
TRUE: Final = b'{"head":{},"boolean":true}'
QUERY: Final = "application/sparql-query"
COUNT: Final = (
    "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } LIMIT 2000 } { SELECT ?d { ?d ?e ?f } LIMIT 2000 } }"
)


def large() -> str:
    """Return a query whose answer has 40 million bytes, more than all buffers on the way hold."""
    tenfold = "BIND(CONCAT({0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}) AS {1})"
    binds = [tenfold.format(*names) for names in (("?a", "?b"), ("?b", "?c"), ("?c", "?d"), ("?d", "?e"))]
    rows = " ".join(map(str, range(40)))
    return f'SELECT ?e {{ BIND("{"x" * 100}" AS ?a) {" ".join(binds)} VALUES ?n {{ {rows} }} }}'


def csv(query: str) -> str:
    return "/sparql?" + urlencode({"query": query, "format": "csv"})


@pytest.fixture(scope="module")
def impatient(release: Release, serving: Serving) -> Iterator[str]:
    """A server that waits for its clients for a second or two."""
    with pytest.MonkeyPatch.context() as environment:
        for name, seconds in {"HEAD": "2", "BODY": "1", "SEND": "1"}.items():
            environment.setenv(f"UTSAGA_{name}_SECONDS", seconds)
        with serving(release.path.parent) as address:
            yield address


def metric(address: str, name: str) -> float:
    """Return the value of a metric, 0 if it has none yet."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as response:  # noqa: S310 (loopback)
        found = re.search(rf"^{re.escape(name)} (\S+)$", response.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` is true; fail after a minute."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


# Connections


def test_a_connection_is_kept_for_the_next_request(server: str) -> None:
    with connect(server) as connection:
        for _ in range(3):
            connection.request("GET", ASK)
            assert connection.receive().body == TRUE


def test_a_connection_is_closed_where_the_client_wants_that(server: str) -> None:
    with connect(server) as connection:
        connection.request("GET", ASK, Connection="close")
        assert connection.receive().body == TRUE
        assert connection.is_closed()


def test_pipelined_requests_are_answered_in_their_order(server: str) -> None:
    with connect(server) as connection:
        targets = [f"/sparql?query=SELECT+({number}+AS+?n)+{{}}&format=csv" for number in range(8)]
        connection.send("".join(f"GET {each} HTTP/1.1\r\nHost: a\r\n\r\n" for each in targets).encode())
        bodies = [connection.receive().body for _ in targets]
    assert bodies == [f"n\r\n{number}\r\n".encode() for number in range(8)]


@pytest.mark.parametrize("target", [ASK, "/organisation/malmo-kommun", "/sparql?query=nonsense"])
def test_the_response_to_head_is_that_to_get_without_its_body(server: str, target: str) -> None:
    with connect(server) as connection:
        connection.request("HEAD", target)
        head = connection.receive("HEAD")
        connection.request("GET", target)
        get = connection.receive()
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body))
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_a_response_that_the_client_holds_has_no_body_and_no_length(server: str) -> None:
    with connect(server) as connection:
        connection.request("GET", ASK)
        tag = connection.receive().headers["ETag"]
        connection.request("GET", ASK, If_None_Match=tag)
        held = connection.receive()
        assert (held.status, held.body, held.headers["Content-Length"]) == (304, b"", None)
        connection.request("GET", ASK)
        assert connection.receive().body == TRUE


def test_a_request_for_a_websocket_is_an_error_like_others(server: str) -> None:
    with connect(server) as connection:
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
        connection.request("GET", "/healthz", b"", Sec_WebSocket_Key="A" * 22 + "==", **upgrade)
        received = connection.receive()
    assert (received.status, received.headers.get_content_type()) == (400, "application/problem+json")


@pytest.mark.parametrize("coding", ["identity", "gzip", "br, zstd"])
@pytest.mark.parametrize(
    ("target", "accept"),
    [
        (csv("SELECT * { ?s a ?c } LIMIT 20"), "text/csv"),
        (ASK, "application/sparql-results+xml"),
        ("/organisation/malmo-kommun", "text/html"),
        ("/organisation/malm%C3%B6", "text/html"),
        ("/sparql?query=nonsense", "*/*"),
    ],
)
def test_the_same_request_has_the_same_response_but_for_its_id_and_time(
    server: str, target: str, accept: str, coding: str
) -> None:
    received, ids = [], set()
    with connect(server) as connection:
        for _ in range(4):
            connection.request("GET", target, Accept=accept, Accept_Encoding=coding)
            status, headers, body = connection.receive()
            ids.add(headers["X-Request-ID"])
            lines = [line for line in headers.items() if line[0].lower() not in {"x-request-id", "date"}]
            received.append((status, lines, body))
    assert received == received[:1] * 4
    assert len(ids) == 4


# Bodies of requests


def test_a_query_may_come_in_chunks(server: str) -> None:
    with connect(server) as connection:
        connection.request("POST", "/sparql", Content_Type=QUERY, Transfer_Encoding="chunked")
        connection.send(b"3\r\nASK\r\n", b"3;a=b\r\n {}\r\n", b"0\r\n\r\n")
        assert connection.receive().body == TRUE
        connection.request("GET", ASK)
        assert connection.receive().body == TRUE


@pytest.mark.parametrize("body", [b"zz\r\nASK {}\r\n0\r\n\r\n", b"5\r\nASK {}\r\n0\r\n\r\n"])
def test_malformed_chunks_are_a_bad_request(server: str, body: bytes) -> None:
    with connect(server) as connection:
        connection.request("POST", "/sparql", body, Content_Type=QUERY, Transfer_Encoding="chunked")
        assert connection.receive().status == 400


def test_a_client_may_wait_until_its_body_is_wanted(server: str) -> None:
    with connect(server) as connection:
        connection.request("POST", "/sparql", Content_Type=QUERY, Content_Length="6", Expect="100-continue")
        assert (connection.line(), connection.line()) == (b"HTTP/1.1 100 Continue\r\n", b"\r\n")
        connection.send(b"ASK {}")
        assert connection.receive().body == TRUE


@pytest.mark.parametrize("expect", [{}, {"Expect": "100-continue"}])
def test_a_long_body_is_refused_before_it_is_sent(server: str, expect: dict[str, str]) -> None:
    with connect(server) as connection:
        connection.request("POST", "/sparql", b"", Content_Type=QUERY, Content_Length="9000000", **expect)
        received = connection.receive()
        assert received.status == 413
        assert b"UTSAGA_QUERY_BYTES" in received.body
        assert connection.is_closed(), "what follows would be taken for a request"


@pytest.mark.parametrize(("length", "status"), [(1_000, 200), (200_000, 413), (5_000_000, 413)])
def test_a_body_without_a_length_is_read_to_the_limit(server: str, length: int, status: int) -> None:
    body = b"ASK {} #" + b"x" * length
    with connect(server) as connection:
        connection.request("POST", "/sparql", Content_Type=QUERY, Transfer_Encoding="chunked")
        with suppress(ConnectionError):  # the server need not read on
            for at in range(0, len(body), 5_000):
                part = body[at : at + 5_000]
                connection.send(f"{len(part):x}\r\n".encode(), part, b"\r\n")
            connection.send(b"0\r\n\r\n")
        assert connection.receive().status == status


# Time


@pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\nHost: local"])
def test_a_connection_on_which_no_head_comes_is_closed(impatient: str, head: bytes) -> None:
    with connect(impatient) as connection:
        connection.send(head)
        assert connection.is_closed()


@pytest.mark.parametrize(
    ("headers", "body"),
    [({"Content_Length": "6"}, b"ASK"), ({"Transfer_Encoding": "chunked"}, b"3\r\nASK\r\n")],
)
def test_a_body_that_does_not_come_is_answered_with_408(
    impatient: str, headers: dict[str, str], body: bytes
) -> None:
    with connect(impatient) as connection:
        connection.request("POST", "/sparql", body, Content_Type=QUERY, **headers)
        received = connection.receive()
        assert received.status == 408
        assert b"UTSAGA_BODY_SECONDS" in received.body
        assert connection.is_closed()


def test_a_client_that_takes_nothing_gets_no_whole_response(impatient: str) -> None:
    ended = 'utsaga_http_requests_total{route="sparql",status="200"}'
    before = metric(impatient, ended)
    with connect(impatient, buffer_bytes=1 << 16) as connection:
        connection.request("GET", csv(large()))
        until(lambda: metric(impatient, ended) > before)
        with pytest.raises((IncompleteRead, ConnectionError)):
            connection.receive()


# Large responses


def test_a_large_response_is_whole_and_a_client_that_leaves_does_no_harm(server: str) -> None:
    with connect(server) as connection:
        connection.request("GET", csv(large()))
        assert connection.begin().read(1000)
    with connect(server) as connection:
        connection.request("GET", csv(large()))
        received = connection.receive()
        assert received.body == b"\r\n".join([b"e", *[b"x" * 1_000_000] * 40, b""])


def test_a_slow_client_takes_no_memory(
    release: Release, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UTSAGA_WORKERS", "1")  # with which the server does nothing else
    with serving(release.path.parent) as address, connect(address, buffer_bytes=1 << 16) as connection:
        before = metric(address, "process_resident_memory_bytes")
        connection.request("GET", csv(large()))
        response, sizes = connection.begin(), list[float]()
        while response.read(1 << 20):
            sizes.append(metric(address, "process_resident_memory_bytes"))
    assert len(sizes) > 30
    assert max(sizes) - before < 20 << 20


# The end


def test_a_running_query_is_answered_when_the_server_is_told_to_end(
    release: Release, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(address: str) -> bytes:
        with connect(address) as connection:
            connection.request("GET", csv(COUNT))
            return connection.receive().body

    monkeypatch.setenv("UTSAGA_SECONDS", "60")
    monkeypatch.setenv("UTSAGA_WORKERS", "1")  # with which the server asks no queries of its own
    with ThreadPoolExecutor(1) as threads:
        with serving(release.path.parent) as address:
            asked = threads.submit(ask, address)
            until(lambda: metric(address, 'utsaga_workers{state="busy"}') > 0)
        assert asked.result() == b"n\r\n4000000\r\n"


APPLICATION: Final = """
import sys
from graph.core.settings import Settings
from web.runtime.server import run

async def application(scope, receive, send):
    headers = [(b"content-length", b"100000")] if scope["path"] == "/declared" else []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * 50000, "more_body": True})
    raise ZeroDivisionError

run(lambda loop: application, "127.0.0.1", int(sys.argv[1]), Settings())
"""


@pytest.fixture(scope="module")
def cutting() -> Iterator[str]:
    """A server whose application fails in the middle of its responses."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", APPLICATION, str(port)]) as process:

        def is_up() -> bool:
            assert process.poll() is None
            with socket.socket() as end:
                return end.connect_ex(("127.0.0.1", port)) == 0

        try:
            until(is_up)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.parametrize("target", ["/declared", "/chunked"])
def test_a_response_that_is_cut_off_is_not_taken_for_whole(cutting: str, target: str) -> None:
    with connect(cutting) as connection:
        connection.request("GET", target)
        with pytest.raises((IncompleteRead, ConnectionError)):
            connection.receive()


# The start


def test_an_address_that_is_free_can_be_listened_on() -> None:
    check_address("127.0.0.1", free_port())


def test_an_address_that_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable) as raised:
            check_address("127.0.0.1", port)
    (fault,) = raised.value.faults
    assert fault.where == "--port"
    assert f"127.0.0.1:{port}" in fault.message
    assert f"--port {port % 65535 + 1}," in fault.remedy


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Unavailable) as raised:
        check_address("192.0.2.1", 65535)
    assert "--port 1," in raised.value.faults[0].remedy, "there is no port 65536"


def test_a_taken_port_ends_the_command_with_a_message(server: str, release: Release) -> None:
    ended = serve("--releases", str(release.path.parent), "serve", "--port", server.rpartition(":")[2])
    assert ended.returncode == 1
    assert re.search(r"--port \d+, or PORT=\d+ for make", ended.stderr)
    assert len(ended.stderr.splitlines()) == 1


def test_a_setting_that_was_removed_ends_the_command_with_a_message(release: Release) -> None:
    words = ("--releases", str(release.path.parent), "serve", "--port", str(free_port()))
    ended = serve(*words, UTSAGA_QUICK_QUERIES="2")
    assert ended.returncode == 1
    assert "UTSAGA_QUICK_QUERIES is no longer a setting" in ended.stderr
    assert "Traceback" not in ended.stderr


def serve(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command until it ends."""
    return subprocess.run(
        [UTSAGA, *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
