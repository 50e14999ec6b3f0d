import asyncio
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from web.http.responses import Headers, Response
from web.runtime.sender import Sender, SlowClientError

PIECE = 1 << 16


class Body:
    """A body that is made while it is sent; a part may be an exception, which is raised."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts, self.taken, self.closed = parts, 0, 0
        self.threads: set[threading.Thread] = set()

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self.taken += 1
            self.threads.add(threading.current_thread())
            if isinstance(part, Exception):
                raise part
            yield part

    def close(self) -> None:
        self.closed += 1


class Client:
    """Takes messages: the first `takes`, and then no more, or raises `error`."""

    def __init__(self, takes: int = 1 << 60, error: Exception | None = None) -> None:
        self.takes, self.error = takes, error
        self.messages: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        if len(self.messages) == self.takes:
            if self.error:
                raise self.error
            await asyncio.Event().wait()
        self.messages.append(message)

    @property
    def pieces(self) -> list[bytes]:
        return [message["body"] for message in self.messages if message["type"] == "http.response.body"]


def response(body: Iterable[bytes], headers: Headers | None = None) -> tuple[Response, list[str]]:
    """Return a response, and a list to which its end is added."""
    ends: list[str] = []
    return Response(200, headers or [], body, lambda: ends.append("closed")), ends


def send(sent: Response, client: Client, seconds: float = 60) -> None:
    with ThreadPoolExecutor(1) as threads:
        asyncio.run(Sender(threads, seconds).send(sent, client.send))


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ([], [b""]),
        ((), [b""]),
        ([b"at ", b"once"], [b"at once"]),
        ([b"x" * PIECE], [b"x" * PIECE]),
        ([b"x" * PIECE, b"y"], [b"x" * PIECE, b"y"]),
        ([b"x" * (3 * PIECE)], [b"x" * PIECE] * 3),
    ],
)
def test_a_body_in_memory_is_sent_in_pieces(body: Iterable[bytes], pieces: list[bytes]) -> None:
    client, (sent, ends) = Client(), response(body)
    send(sent, client)
    assert client.pieces == pieces
    assert [message["more_body"] for message in client.messages[1:]] == [True] * (len(pieces) - 1) + [False]
    assert (sent.sent, ends) == (sum(map(len, pieces)), ["closed"])


def test_the_status_and_headers_are_sent_first() -> None:
    client, (sent, _) = Client(), response([b"a"], [("Content-Type", "text/plain"), ("X-A", "å")])
    send(sent, client)
    assert client.messages[0] == {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"Content-Type", b"text/plain"), (b"X-A", b"\xe5")],
    }


def test_a_body_that_is_made_while_it_is_sent() -> None:
    body = Body(*[b"x" * 10_000] * 20)
    client, (sent, ends) = Client(), response(body)
    send(sent, client)
    assert client.pieces == [b"x" * 70_000] * 2 + [b"x" * 60_000, b""]
    assert [message["more_body"] for message in client.messages[1:]] == [True, True, True, False]
    assert threading.main_thread() not in body.threads
    assert (sent.sent, body.closed, ends) == (200_000, 1, ["closed"])


def test_a_body_is_made_no_faster_than_it_is_taken() -> None:
    body = Body(*[b"x" * PIECE] * 100)
    client, (sent, ends) = Client(takes=3), response(body)
    with pytest.raises(SlowClientError):
        send(sent, client, seconds=0.01)
    assert (len(client.pieces), body.taken) == (2, 3)
    assert (sent.sent, body.closed, ends) == (2 * PIECE, 1, ["closed"])


def test_a_client_that_takes_nothing_of_a_body_in_memory_is_given_up() -> None:
    client, (sent, ends) = Client(takes=2), response([b"x" * (3 * PIECE)])
    with pytest.raises(SlowClientError):
        send(sent, client, seconds=0.01)
    assert (sent.sent, ends) == (PIECE, ["closed"])
    assert all(message.get("more_body", True) for message in client.messages), "taken for whole"


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only when a test says so."""

    now = 0.0

    def time(self) -> float:
        return self.now


class Slow(Client):
    """Takes each message after some seconds of the loop's time."""

    def __init__(self, loop: Loop, seconds: float) -> None:
        super().__init__()
        self.loop, self.seconds = loop, seconds

    async def send(self, message: dict[str, Any]) -> None:
        self.loop.now += self.seconds
        for _ in range(2):  # in which the loop finds out what is over
            await asyncio.sleep(0)
        await super().send(message)


def test_the_time_is_that_of_one_piece() -> None:
    loop, (sent, _) = Loop(), response([b"x" * (20 * PIECE)])
    with asyncio.Runner(loop_factory=lambda: loop) as runner, ThreadPoolExecutor(1) as threads:
        runner.run(Sender(threads, 60).send(sent, Slow(loop, 59).send))
        assert sent.sent == 20 * PIECE
        with pytest.raises(SlowClientError):
            runner.run(Sender(threads, 60).send(response([b"x" * (2 * PIECE)])[0], Slow(loop, 61).send))


def test_a_body_that_fails_is_closed_and_not_ended() -> None:
    body = Body(b"x" * PIECE, ZeroDivisionError())
    client, (sent, ends) = Client(), response(body)
    with pytest.raises(ZeroDivisionError):
        send(sent, client)
    assert [message.get("more_body") for message in client.messages] == [None, True]
    assert (sent.sent, body.closed, ends) == (PIECE, 1, ["closed"])


@pytest.mark.parametrize("takes", [0, 1])
def test_an_error_of_the_server_is_raised(takes: int) -> None:
    body = Body(b"x")
    client, (sent, ends) = Client(takes, ZeroDivisionError()), response(body)
    with pytest.raises(ZeroDivisionError):
        send(sent, client)
    assert (sent.sent, body.closed, ends) == (0, 1, ["closed"])


def test_a_response_whose_headers_cannot_be_sent_is_closed() -> None:
    body = Body(b"x")
    client, (sent, ends) = Client(), response(body, [("X-A", "\u2603")])
    with pytest.raises(UnicodeEncodeError):
        send(sent, client)
    assert (client.messages, body.closed, ends) == ([], 1, ["closed"])
