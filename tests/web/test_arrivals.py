"""Waiting on the event loop, with sockets in the place of workers."""

import asyncio
import errno
import os
import random
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, cast

import pytest
import uvloop

from graph.begun import Begun
from graph.core.errors import BadInput, Unavailable
from graph.rdf.query_types import Answer
from graph.workers.limits import Looks, OverrunError
from graph.workers.process import BRIEF
from web.arrivals import Arrivals, Instead, News, Patience

Test = Callable[["Hall"], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]
SOON = 2.0  # seconds
LATE, WITHDRAWN = Instead.LATE, Instead.WITHDRAWN


class Stand:
    """What stands for a worker: a socket, and its other end to answer by; notes what is done about it."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.withdrawals = self.abandoned = 0
        self.dropped: list[bytes] = []

    def fileno(self) -> int:
        return self.ours.fileno()

    def withdraw(self) -> None:
        self.withdrawals += 1

    def answer(self, *bodies: bytes) -> None:
        for body in bodies:
            self.theirs.send(body)

    def take(self) -> bytes:
        taken = self.ours.recv(99, socket.MSG_DONTWAIT)
        if not taken:
            raise EOFError
        return taken

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


class Asked:
    """What stands for a question that a worker is at."""

    def __init__(
        self, worker: Stand, collecting: Callable[[], None] = lambda: None, patience: Sequence[float] = ()
    ) -> None:
        self.worker, self._collecting, self._patience = worker, collecting, patience
        self.looked = 0
        self.closed = self.was_last = False

    def collect(self, *, is_last: bool = False) -> Answer:
        self.was_last = is_last
        self._collecting()
        return Answer(self.worker.take(), "text/plain")

    def drop(self) -> None:
        self.worker.dropped.append(self.worker.take())

    def abandon(self) -> None:
        self.worker.abandoned += 1

    def looks(self) -> Looks:
        try:
            for seconds in self._patience:
                self.looked += 1
                yield seconds
            raise OverrunError("timeout", Unavailable("too long"))
        finally:
            self.closed = True

    def overrun(self, overrun: OverrunError) -> Unavailable:
        self.worker.close()
        return overrun.error


class Hall:
    """Arrivals on a loop, and stands that are closed in the end."""

    def __init__(self, opened: ExitStack) -> None:
        self.arrivals, self.loop, self.opened = Arrivals(), asyncio.get_running_loop(), opened

    def stand(self) -> Stand:
        stand = Stand()
        self.opened.callback(stand.close)
        return stand

    def watch(
        self,
        stand: Stand,
        collecting: Callable[[], None] = lambda: None,
        before: Callable[[], None] = lambda: None,
    ) -> News:
        return self.arrivals.watch(cast(Begun, Asked(stand, collecting)), self.loop, before)


async def told(*news: Awaitable[Answer | Instead]) -> list[bytes | Instead]:
    found = await asyncio.wait_for(asyncio.gather(*news), SOON)
    return [each.read() if isinstance(each, Answer) else each for each in found]


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.001)


@pytest.fixture(params=[asyncio.run, uvloop.run])
def run(request: pytest.FixtureRequest) -> Run:
    """What runs a test in a hall on an event loop of each kind, in which nothing may go wrong unnoticed."""

    async def main(test: Test) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        with ExitStack() as opened:
            await test(Hall(opened))
        return errors

    def run(test: Test) -> None:
        assert request.param(main(test)) == []

    return run


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question is late before it is answered, however busy this machine is."""
    monkeypatch.setattr("web.arrivals.BRIEF", SOON)


