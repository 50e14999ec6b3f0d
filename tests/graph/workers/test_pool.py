"""The pool of query workers: quick answers whatever else runs, and an end to every query over a limit."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from graph.core.errors import BadInput, Forbidden, Unprocessable, UtsagaError
from graph.workers.query_fingerprints import Fingerprints, Timing
from tests.graph.workers.pools import (
    ENDLESS,
    LARGE,
    QUICK,
    SECONDS,
    SLOW,
    TRUE,
    Counts,
    answer,
    begin,
    number,
    numbered,
    on_event_loop,
    queued,
    refused,
    running,
    started,
)
from tests.processes import is_low_priority, query_workers, resume, stop_workers, until, wait_until


@on_event_loop
async def test_answers_small_and_large_come_whole(store: Path, counts: Counts) -> None:
    async with started(store, counts) as pool:
        assert await answer(pool, "ASK {}") == TRUE
        assert await answer(pool, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(false) }") == b""
        large = await answer(pool, LARGE)
        assert len(large.splitlines()) == 1201
        assert len(large) > 1 << 20
    assert counts.outcomes == {"ok": 3}


@on_event_loop
async def test_each_of_many_queries_gets_its_own_answer(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=3, queue_length=50) as pool:
        tasks = [begin(pool, number(place)) for place in range(50)]
        assert [await task for task in tasks] == [numbered(place) for place in range(50)]


@pytest.mark.parametrize("seconds", [0.2, 0.5])
@on_event_loop
async def test_a_query_over_its_time_is_killed_and_its_worker_replaced(
    store: Path, counts: Counts, seconds: float
) -> None:
    async with started(store, counts) as pool:
        (before,) = query_workers(store.parent)
        with pytest.raises(Unprocessable, match=f"after {seconds:g} seconds") as error:
            await answer(pool, ENDLESS, seconds)
        assert error.value.faults[0].rule == "UTSAGA_SECONDS"
        assert error.value.retry_after is None
        assert await answer(pool, "ASK {}") == TRUE
        wait_until(lambda: before not in query_workers(store.parent))
        assert len(query_workers(store.parent)) == 1
    assert counts.outcomes == {"timeout": 1, "ok": 1}
    assert counts.causes == {"timeout": 1}
    assert counts.started == 2


@pytest.mark.parametrize(
    ("text", "error", "rule", "outcome"),
    [
        ("SELECT ?o { ?s ?p ?o }", Unprocessable, "UTSAGA_RESULT_BYTES", "too-large"),
        ("SELECT ?o { ?s ?p ?o", BadInput, "SPARQL", "malformed"),
        ("ASK " + "{" * 2200 + "}" * 2200, BadInput, "UTSAGA_NESTING", "malformed"),
        ("DROP ALL", BadInput, "read-only", "malformed"),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", Forbidden, "allowed services", "forbidden"),
    ],
)
@on_event_loop
async def test_an_error_of_a_query_is_raised_with_its_words_and_ends_no_worker(
    store: Path, counts: Counts, text: str, error: type[UtsagaError], rule: str, outcome: str
) -> None:
    async with started(store, counts, result_bytes=2_500_000) as pool:
        with pytest.raises(error) as raised:
            await answer(pool, text)
        assert raised.value.faults[0].rule == rule
        assert pool.idle_count == 1
    assert counts.outcomes == {outcome: 1}
    assert counts.causes == {}


@on_event_loop
async def test_a_long_query_is_refused_while_as_many_run_as_may_and_quick_ones_are_answered(
    store: Path, counts: Counts
) -> None:
    async with started(store, counts, workers=3, long_queries=1, long_after=0.1) as pool:
        tasks = await running(pool, counts, ENDLESS, ENDLESS)
        ended, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [await refused(task) for task in ended] == ["UTSAGA_LONG_QUERIES"]
        for place in range(20):
            assert await answer(pool, number(place)) == numbered(place)
        assert len(left) == 1
        assert not any(task.done() for task in left)
        await until(lambda: pool.idle_count == 2)
        assert [is_low_priority(pid) for pid in query_workers(store.parent)].count(True) == 1
    assert counts.outcomes["crowded"] == 1
    assert counts.causes["crowded"] == 1


@on_event_loop
async def test_a_worker_of_low_priority_is_replaced_after_its_reply(store: Path, counts: Counts) -> None:
    async with started(store, counts, long_after=0.0) as pool:
        (pid,) = stop_workers(store.parent)
        (task,) = await running(pool, counts, number(1))
        await until(lambda: is_low_priority(pid))
        resume(pid)
        assert await task == numbered(1)
        await until(lambda: pool.idle_count == 1)
        wait_until(lambda: len(query_workers(store.parent)) == 1)
        assert not any(map(is_low_priority, query_workers(store.parent)))
    assert counts.outcomes == {"ok": 1}
    assert counts.causes == {"long": 1}


@pytest.mark.parametrize("length", [0, 2])
@on_event_loop
async def test_a_full_queue_refuses_one_more(store: Path, counts: Counts, length: int) -> None:
    async with started(store, counts, queue_length=length) as pool:
        (pid,) = stop_workers(store.parent)
        tasks = await running(pool, counts, number(0))
        tasks += [await queued(pool, number(place + 1)) for place in range(length)]
        assert await refused(answer(pool, number(9))) == "UTSAGA_QUEUE_LENGTH"
        resume(pid)
        assert [await task for task in tasks] == [numbered(place) for place in range(length + 1)]
    assert counts.outcomes == {"queue-full": 1, "ok": length + 1}


@pytest.mark.parametrize(("queue_seconds", "seconds"), [(0.2, SECONDS), (SECONDS, 0.4)])
@on_event_loop
async def test_a_query_that_queues_too_long_is_refused(
    store: Path, counts: Counts, queue_seconds: float, seconds: float
) -> None:
    """Half of its time is for running, so that it may queue for no longer than the other half."""
    async with started(store, counts, queue_seconds=queue_seconds) as pool:
        (pid,) = stop_workers(store.parent)
        (task,) = await running(pool, counts, number(1))
        assert await refused(answer(pool, number(2), seconds)) == "UTSAGA_QUEUE_SECONDS"
        resume(pid)
        assert await task == numbered(1)
    assert counts.outcomes == {"queue-timeout": 1, "ok": 1}
    assert counts.ran == 1


@on_event_loop
async def test_a_closed_pool_answers_what_runs_and_refuses_all_else(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=2) as pool:
        stopped = stop_workers(store.parent)
        tasks = await running(pool, counts, number(0), number(1))
        waiting = await queued(pool, number(2))
        pool.close()
        assert await refused(waiting) == "release"
        assert await refused(answer(pool, number(3))) == "release"
        for pid in stopped:
            resume(pid)
        assert [await task for task in tasks] == [numbered(0), numbered(1)]
        await until(lambda: not query_workers(store.parent))
        assert pool.idle_count == 0
    assert counts.started == 2


@on_event_loop
async def test_a_closed_pool_ends_its_idle_workers(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=3) as pool:
        pool.close()
        await until(lambda: not query_workers(store.parent))
    assert counts.started == 3


@on_event_loop
async def test_one_worker_is_left_to_queries_known_to_be_quick(
    store: Path, counts: Counts, quick: Timing
) -> None:
    async with started(store, counts, workers=3) as pool:
        stopped = stop_workers(store.parent)
        tasks = await running(pool, counts, number(0), number(1))
        tasks.append(await queued(pool, number(2)))
        assert pool.idle_count == 1
        tasks += await running(pool, counts, QUICK + number(3))
        assert pool.idle_count == 0
        for pid in stopped:
            resume(pid)
        assert [await task for task in tasks] == [numbered(place) for place in range(4)]
    assert quick.is_quick


@pytest.mark.parametrize("workers", [1, 2])
@on_event_loop
async def test_of_few_workers_none_is_left_to_quick_queries(
    store: Path, counts: Counts, workers: int, quick: Timing
) -> None:
    async with started(store, counts, workers=workers) as pool:
        stopped = stop_workers(store.parent)
        tasks = await running(pool, counts, *map(number, range(workers)))
        assert pool.idle_count == 0
        for pid in stopped:
            resume(pid)
        assert [await task for task in tasks] == [numbered(place) for place in range(workers)]
    assert quick.is_quick


@on_event_loop
async def test_quick_queries_leave_the_queue_before_the_others_each_in_their_order(
    store: Path, counts: Counts, quick: Timing
) -> None:
    async with started(store, counts) as pool:
        (pid,) = stop_workers(store.parent)
        tasks = await running(pool, counts, number(0))
        ended: list[int] = []

        def note(place: int, _: object) -> None:
            ended.append(place)

        for place, text in enumerate([number(1), QUICK + number(2), number(3), QUICK + number(4)], 1):
            tasks.append(await queued(pool, text))
            tasks[-1].add_done_callback(partial(note, place))
        resume(pid)
        assert [await task for task in tasks] == [numbered(place) for place in range(5)]
        await until(lambda: len(ended) == 4)
    assert ended == [2, 4, 1, 3]
    assert quick.is_quick


@on_event_loop
async def test_a_fingerprint_is_learnt_from_the_processor_time_of_its_queries(
    store: Path, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Recorded(Timing):
        """A timing that keeps what is added to it."""

        def __init__(self) -> None:
            super().__init__()
            self.added: list[float] = []

        def add(self, seconds: float) -> None:
            self.added.append(seconds)
            super().add(seconds)

    timings = {"ASK {}": Recorded(), SLOW: Recorded()}
    fingerprints = Fingerprints()
    monkeypatch.setattr(fingerprints, "timing", timings.get)
    monkeypatch.setattr("graph.workers.pool.Fingerprints", lambda: fingerprints)
    async with started(store, counts) as pool:
        for text in ("ASK {}", SLOW, "ASK {}"):
            assert await answer(pool, text)
    (first, last), (slow,) = (each.added for each in timings.values())
    assert 0 < first < slow
    assert 0 < last < slow


class Recorded(Timing):
    """A timing that keeps all that is added to it."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[float] = []

    def add(self, seconds: float) -> None:
        self.added.append(seconds)


