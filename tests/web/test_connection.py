"""Connections over real sockets, on both event loops."""

import asyncio
import logging
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar, cast

import pytest
import uvloop

from web import connection, crowd
from web.connection import Connection
from web.crowd import Crowd
from web.front import Front
from web.gateway import Reply, ask
from web.reader import Bounds, Request

T = TypeVar("T")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
LARGE = 16 << 20  # bytes that no socket holds
PIECE = 100_000


def get(path: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: a", *lines, "", ""]).encode()


class Body:
    """A body of so many pieces that notes how many were made and that it was closed."""

    def __init__(self, pieces: int, failing: bool = False) -> None:
        self._pieces, self._failing = pieces, failing
        self.made = self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._pieces):
            self.made += 1
            yield b"x" * PIECE
        if self._failing:
            raise ZeroDivisionError

    def close(self) -> None:
        self.closed += 1


class Fake:
    """A front that answers paths: `/at-once/…` at once, `/body…` with a body in pieces, others when let."""

    bounds = Bounds(target=1000, body=100)

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.known: dict[bytes, bytes] = {}
        self.body = Body(0)
        self.length: int | None = None

    def again(self, raw: bytes) -> bytes | None:
        return self.known.get(raw)

    def at_once(self, request: Request) -> Reply | None:
        path = request.environ["PATH_INFO"]
        if request.refusal:
            return ask(request.refusal, request.environ)
        self.asked.append(path)
        if path == "/fails":
            raise ZeroDivisionError
        if path == "/large":
            return Reply(200, [], b"x" * LARGE)
        return Reply(200, [], path.encode()) if path.startswith("/at-once") else None

    async def answer(self, request: Request) -> Reply:
        path = request.environ["PATH_INFO"]
        if path == "/fails-later":
            raise ZeroDivisionError
        if path == "/body":
            headers = [] if self.length is None else [("Content-Length", str(self.length))]
            return Reply(200, headers, b"begun", iter(self.body), self.body.close)
        if path in self.gates:
            await self.gates[path].wait()
        return Reply(200, [], path.encode() + request.environ["wsgi.input"].read())

    async def apart(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)


class Server:
    """A server of a fake front, and the clients that it has."""

    def __init__(self, port: int, front: Fake, members: Crowd) -> None:
        self.front, self.crowd, self.port = front, members, port
        self.writers: list[asyncio.StreamWriter] = []

    async def connect(self, buffer: int = 0) -> Streams:
        """Connect, with a small buffer to receive in if it is given."""
        client = socket.socket()
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.setblocking(False)
        await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", self.port))
        streams = await asyncio.open_connection(sock=client, limit=1 << 16)
        self.writers.append(streams[1])
        return streams

    async def ask(self, *data: bytes) -> bytes:
        """Return all that comes until the server ends the connection."""
        reader, writer = await self.connect()
        for each in data:
            writer.write(each)
        received = await reader.read()
        writer.close()
        return received


