"""Waiting on the event loop, with sockets in the place of workers."""

import asyncio
import socket
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from typing import Any, cast

import pytest
import uvloop

from graph.workers import Worker
from web.arrivals import Arrivals, Patience, settle

LOOPS = pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
SOON = 2.0  # seconds


class Stand:
    """What stands for a worker: a socket, and its other end to answer by."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def fileno(self) -> int:
        return self.ours.fileno()

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


class Hall:
    """Arrivals on a loop, and stands that are closed in the end."""

    def __init__(self, opened: ExitStack) -> None:
        self.arrivals, self.loop, self.opened = Arrivals(), asyncio.get_running_loop(), opened

    def stand(self) -> Stand:
        stand = Stand()
        self.opened.callback(stand.close)
        return stand

    def watch(self, stand: Stand) -> asyncio.Future[bool]:
        return self.arrivals.watch(cast(Worker, stand), self.loop)


def run_in_hall(run: Any, test: Any) -> None:
    async def main() -> None:
        with ExitStack() as opened:
            await test(Hall(opened))

    run(main())


@LOOPS
def test_who_answers_is_told_each_time(run: Any) -> None:
    async def test(hall: Hall) -> None:
        stands = [hall.stand() for _ in range(3)]
        for _ in range(5):
            news = [hall.watch(stand) for stand in stands]
            for stand in stands:
                stand.theirs.send(b"answer")
            assert await asyncio.wait_for(asyncio.gather(*news), SOON) == [True] * 3
            for stand in stands:
                stand.ours.recv(9)

    run_in_hall(run, test)


@LOOPS
def test_who_has_not_answered_is_waited_for(run: Any) -> None:
    async def test(hall: Hall) -> None:
        one, other = hall.stand(), hall.stand()
        news = [hall.watch(one), hall.watch(other)]
        one.theirs.send(b"answer")
        assert await asyncio.wait_for(news[0], SOON)
        await asyncio.sleep(0.05)
        assert not news[1].done()

    run_in_hall(run, test)


@LOOPS
def test_who_ends_has_not_answered(run: Any) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = hall.watch(stand)
        stand.theirs.close()
        assert await asyncio.wait_for(news, SOON) is False

    run_in_hall(run, test)


@LOOPS
def test_an_answer_that_somebody_else_has_taken_is_not_the_next_one(run: Any) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        settle(hall.watch(stand), False)  # given up
        stand.theirs.send(b"late")
        stand.ours.recv(9)
        news = hall.watch(stand)
        await asyncio.sleep(0.05)
        assert not news.done()
        stand.theirs.send(b"answer")
        assert await asyncio.wait_for(news, SOON)

    run_in_hall(run, test)


@LOOPS
def test_a_descriptor_may_be_another_s_later(run: Any) -> None:
    async def test(hall: Hall) -> None:
        first = hall.stand()
        hall.watch(first)
        descriptor = first.fileno()
        first.close()
        second = hall.stand()
        assert descriptor in (second.ours.fileno(), second.theirs.fileno())
        if second.fileno() != descriptor:
            second.ours, second.theirs = second.theirs, second.ours
        news = hall.watch(second)
        second.theirs.send(b"answer")
        assert await asyncio.wait_for(news, SOON)

    run_in_hall(run, test)


def waiting(count: int) -> tuple[list[asyncio.Future[bool]], Coroutine[Any, Any, list[bool]]]:
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(count)]
    return futures, asyncio.wait_for(asyncio.gather(*futures), SOON)


def test_patience_ends_for_each_in_its_time() -> None:
    async def main() -> list[float]:
        patience, loop = Patience(0.1), asyncio.get_running_loop()
        began = time.monotonic()
        ends = []
        futures, all_settled = waiting(3)
        for future in futures:
            future.add_done_callback(lambda _: ends.append(time.monotonic() - began))
            patience.limit(future, loop)
            await asyncio.sleep(0.04)
        assert await all_settled == [False] * 3
        return ends

    ends = asyncio.run(main())
    assert all(0.09 + 0.04 * place <= end < 1 for place, end in enumerate(ends))


def test_what_is_settled_in_time_stays_so() -> None:
    async def main() -> list[bool]:
        patience, loop = Patience(0.05), asyncio.get_running_loop()
        futures, all_settled = waiting(3)
        for future in futures:
            patience.limit(future, loop)
        settle(futures[1], True)
        found = await all_settled
        await asyncio.sleep(0.1)
        patience.limit(futures[1], loop)  # it can begin again after a rest
        again = loop.create_future()
        patience.limit(again, loop)
        return [*found, await asyncio.wait_for(again, SOON)]

    assert asyncio.run(main()) == [False, True, False, False]