@on_event_loop
async def test_what_an_answered_query_took_is_added_to_the_timing_of_its_fingerprint(
    store: Path, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = Recorded()
    monkeypatch.setattr(Fingerprints, "timing", lambda *_: timing)
    async with started(store, counts) as pool:
        await answer(pool, "ASK {}")
        await answer(pool, LARGE)
    assert len(timing.added) == 2
    assert all(0 < seconds < SECONDS for seconds in timing.added)


@on_event_loop
async def test_a_fingerprint_is_no_longer_quick_while_one_of_its_queries_runs_long(
    store: Path, counts: Counts, quick: Timing
) -> None:
    async with started(store, counts) as pool:
        (task,) = await running(pool, counts, QUICK + ENDLESS)
        await until(lambda: not quick.is_quick)
        assert not task.done()
        assert not counts.outcomes


@on_event_loop
async def test_a_query_that_waits_for_a_processor_does_not_make_its_fingerprint_slow(
    store: Path, counts: Counts, quick: Timing
) -> None:
    async with started(store, counts) as pool:
        (pid,) = stop_workers(store.parent)
        (task,) = await running(pool, counts, QUICK + number(1))
        assert await refused(answer(pool, number(2), 0.4)) == "UTSAGA_QUEUE_SECONDS"  # after several sweeps
        resume(pid)
        assert await task == numbered(1)
    assert quick.is_quick