@asynccontextmanager
async def serving(most: int = 100) -> AsyncIterator[Server]:
    front, members = Fake(), Crowd(most)
    loop = asyncio.get_running_loop()
    made = partial(Connection, cast(Front, front), members)
    listener = await loop.create_server(made, "127.0.0.1", 0)
    watching = asyncio.create_task(members.watch())
    server = Server(listener.sockets[0].getsockname()[1], front, members)
    try:
        yield server
    finally:
        assert not watching.done()
        watching.cancel()
        listener.close()
        for writer in server.writers:
            writer.close()
        await members.disperse(0)
        for writer in server.writers:
            with suppress(OSError):
                await writer.wait_closed()
        await until(lambda: not members._members)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def members(server: Server) -> set[Connection]:
    await until(lambda: server.crowd._members)
    return cast(set[Connection], server.crowd._members)


Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What runs a test, in which the crowd is looked after often."""
    monkeypatch.setattr(crowd, "_EVERY", 0.02)

    def within(test: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(asyncio.wait_for(test, 10))

    return within


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the head and the body of the next answer that tells its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head, await reader.readexactly(int(head.partition(b"Content-Length: ")[2].split()[0]))


def test_answers_come_in_the_order_asked_although_a_later_one_is_ready_first(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get("/slow") + get("/at-once/1"))
            await until(lambda: server.front.asked)
            writer.write(get("/at-once/2") + get("/quick"))
            other, asks = await server.connect()
            asks.write(get("/at-once/other"))
            assert (await answer(other))[1] == b"/at-once/other"
            gate.set()
            bodies = [(await answer(reader))[1] for _ in range(4)]
            assert bodies == [b"/slow", b"/at-once/1", b"/at-once/2", b"/quick"]

    run(test())


@pytest.mark.parametrize(
    ("last", "bodies"),
    [
        (get("/b", "Connection: close"), [b"/b"]),
        (get("/b", version="1.0"), [b"/b"]),
        (get("/b", method="HEAD") + get("/at-once/c", "Connection: close", method="HEAD"), [b"", b""]),
        (get("/b", "Expect: 100-continue", "Connection: close"), [b"/b"]),
    ],
)
def test_a_connection_is_kept_until_the_last_request(run: Run, last: bytes, bodies: list[bytes]) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect()
            for path in ("/at-once", "/a"):
                writer.write(get(path))
                head, body = await answer(reader)
                assert head.startswith(b"HTTP/1.1 200 OK\r\n")
                assert b"Connection" not in head
                assert body == path.encode()
            writer.write(last + get("/at-once/not-read"))
            heads = (await reader.read()).split(b"HTTP/1.1 200 OK\r\n")[1:]
            assert b"Connection: close\r\n" in heads[-1]
            assert [each.partition(b"\r\n\r\n")[2] for each in heads] == bodies
            assert "/at-once/not-read" not in server.front.asked

    run(test())


def test_what_is_known_by_its_bytes_is_answered_in_its_turn(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            server.front.known[get("/at-once")] = b"known"
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get("/at-once"))
            assert await reader.readexactly(5) == b"known"
            writer.write(get("/slow"))
            await until(lambda: server.front.asked)
            writer.write(get("/at-once"))
            (member,) = await members(server)
            await until(lambda: member._requests)
            gate.set()
            assert [(await answer(reader))[1] for _ in range(2)] == [b"/slow", b"/at-once"]
            writer.write(get("/at-once"))
            assert await reader.readexactly(5) == b"known"

    run(test())


@pytest.mark.parametrize("path", ["/at-once", "/later"])
def test_thousands_of_requests_in_one_piece_are_answered_in_order(run: Run, path: str) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect()
            count = 5_000 if path == "/at-once" else 1_000
            writer.write(b"".join(get(f"{path}/{number}") for number in range(count)))
            for number in range(count):
                assert (await answer(reader))[1] == f"{path}/{number}".encode()

    run(test())


def test_no_more_is_read_than_can_be_answered(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get("/slow"))
            await until(lambda: server.front.asked)
            writer.write(get("/at-once") * 17)
            (member,) = await members(server)
            await until(lambda: not member._transport.is_reading())
            writer.write(get("/at-once") * 100)
            gate.set()
            assert len([await answer(reader) for _ in range(118)]) == 118
            assert member._transport.is_reading()

    run(test())


@pytest.mark.parametrize("length", [None, LARGE // PIECE * PIECE + 5])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_large_answer_is_whole_and_made_as_it_is_taken(run: Run, length: int | None, version: str) -> None:
    async def test() -> None:
        async with serving() as server:
            body = server.front.body = Body(LARGE // PIECE)
            server.front.length = length
            reader, writer = await server.connect(buffer=1 << 16)
            writer.write(get("/body", "Connection: close", version=version))
            head = await reader.readuntil(b"\r\n\r\n")
            (member,) = await members(server)
            await until(lambda: member._room)
            assert body.made * PIECE < LARGE / 2
            before = body.closed
            rest = await reader.read()
            assert (b"chunked" in head) == (length is None and version == "1.1")
            assert rest.count(b"x") == LARGE // PIECE * PIECE
            if b"chunked" in head:
                assert rest.startswith(b"5\r\nbegun\r\n")
                assert rest.endswith(b"x\r\n0\r\n\r\n")
            else:
                assert len(rest) == LARGE // PIECE * PIECE + 5
            assert (before, body.closed) == (0, 1)

    run(test())


def test_an_answer_that_was_there_is_whole_though_it_is_taken_slowly(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect(buffer=1 << 16)
            writer.write(get("/large") + get("/at-once", "Connection: close"))
            (member,) = await members(server)
            await until(lambda: member._room)
            assert len((await answer(reader))[1]) == LARGE
            assert (await answer(reader))[1] == b"/at-once"
            assert not await reader.read()

    run(test())


def test_a_client_that_leaves_in_the_middle_has_its_body_closed(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            body = server.front.body = Body(1 << 30)
            reader, writer = await server.connect()
            writer.write(get("/body") + get("/at-once"))
            await reader.readexactly(1_000_000)
            writer.transport.abort()
            await until(lambda: body.closed)
            await until(lambda: not server.crowd._members)
            assert "/at-once" not in server.front.asked

    run(test())


@pytest.mark.parametrize(
    ("length", "failing"), [(None, True), (PIECE * 3 + 5, True), (PIECE * 3 + 6, False), (PIECE, False)]
)
def test_a_body_that_is_not_as_told_ends_the_connection(
    run: Run, caplog: pytest.LogCaptureFixture, length: int | None, failing: bool
) -> None:
    async def test() -> None:
        async with serving() as server:
            body = server.front.body = Body(3, failing)
            server.front.length = length
            received = b""
            reader, writer = await server.connect()
            writer.write(get("/body") + get("/at-once"))
            with suppress(ConnectionError):
                while part := await reader.read(PIECE):
                    received += part
            assert not received.endswith(b"0\r\n\r\n")
            assert b"/at-once" not in received
            assert body.closed == 1
            assert [record.message for record in caplog.records] == ["answer broken off"]

    run(test())


@pytest.mark.parametrize("path", ["/fails", "/fails-later"])
def test_a_front_that_fails_ends_the_connection(
    run: Run, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    async def test() -> None:
        async with serving() as server:
            assert await server.ask(get(path) + get("/at-once")) == b""
            assert server.front.asked == [path]
            assert [(record.name, record.levelno) for record in caplog.records] == [
                ("web.connection", logging.ERROR)
            ]
            assert (await server.ask(get("/at-once", "Connection: close"))).endswith(b"/at-once")

    run(test())


@pytest.mark.parametrize("path", ["/at-once", "/later", "/slow"])
def test_who_sends_no_more_still_gets_the_answers(run: Run, path: str) -> None:
    async def test() -> None:
        async with serving() as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get(path) + get("/at-once/last"))
            writer.write_eof()
            (member,) = await members(server)
            await until(lambda: member._has_ended)
            gate.set()
            assert [(await answer(reader))[1] for _ in range(2)] == [path.encode(), b"/at-once/last"]
            assert not await reader.read()
            await until(lambda: not server.crowd._members)

    run(test())


def test_who_sends_no_more_gets_a_large_answer_whole(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect(buffer=1 << 16)
            writer.write(get("/large"))
            writer.write_eof()
            (member,) = await members(server)
            await until(lambda: member._has_ended)
            assert len((await answer(reader))[1]) == LARGE
            assert not await reader.read()

    run(test())


@pytest.mark.parametrize("before", ["", "/at-once", "/later"])
def test_a_body_that_waits_is_told_to_come(run: Run, before: str) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect()
            head = get("/body-of", "Expect: 100-continue", "Content-Length: 3", method="POST")
            writer.write((get(before) if before else b"") + head)
            if before:
                assert (await answer(reader))[1] == before.encode()
            assert await reader.readexactly(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"ab")
            writer.write(b"c")
            head, body = await answer(reader)
            assert (head[:17], body) == (b"HTTP/1.1 200 OK\r\n", b"/body-ofabc")

    run(test())


@pytest.mark.parametrize(
    "begun", [get("/at-once")[:-2], get("/b", "Content-Length: 3", method="POST") + b"a"]
)
def test_a_request_that_comes_too_slowly_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connection, "_READING", 0.05)

    async def test() -> None:
        async with serving() as server:
            for before in (b"", get("/at-once"), get("/later")):
                reader, writer = await server.connect()
                writer.write(before + begun)
                if before:
                    await answer(reader)
                head, body = await answer(reader)
                assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
                assert b"Connection: close\r\n" in head
                assert b"send it again" in body
                assert not await reader.read()

    run(test())


def test_a_request_that_comes_while_another_is_answered_has_its_time_afterwards(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_READING", 0.05)

    async def test() -> None:
        async with serving() as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get("/slow"))
            await until(lambda: server.front.asked)
            writer.write(get("/at-once") + get("/at-once")[:9])
            (member,) = await members(server)
            await until(lambda: member._reader.amid)
            await asyncio.sleep(0.15)
            gate.set()
            assert (await answer(reader))[1] == b"/slow"
            writer.write(get("/at-once")[9:])
            assert [(await answer(reader))[1] for _ in range(2)] == [b"/at-once"] * 2

    run(test())


@pytest.mark.parametrize("asked", [b"", get("/at-once"), get("/later"), b"\r\n"])
def test_an_idle_connection_is_closed(run: Run, monkeypatch: pytest.MonkeyPatch, asked: bytes) -> None:
    monkeypatch.setattr(connection, "_IDLE", 0.1)
    monkeypatch.setattr(connection, "_READING", 0.05)

    async def test() -> None:
        async with serving() as server:
            assert (await server.ask(asked)).count(b"HTTP/1.1") == asked.count(b"HTTP/1.1")
            await until(lambda: not server.crowd._members)

    run(test())


@pytest.mark.parametrize(
    "asked",
    [
        get("/large"),
        get("/large", "Connection: close"),
        get("/large") + get("/at-once")[:9],
        get("/body"),
        get("/body") + get("/at-once")[:9],
        get("/large") + get("/at-once") * 30,
    ],
)
def test_a_client_that_takes_nothing_is_left(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: bytes
) -> None:
    monkeypatch.setattr(connection, "_STALLED", 0.1)

    async def test() -> None:
        async with serving() as server:
            body = server.front.body = Body(1 << 30)
            _, writer = await server.connect(buffer=1 << 16)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(asked)
            await members(server)
            await until(lambda: not server.crowd._members)
            await until(lambda: body.closed or not body.made)
            assert not caplog.records

    run(test())


@pytest.mark.parametrize("last", [(), ("Connection: close",)])
def test_a_client_that_takes_a_little_now_and_then_is_not_left(
    run: Run, monkeypatch: pytest.MonkeyPatch, last: tuple[str, ...]
) -> None:
    for name in ("_STALLED", "_IDLE", "_LINGERING"):
        monkeypatch.setattr(connection, name, 0.2)

    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect(buffer=1 << 16)
            writer.write(get("/large", *last))
            head = await reader.readuntil(b"\r\n\r\n")
            taken = 0
            began = time.monotonic()
            while time.monotonic() < began + 0.6:
                taken += len(await reader.readexactly(1 << 20))
                await asyncio.sleep(0.06)
            assert taken + len(await reader.readexactly(LARGE - taken)) == LARGE
            assert (b"close" in head) == bool(last)

    run(test())


def test_what_follows_a_refused_request_is_not_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LINGERING", 0.1)

    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect()
            writer.write(b"nonsense\r\n\r\n" + get("/at-once"))
            assert (await answer(reader))[0].startswith(b"HTTP/1.1 400 Bad Request\r\n")
            writer.write(get("/at-once"))
            assert not await reader.read()
            assert not server.front.asked
            await until(lambda: not server.crowd._members)

    run(test())


def test_a_refusal_reaches_a_client_that_goes_on_sending(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            reader, writer = await server.connect()
            writer.write(get("/later", "Content-Length: 5000000", method="POST"))
            for _ in range(50):
                writer.write(b"x" * 100_000)
                await writer.drain()
            assert (await answer(reader))[1] == b"/later"
            assert not await reader.read()

    run(test())


def test_who_has_left_before_it_was_let_in_is_no_matter(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    def knock(port: int) -> None:
        for _ in range(50):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def test() -> None:
        async with serving() as server:
            thread = threading.Thread(target=knock, args=(server.port,))
            thread.start()
            thread.join()  # meanwhile nobody is let in
            assert (await server.ask(get("/at-once", "Connection: close"))).endswith(b"/at-once")
            await until(lambda: not server.crowd._members)
            assert not caplog.records

    run(test())


def test_many_that_come_together_and_ask_nothing_keep_nobody_out(run: Run) -> None:
    async def test() -> None:
        async with serving(most=8) as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            reader, writer = await server.connect()
            writer.write(get("/slow"))
            await until(lambda: server.front.asked)
            many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
            assert (await server.ask(get("/at-once", "Connection: close"))).endswith(b"/at-once")
            assert len(server.crowd._members) <= 8
            for each in many:
                each.close()
            gate.set()
            assert (await answer(reader))[1] == b"/slow"

    run(test())


def test_at_the_end_each_gets_its_answer(run: Run) -> None:
    async def test() -> None:
        async with serving() as server:
            gate = server.front.gates["/slow"] = asyncio.Event()
            idle, _ = await server.connect()
            reader, writer = await server.connect()
            writer.write(get("/slow") + get("/at-once"))
            await until(lambda: server.front.asked and len(server.crowd._members) == 2)
            ending = asyncio.create_task(server.crowd.disperse(5))
            assert not await idle.read()
            assert not ending.done()
            gate.set()
            assert [(await answer(reader))[1] for _ in range(2)] == [b"/slow", b"/at-once"]
            assert not await reader.read()
            for each in server.writers:
                each.close()
            await ending

    run(test())