@pytest.fixture
def patient(unhurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is any withdrawn."""
    monkeypatch.setattr("web.arrivals._IN_HAND", SOON)


@pytest.mark.usefixtures("patient")
def test_who_answers_is_told_each_time(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stands = [hall.stand() for _ in range(3)]
        for turn in range(5):
            news = [hall.watch(stand) for stand in stands]
            bodies = [b"%d of %d" % (turn, place) for place in range(3)]
            for stand, body in zip(stands, bodies, strict=True):
                stand.answer(body)
            assert await told(*news) == bodies

    run(test)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("together", [True, False])
def test_answers_are_told_in_the_order_of_their_questions(run: Run, together: bool) -> None:
    async def test(hall: Hall) -> None:
        stand, bodies = hall.stand(), [b"1", b"2", b"3", b"4"]
        news = [hall.watch(stand) for _ in bodies]
        if together:
            stand.answer(*bodies)
            assert await told(*news) == bodies
        for each, body in zip(news, bodies, strict=True):
            if not together:
                stand.answer(body)
            assert await told(each) == [body]

    run(test)


@pytest.mark.usefixtures("patient")
def test_something_may_be_done_before_an_answer_is_told(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand, order = hall.stand(), list[str]()
        first = hall.watch(stand, before=lambda: order.append("before"))
        first.add_done_callback(lambda _: order.append("told"))
        second = hall.watch(stand, before=lambda: order.append("never"))
        second.cancel()
        stand.answer(b"1", b"2")
        await told(first)
        await until(lambda: stand.dropped == [b"2"])
        assert order == ["before", "told"]

    run(test)


@pytest.mark.usefixtures("patient")
def test_what_somebody_else_has_taken_is_not_waited_for(run: Run) -> None:
    """Both answers are told of in one turn of the loop; whoever is first takes the other's too."""

    async def test(hall: Hall) -> None:
        def steal(stand: Stand) -> None:
            if not taken:
                began.append(time.monotonic())
                taken.append(stand.take())

        stands, taken, began = [hall.stand(), hall.stand()], list[bytes](), list[float]()
        news = [
            hall.watch(mine, partial(steal, other))
            for mine, other in zip(stands, reversed(stands), strict=True)
        ]
        for stand, body in zip(stands, (b"1", b"2"), strict=True):
            stand.answer(body)
        await until(lambda: any(each.done() for each in news))
        assert time.monotonic() - began[0] < BRIEF
        (loser,) = [place for place, each in enumerate(news) if not each.done()]
        assert taken == [[b"1", b"2"][loser]]
        stands[loser].answer(b"again")
        assert await told(news[loser]) == [b"again"]

    run(test)


@pytest.mark.usefixtures("patient")
def test_more_may_be_asked_behind_what_is_owed(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = [hall.watch(stand)]
        for turn in range(20):
            news.append(hall.watch(stand))
            stand.answer(b"%d" % turn)
            assert await told(news.pop(0)) == [b"%d" % turn]
        assert not news[0].done()
        assert not stand.withdrawals

    run(test)


@pytest.mark.usefixtures("patient")
def test_who_has_not_answered_is_waited_for(run: Run) -> None:
    async def test(hall: Hall) -> None:
        one, other = hall.stand(), hall.stand()
        news = [hall.watch(one), hall.watch(other)]
        one.answer(b"answer")
        assert await told(news[0]) == [b"answer"]
        await asyncio.sleep(0.05)
        assert not news[1].done()

    run(test)


@pytest.mark.parametrize("later", [0.0, BRIEF * 0.9])
def test_who_is_not_brief_is_left_and_what_is_behind_it_withdrawn(run: Run, later: float) -> None:
    async def test(hall: Hall) -> None:
        stand, began = hall.stand(), hall.loop.time()
        first = hall.watch(stand)
        first.add_done_callback(lambda _: ends.append(hall.loop.time()))
        ends: list[float] = []
        await asyncio.sleep(later)
        assert await told(first, hall.watch(stand), hall.watch(stand)) == [LATE, WITHDRAWN, WITHDRAWN]
        assert ends[0] - began > BRIEF - 0.002
        assert stand.withdrawals
        stand.answer(b"late")
        await asyncio.sleep(0.02)
        assert stand.take() == b"late"  # it was left to whoever waits for it now

    run(test)


@pytest.mark.usefixtures("unhurried")
def test_what_waits_behind_another_is_withdrawn_soon_while_that_goes_on(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        first, *behind = [hall.watch(stand) for _ in range(4)]
        assert await told(*behind) == [WITHDRAWN] * 3
        assert not first.done()
        assert stand.withdrawals == 1
        stand.answer(b"1", b"none", b"begun after all", b"none")
        assert await told(first) == [b"1"]
        await until(lambda: len(stand.dropped) == 3)
        assert stand.dropped == [b"none", b"begun after all", b"none"]
        again = hall.watch(stand)
        stand.answer(b"5")
        assert await told(again) == [b"5"]
        assert not stand.abandoned

    run(test)


@pytest.mark.usefixtures("unhurried")
def test_what_has_become_the_first_is_not_withdrawn_but_what_is_behind_it_is(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = [hall.watch(stand) for _ in range(3)]
        stand.answer(b"1")
        assert await told(news[0], news[2]) == [b"1", WITHDRAWN]
        assert not news[1].done()
        stand.answer(b"2")
        assert await told(news[1]) == [b"2"]

    run(test)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("said", [[], [b"last words"]])
def test_who_dies_is_buried_elsewhere_and_what_is_behind_asked_elsewhere(run: Run, said: list[bytes]) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = [hall.watch(stand) for _ in range(3)]
        stand.answer(*said)
        stand.theirs.close()
        assert await told(*news) == [*said, LATE, WITHDRAWN, WITHDRAWN][:3]

    run(test)


def test_what_was_begun_though_it_was_withdrawn_is_abandoned_if_it_does_not_end(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.arrivals.BRIEF", 0.2)

    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = [hall.watch(stand) for _ in range(3)]
        assert await told(*news[1:]) == [WITHDRAWN] * 2
        stand.answer(b"1")
        assert await told(news[0]) == [b"1"]
        await until(lambda: stand.abandoned > 0)
        stand.answer(b"2", b"3")
        await asyncio.sleep(0.3)
        assert (stand.dropped, stand.abandoned) == ([], 1)

    run(test)


@pytest.mark.usefixtures("patient")
def test_what_was_begun_though_it_was_withdrawn_is_abandoned_if_its_worker_dies(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        news = hall.watch(stand)
        news.cancel()
        stand.theirs.close()
        await until(lambda: stand.abandoned == 1)

    run(test)


@pytest.mark.usefixtures("unhurried")
def test_what_comes_for_who_has_gone_is_dropped(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        first, second = hall.watch(stand), hall.watch(stand)
        first.cancel()
        stand.answer(b"1", b"2")
        assert await told(second) == [b"2"]
        assert stand.dropped == [b"1"]

    run(test)


@pytest.mark.usefixtures("patient")
def test_a_worker_that_others_ask_is_left_alone(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        for turn in range(3):
            news = hall.watch(stand)
            stand.answer(b"%d" % turn)
            assert await told(news) == [b"%d" % turn]
            stand.answer(b"for another")
            began = time.thread_time()
            await asyncio.sleep(0.1)
            assert time.thread_time() - began < 0.05
            assert stand.take() == b"for another"

    run(test)


@pytest.mark.usefixtures("patient")
def test_a_worker_may_end_while_it_is_about_to_be_left_alone(run: Run) -> None:
    async def test(hall: Hall) -> None:
        one, other = hall.stand(), hall.stand()
        news = hall.watch(other)
        other.answer(b"1")
        assert await told(news) == [b"1"]
        news = hall.watch(one, other.close)
        one.answer(b"2")
        other.answer(b"for another")
        assert await told(news) == [b"2"]

    run(test)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("has_answered", [True, False])
def test_a_descriptor_may_be_another_s_later(run: Run, has_answered: bool) -> None:
    async def test(hall: Hall) -> None:
        first = hall.stand()
        news, descriptor = hall.watch(first), first.fileno()
        if has_answered:
            first.answer(b"answer of the first")
            assert await told(news) == [b"answer of the first"]
        first.close()
        second = hall.stand()
        assert descriptor in (second.ours.fileno(), second.theirs.fileno())
        if second.fileno() != descriptor:
            second.ours, second.theirs = second.theirs, second.ours
        news = hall.watch(second)
        second.answer(b"answer")
        assert await told(news) == [b"answer"]

    run(test)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("error", [BadInput("no query"), Unavailable("gone"), ValueError("of no known kind")])
def test_what_is_raised_instead_of_an_answer_is_raised_to_who_asked(run: Run, error: Exception) -> None:
    async def test(hall: Hall) -> None:
        def fail() -> None:
            stand.take()
            raise error

        stand = hall.stand()
        failing, other = hall.watch(stand, fail), hall.watch(stand)
        stand.answer(b"1", b"2")
        with pytest.raises(type(error), match=str(error)):
            await told(failing)
        assert await told(other) == [b"2"]

    run(test)


@pytest.mark.parametrize("patience", [[SOON], [0.01, 0.01, SOON]])
def test_what_takes_long_is_looked_at_until_it_is_answered(run: Run, patience: list[float]) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        asked = Asked(stand, patience=patience)
        finishing = hall.loop.create_task(hall.arrivals.finish(cast(Begun, asked)))
        await until(lambda: asked.looked == len(patience))
        assert not finishing.done()
        stand.answer(b"answer")
        assert await told(finishing) == [b"answer"]
        assert (asked.closed, asked.was_last) == (True, True)
        news = hall.watch(stand)
        stand.answer(b"next")
        assert await told(news) == [b"next"]

    run(test)


def test_what_takes_too_long_is_ended_once_it_is_not_watched_any_more(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        with pytest.raises(Unavailable, match="too long"):
            await hall.arrivals.finish(cast(Begun, Asked(stand, patience=[0.01])))
        again = hall.stand()
        news = hall.watch(again)
        again.answer(b"answer")
        assert await told(news) == [b"answer"]

    run(test)


@pytest.mark.parametrize("said", [[], [b"last words"]])
def test_why_a_worker_died_that_takes_long_is_found_out_elsewhere(run: Run, said: list[bytes]) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        asked = Asked(stand, patience=[SOON])
        finishing = hall.loop.create_task(hall.arrivals.finish(cast(Begun, asked)))
        await until(lambda: asked.looked > 0)
        stand.answer(*said)
        stand.theirs.close()
        assert await told(finishing) == [*said, LATE][:1]
        assert asked.closed

    run(test)


def test_who_cannot_be_watched_is_waited_for_elsewhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("os.dup", fail)

    async def test(hall: Hall) -> None:
        stand = hall.stand()
        assert await told(hall.watch(stand)) == [LATE]
        assert await hall.arrivals.finish(cast(Begun, Asked(stand, patience=[SOON]))) is LATE

    run(test)


def test_what_takes_long_is_abandoned_by_whoever_gives_up(run: Run) -> None:
    async def test(hall: Hall) -> None:
        stand = hall.stand()
        asked = Asked(stand, patience=[SOON])
        finishing = hall.loop.create_task(hall.arrivals.finish(cast(Begun, asked)))
        await until(lambda: asked.looked > 0)
        finishing.cancel()
        await asyncio.wait([finishing])
        assert (stand.abandoned, asked.closed) == (1, True)

    run(test)


class Clock:
    """What stands for an event loop whose time is ours; it has one timer."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: tuple[float, Callable[[], None]] | None = None

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, act: Callable[..., None], *args: object) -> None:
        assert self._next is None
        self._next = when, lambda: act(*args)

    def run(self, until: float) -> None:
        while self._next and self._next[0] <= until:
            (self.now, act), self._next = self._next, None
            act()
        self.now = until


def moments(chance: random.Random) -> Iterator[float]:
    now = 0.0
    for _ in range(200):
        now += chance.choice([0, 0, 0.01, 0.3, 0.7, 4]) * chance.random()
        yield now


@pytest.mark.parametrize("seed", range(10))
def test_each_thing_has_its_time_and_at_most_a_quarter_more(seed: int) -> None:
    clock = Clock()
    acted: list[tuple[float, float]] = []
    patience = Patience[float](1.0, lambda began: acted.append((began, clock.now)))
    began = list(moments(random.Random(seed)))  # noqa: S311 (no secret)
    for each in began:
        clock.run(each)
        patience.limit(each, cast(asyncio.AbstractEventLoop, clock))
    clock.run(began[-1] + 2)
    assert [start for start, _ in acted] == began
    assert all(1 <= end - start <= 1.25 + 1e-9 for start, end in acted)


def test_what_fails_in_its_time_keeps_nothing_else_from_its_own() -> None:
    def act(thing: int) -> None:
        acted.append(thing)
        if thing == 1:
            raise ValueError(thing)

    clock, patience, acted = Clock(), Patience[int](1.0, act), list[int]()
    for thing in (1, 2, 3):
        patience.limit(thing, cast(asyncio.AbstractEventLoop, clock))
    with pytest.raises(ValueError, match="1"):
        clock.run(2)
    clock.run(4)
    assert acted == [1, 2, 3]


@pytest.mark.parametrize("run_loop", [asyncio.run, uvloop.run])
def test_patience_ends_on_a_loop(run_loop: Any) -> None:
    async def main() -> list[float]:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        ends: list[float] = []

        def act(began: float) -> None:
            ends.append(loop.time() - began)
            if len(ends) == 3:
                over.set()

        patience = Patience[float](0.1, act)
        for _ in range(3):
            patience.limit(loop.time(), loop)
            await asyncio.sleep(0.04)
        await asyncio.wait_for(over.wait(), SOON)
        return ends

    assert all(0.095 <= end < 1 for end in run_loop(main()))
