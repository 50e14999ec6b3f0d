"""From requests as they came to all that is sent."""

import asyncio
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.core.settings import Settings
from graph.release.releases import Release
from web.front import Front, Served
from web.gateway import Reply, origin_of
from web.http.access_log import Log
from web.http.metrics import Metrics
from web.http.request_log import Watch
from web.prompt import Line
from web.reader import Bounds, Reader, Request
from web.runtime.releases import Maker

BOUNDS = Bounds(100_000, 100_000, apart=2)
ASK = b"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: a\r\n\r\n"
PAGE = b"GET /organisation/malmo-kommun HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(scope="module")
def front(release: Release, log: io.StringIO) -> Iterator[Front]:
    threads, metrics = ThreadPoolExecutor(4), Metrics()
    line = Line(1, threads)
    served: Served = Maker(Settings(workers=1), metrics, line).release(release)
    yield Front(lambda: served, Watch(metrics, Log(log)), line, BOUNDS)
    served.close()
    threads.shutdown()


def read(raw: bytes) -> Request:
    [request] = Reader(origin_of(("127.0.0.1", 1), ("127.0.0.1", 80)), BOUNDS).feed(raw)
    return request


def answered(front: Front, raw: bytes) -> bytes:
    reply = asyncio.run(_answer(front, raw))
    assert isinstance(reply, bytes)
    return reply


async def _answer(front: Front, raw: bytes) -> Reply | bytes:
    return front.at_once(read(raw)) or await front.answer(read(raw))


def without_what_changes(sent: bytes) -> bytes:
    return re.sub(rb"(X-Request-ID|Date): [^\r]*", b"", sent)


def test_what_was_answered_is_known_by_its_bytes_and_the_same(front: Front, log: io.StringIO) -> None:
    assert front.again(ASK) is None
    first, second = answered(front, ASK), answered(front, ASK)
    known = front.again(ASK)
    assert known is not None
    assert without_what_changes(first) == without_what_changes(second) == without_what_changes(known)
    assert known.endswith(b'{"head":{},"boolean":true}')
    for sent in (first, second, known):
        found = re.search(rb"X-Request-ID: ([^\r]*)", sent)
        assert found
        assert log.getvalue().count(f'"id":"{found[1].decode()}"') == 1


@pytest.mark.parametrize(
    "raw",
    [
        ASK.replace(b"%7B%7D", b"%7B%7D%20"),
        ASK.replace(b"Host: a", b"Host: b"),
        ASK.replace(b"\r\n\r\n", b"\r\nAccept: application/sparql-results+xml\r\n\r\n"),
    ],
)
def test_other_bytes_are_read(front: Front, raw: bytes) -> None:
    answered(front, ASK)
    assert front.again(raw) is None


@pytest.mark.parametrize(
    "more", [b"X-Request-ID: mine\r\n", b"If-None-Match: *\r\n", b"Connection: close\r\n"]
)
def test_a_request_that_says_more_is_read_each_time(front: Front, more: bytes) -> None:
    raw = ASK[:-2] + more + b"\r\n\r\n"
    for _ in range(3):
        assert isinstance(asyncio.run(_answer(front, raw)), Reply)
        assert front.again(raw) is None


def test_what_is_no_request_is_refused_at_once(front: Front) -> None:
    reply = front.at_once(read(b"GET / HTTP/1.1\r\n\r\n"))
    assert isinstance(reply, Reply)
    assert reply.status == 400
    assert ("Content-Type", "application/problem+json") in reply.headers


def test_more_pages_than_may_wait_are_refused(front: Front) -> None:
    async def ask() -> list[Reply | bytes]:
        return await asyncio.gather(*(front.answer(read(PAGE)) for _ in range(5)))

    replies = [reply for reply in asyncio.run(ask()) if isinstance(reply, Reply)]
    assert [reply.status for reply in replies] == [200, 200, 503, 503, 503]
    assert ("Retry-After", "1") in replies[-1].headers
    assert b"UTSAGA_QUEUE_LENGTH" in replies[-1].body
    again = asyncio.run(front.answer(read(PAGE)))
    assert isinstance(again, Reply)
    assert again.status == 200
