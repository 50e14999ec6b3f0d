"""The command that serves, as the system and its clients see it: signals, connections, raw bytes."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from bench.client import free_port
from bench.hostile.attack import is_alive
from bench.hostile.exchange import Address
from bench.soak import UTSAGA, await_life
from graph.core.errors import Unavailable
from graph.release.releases import Release
from web.listener import bind

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FILES = 400  # of which 256 may be connections


@contextmanager
def served(release: Release) -> Iterator[tuple[Address, "subprocess.Popen[str]"]]:
    """Run `utsaga serve` with few files and two seconds for a query."""
    address: Address = ("127.0.0.1", free_port())
    words = ["--releases", str(release.path.parent), "serve", "--workers", "1", "--port", str(address[1])]
    with subprocess.Popen(
        ["sh", "-c", f'ulimit -n {FILES} && exec "$0" "$@"', str(UTSAGA), *words],
        env=os.environ | {"UTSAGA_SECONDS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            await_life(address, process)  # type: ignore[arg-type]
            yield address, process
        finally:
            process.kill()


def await_refusal(address: Address) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            socket.create_connection(address, timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    pytest.fail("new connections are still taken up")


def test_told_to_end_the_server_gives_its_answers_first(release: Release) -> None:
    with served(release) as (address, process):
        slow, idle = HTTPConnection(*address, timeout=10), socket.create_connection(address, timeout=10)
        slow.request("GET", f"/sparql?{urlencode({'query': SLOW})}")
        assert is_alive(address)  # and has read what came before
        process.send_signal(signal.SIGTERM)
        await_refusal(address)
        assert process.poll() is None
        with idle:
            assert idle.recv(1) == b""
        answer = slow.getresponse()
        assert answer.status == 503
        assert b"2 seconds" in answer.read()
        slow.close()
        assert process.wait(5) == 0


def test_more_connections_than_files_keep_nobody_out_and_ctrl_c_ends_them(release: Release) -> None:
    with served(release) as (address, process):
        idle = [socket.create_connection(address, timeout=5) for _ in range(FILES + 100)]
        assert is_alive(address)
        with suppress(ConnectionResetError):
            assert idle[0].recv(1) == b""
        idle[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle[-1].recv(12) == b"HTTP/1.1 200"
        for each in idle:
            each.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("path", ["/search?q=Malmö", "/organisation/malmö", "/search?q=Malm%C3%B6"])
def test_an_address_as_it_was_typed_is_answered(server: str, path: str) -> None:
    host, _, port = server.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        with client.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n" if "search" in path else b"HTTP/1.1 404 Not Found\r\n")
    assert "Malmö".encode() in body or "search" not in path


def test_an_address_of_the_sixth_version_is_bound() -> None:
    try:
        with bind("::1", free_port()) as bound:
            assert bound.family is socket.AF_INET6
    except Unavailable:
        pytest.skip("this machine has none")


def test_nobody_can_connect_to_what_is_only_bound() -> None:
    port = free_port()
    with bind("127.0.0.1", port), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_an_address_that_another_listens_on_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"{port} cannot be listened on: Address already in use"):
            bind("127.0.0.1", port)


def test_a_name_that_is_no_address_is_told() -> None:
    with pytest.raises(Unavailable, match="cannot be listened on"):
        bind("no address", 8000)
