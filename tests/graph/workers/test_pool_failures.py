"""A pool of workers that die or do not start, callers that leave, and a system without free descriptors."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.workers.pool import Pool
from graph.workers.query_fingerprints import Timing
from tests.graph.workers.pools import (
    ENDLESS,
    GREEDY,
    LARGE,
    QUICK,
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
from tests.processes import (
    kill,
    kill_workers,
    no_more_files,
    open_files,
    query_workers,
    resume,
    stop_workers,
    until,
)

pytestmark = pytest.mark.slow

PROGRAM = """
import asyncio
import sys
from pathlib import Path

from graph.core.settings import Settings
from graph.workers.observer import UNOBSERVED
from graph.workers.pool import Pool

async def main():
    await Pool(Path(sys.argv[1]), union=False, settings=Settings(workers=16), observer=UNOBSERVED).start()

asyncio.run(main())
"""


@on_event_loop
async def test_a_query_that_needs_too_much_memory_ends_its_worker_only(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=2, memory_bytes=1_200_000_000) as pool:
        (greedy,) = await running(pool, counts, GREEDY)
        assert await answer(pool, "ASK {}") == TRUE
        assert await refused(greedy) == "UTSAGA_MEMORY_BYTES"
        await until(lambda: pool.idle_count == 2)
    assert counts.outcomes == {"memory": 1, "ok": 1}
    assert counts.causes == {"memory": 1}


@on_event_loop
async def test_a_pool_that_is_closed_while_workers_start_leaves_none(store: Path, counts: Counts) -> None:
    pool = Pool(store, union=False, settings=Settings(workers=4), observer=counts)
    await pool.start()
    pool.close()
    await until(lambda: counts.started == 4)
    await until(lambda: not query_workers(store.parent))


@on_event_loop
async def test_a_query_whose_worker_dies_does_not_make_its_fingerprint_slow_for_good(
    store: Path, counts: Counts, quick: Timing
) -> None:
    async with started(store, counts) as pool:
        (task,) = await running(pool, counts, QUICK + ENDLESS)
        await until(lambda: not quick.is_quick)
        kill_workers(store.parent)
        assert await refused(task) == "workers"
        for _ in range(1000):
            quick.add(0.0)
        assert quick.is_quick


@on_event_loop
async def test_an_idle_worker_that_is_killed_is_replaced_once(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=2) as pool:
        kill(min(query_workers(store.parent)))
        await until(lambda: counts.started == 3 and pool.idle_count == 2)
        assert len(query_workers(store.parent)) == 2
        assert await answer(pool, number(1)) == numbered(1)
    assert counts.causes == {"idle": 1}
    assert counts.started == 3


@pytest.mark.parametrize("is_sent", [True, False])
@on_event_loop
async def test_a_worker_that_is_killed_takes_its_query_with_it_and_is_replaced_once(
    store: Path, counts: Counts, is_sent: bool
) -> None:
    async with started(store, counts, workers=2) as pool:
        pids = stop_workers(store.parent)
        if is_sent:
            tasks = await running(pool, counts, number(0), number(1))
            waiting = await queued(pool, number(2))
            kill(pids[0])
            resume(pids[1])
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert [each for each in results if isinstance(each, bytes)]
            assert await waiting == numbered(2)
        else:  # the pool has not noticed yet
            kill_workers(store.parent)
            results = [*await asyncio.gather(answer(pool, number(0)), return_exceptions=True)]
        errors = [each for each in results if isinstance(each, UtsagaError)]
        assert len(errors) == 1
        assert errors[0].faults[0].rule == "workers"
        await until(lambda: pool.idle_count == 2)
        assert len(query_workers(store.parent)) == 2
    assert counts.causes == ({"crash": 1} if is_sent else {"crash": 1, "idle": 1})
    assert counts.started == 2 + counts.causes.total()


@on_event_loop
async def test_a_cancelled_query_leaves_the_queue(store: Path, counts: Counts) -> None:
    async with started(store, counts, queue_length=1) as pool:
        (pid,) = stop_workers(store.parent)
        (task,) = await running(pool, counts, number(0))
        cancelled = await queued(pool, number(1))
        cancelled.cancel()
        await asyncio.wait({cancelled})
        waiting = await queued(pool, number(2))
        resume(pid)
        assert [await task, await waiting] == [numbered(0), numbered(2)]
    assert counts.ran == 2
    assert counts.outcomes == {"ok": 2}


@on_event_loop
async def test_a_cancelled_query_that_runs_is_killed_and_leaves_no_file(store: Path, counts: Counts) -> None:
    async with started(store, counts) as pool:
        before = open_files()
        (pid,) = query_workers(store.parent)
        (task,) = await running(pool, counts, ENDLESS)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        await until(lambda: pool.idle_count == 1)
        await until(lambda: pid not in query_workers(store.parent))
        await until(lambda: open_files() == before)
        assert await answer(pool, number(1)) == numbered(1)
    assert counts.outcomes == {"cancelled": 1, "ok": 1}
    assert counts.causes == {"cancelled": 1}


@on_event_loop
async def test_the_queued_query_runs_at_once_when_the_one_before_it_is_cancelled(
    store: Path, counts: Counts
) -> None:
    async with started(store, counts, queue_length=1) as pool:
        (endless,) = await running(pool, counts, ENDLESS)
        waiting = await queued(pool, number(2))
        endless.cancel()
        assert await asyncio.wait_for(waiting, 30) == numbered(2)


@on_event_loop
async def test_an_answer_that_comes_as_its_query_is_cancelled_leaves_no_file(store: Path) -> None:
    class Cancels(Counts):
        """Cancels the query that ends, before its caller goes on."""

        task: "asyncio.Task[bytes] | None" = None

        def query(self, outcome: str, seconds: float) -> None:
            super().query(outcome, seconds)
            assert self.task
            asyncio.get_running_loop().call_soon(self.task.cancel)

    counts = Cancels()
    async with started(store, counts) as pool:
        before = open_files()
        counts.task = begin(pool, LARGE)
        await asyncio.wait({counts.task})
        assert counts.task.cancelled()
        assert pool.idle_count == 1
        assert open_files() == before


@on_event_loop
async def test_workers_that_are_replaced_leave_no_descriptor_open(store: Path, counts: Counts) -> None:
    async with started(store, counts, workers=2) as pool:
        before = open_files()
        for _ in range(10):
            kill(min(query_workers(store.parent)))
            await until(lambda: pool.idle_count < 2)
            await until(lambda: pool.idle_count == 2)
            assert await refused(answer(pool, ENDLESS, 0.01)) == "UTSAGA_SECONDS"
            assert len((await answer(pool, LARGE)).splitlines()) == 1201
            await until(lambda: pool.idle_count == 2)
        await until(lambda: open_files() == before)
        assert len(query_workers(store.parent)) == 2
    assert counts.causes == {"idle": 10, "timeout": 10}


@on_event_loop
async def test_an_answer_that_finds_no_free_descriptor_is_an_error_and_the_next_comes_whole(
    store: Path, counts: Counts
) -> None:
    async with started(store, counts) as pool:
        (pid,) = stop_workers(store.parent)
        (task,) = await running(pool, counts, LARGE)
        with no_more_files():
            resume(pid)
            with pytest.raises(Unavailable, match="Too many open files"):
                await task
        assert len((await answer(pool, LARGE)).splitlines()) == 1201
    assert counts.started == 1


@on_event_loop
async def test_a_question_that_finds_no_free_descriptor_is_an_error_and_the_next_is_answered(
    store: Path, counts: Counts
) -> None:
    async with started(store, counts) as pool:
        with no_more_files(), pytest.raises(Unavailable, match="Too many open files"):
            await answer(pool, "ASK {} #" + " " * 90_000)
        assert await answer(pool, "ASK {} #" + " " * 90_000) == TRUE
    assert counts.started == 1


@pytest.mark.parametrize("is_missing", [True, False])
@on_event_loop
async def test_a_pool_whose_workers_cannot_start_raises_and_leaves_none(
    store: Path, counts: Counts, tmp_path: Path, caplog: pytest.LogCaptureFixture, is_missing: bool
) -> None:
    path = tmp_path / "store" if is_missing else store
    settings = Settings(workers=2, memory_bytes=Settings.memory_bytes if is_missing else 1 << 24)
    pool = Pool(path, union=False, settings=settings, observer=counts)
    with pytest.raises(Unavailable, match="No query worker has started"):
        await pool.start()
    assert await refused(answer(pool, "ASK {}")) == "release"
    await until(lambda: caplog.text.count("a query worker did not start") == 2)
    assert not query_workers(path.parent)
    assert counts.started == 0


def test_a_process_that_ends_while_workers_start_does_end(store: Path, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        for _ in range(4):
            done = subprocess.run([sys.executable, "-c", PROGRAM, store], check=False, stderr=log)
            assert done.returncode == 0
    assert (tmp_path / "log").read_text() == ""
