"""What the attacks measure: times of requests that had to wait are counted, and what is too much is said."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from bench.strangers.attackers import Attackers, request
from bench.strangers.attacks import ALL, Attack
from bench.strangers.canary import Sample, percentile
from bench.strangers.verdict import Verdict

SOUND = [Sample(True, 0.001, "200"), Sample(False, 0.001, "200")] * 50


async def attack(_: Attackers) -> None:
    """Attack nothing."""


def verdict(samples: list[Sample], faults: dict[str, int] | None = None, most: int = 0) -> list[str]:
    found = Verdict(Attack(attack, growth=100), samples, Counter(), Counter(faults), before=10, most=most)
    return found.violations


def test_requests_that_would_have_been_sent_meanwhile_are_counted() -> None:
    samples = [Sample(True, 0.01, "200")] * 99 + [Sample(True, 10, "200")]
    assert percentile(samples, 20, 0.5) > 1000
    assert percentile(samples[:99], 20, 0.99) == 10


def test_no_requests_have_no_times() -> None:
    assert percentile([], 20, 0.99) == 0


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (verdict(SOUND), ""),
        (verdict(SOUND, most=110), ""),
        (verdict(SOUND, most=111), "memory grows"),
        (verdict([Sample(True, 0.25, "200")] * 9), "lookups take 250 ms"),
        (verdict([*SOUND, Sample(False, 0.001, "503")]), "others get {'503': 1}"),
        (verdict(SOUND, {"status 500": 2}), "status 500 ×2"),
    ],
)
def test_what_is_too_much_is_said(found: list[str], words: str) -> None:
    assert len(found) == bool(words)
    assert all(each.startswith(words) for each in found)


def test_attacks_have_names_of_their_own() -> None:
    assert len({each.name for each in ALL}) == len(ALL) > 15
    assert all(each.run.__doc__ for each in ALL)


def answering(reply: bytes) -> Callable[..., Counter[str]]:
    """Return what sends requests to a server that answers each connection's first with `reply`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        writer.close()

    async def send(requests: list[bytes]) -> Counter[str]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            attackers = Attackers(server.sockets[0].getsockname(), "127.0.0.9", 30)
            await attackers.one_after_another(1, requests)
        return attackers.outcomes

    return lambda *requests: asyncio.run(send(list(requests)))


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
    ],
    ids=["length", "chunks", "continue"],
)
def test_replies_are_read_however_they_are_framed(reply: bytes) -> None:
    sent = request("GET", "/")
    assert answering(reply)(sent, sent) == {"200": 2}


def test_a_connection_that_ends_without_a_reply_is_counted() -> None:
    assert answering(b"HTTP/1.1 200 OK\r\nContent-Le")(request("GET", "/")) == {"closed": 1}
