"""Many clients of one pool at once, with every kind of query and every kind of failure."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop

from graph.core.errors import BadInput, Unavailable, Unprocessable, UtsagaError
from graph.workers.pool import Pool
from tests.graph.workers.pools import (
    ENDLESS,
    LARGE,
    Counts,
    answer,
    begin,
    number,
    numbered,
    started,
    strict_callbacks,
)
from tests.processes import kill, open_files, query_workers, until

pytestmark = pytest.mark.slow

SLOW = "SELECT (COUNT(*) + {} AS ?n) {{ ?a ?b ?c {{ SELECT ?d {{ ?d ?e ?f }} LIMIT 300 }} }}"


class Client:
    """Sends one query after another, as it is chosen at random, and checks each answer."""

    def __init__(self, pool: Pool, store: Path, chance: random.Random) -> None:
        self.results: Counter[str] = Counter()
        self._pool, self._store, self._chance = pool, store, chance

    async def run(self, places: range) -> None:
        kinds = ["quick"] * 8 + ["slow", "large", "wrong", "refused", "endless", "cancelled", "killed"]
        for place in places:
            kind = self._chance.choice(kinds)
            try:
                await getattr(self, f"send_{kind}")(place)
            except UtsagaError as error:
                self.results[error.faults[0].rule] += 1
            else:
                self.results[kind] += 1

    async def send_quick(self, place: int) -> None:
        assert await answer(self._pool, number(place)) == numbered(place)

    async def send_slow(self, place: int) -> None:
        text = SLOW.format(place)
        assert await answer(self._pool, text) == numbered(1500 * 300 + place)

    async def send_large(self, place: int) -> None:
        rows = (await answer(self._pool, LARGE.replace("?o {", f"?o ({place} AS ?n) {{"))).splitlines()
        assert len(rows) == 1201
        assert all(row.endswith(f",{place}".encode()) for row in rows[1:])

    async def send_wrong(self, place: int) -> None:
        with pytest.raises(BadInput, match=f"“wrong{place}”"):
            await answer(self._pool, f"wrong{place}")

    async def send_refused(self, place: int) -> None:
        with pytest.raises(BadInput, match="DROP begins an update"):
            await answer(self._pool, f"DROP GRAPH <urn:g{place}>")

    async def send_endless(self, place: int) -> None:
        seconds = 0.1 + place / 1000
        with pytest.raises((Unavailable, Unprocessable)) as error:
            await answer(self._pool, ENDLESS, seconds)
        if error.value.faults[0].rule != "UTSAGA_SECONDS":
            raise error.value
        assert f"{seconds:g} seconds" in str(error.value)

    async def send_cancelled(self, place: int) -> None:
        task = begin(self._pool, self._chance.choice([LARGE, SLOW.format(place), number(place)]))
        for _ in range(self._chance.randrange(4)):
            await asyncio.sleep(self._chance.choice([0, 0.01]))
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()):
            raise error

    async def send_killed(self, _place: int) -> None:
        if pids := sorted(query_workers(self._store.parent)):
            kill(self._chance.choice(pids))


async def results_of_clients(store: Path, counts: Counts, seed: int) -> Counter[str]:
    """Return what became of 200 queries of ten clients, once the pool is as it was before."""
    limits = {"long_after": 0.05, "long_queries": 2, "queue_length": 6, "result_bytes": 5_000_000}
    with strict_callbacks():
        async with started(store, counts, workers=4, **limits) as pool:
            before = open_files()
            clients = [Client(pool, store, random.Random(seed * 100 + i)) for i in range(10)]  # noqa: S311
            await asyncio.gather(*(each.run(range(i * 20, i * 20 + 20)) for i, each in enumerate(clients)))
            await until(lambda: pool.idle_count == 4)
            await until(lambda: len(query_workers(store.parent)) == 4)
            await until(lambda: open_files() == before)
        return sum((each.results for each in clients), Counter())


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_mix_of_queries_gets_the_right_answers_and_costs_no_worker(
    store: Path, counts: Counts, seed: int, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        results = runner.run(results_of_clients(store, counts, seed))
    errors = {
        "workers",
        "UTSAGA_LONG_QUERIES",
        "UTSAGA_QUEUE_LENGTH",
        "UTSAGA_QUEUE_SECONDS",
        "UTSAGA_SECONDS",
    }
    sent = {name.removeprefix("send_") for name in vars(Client) if name.startswith("send_")}
    assert results.total() == 200
    assert set(results) <= sent | errors
    assert results["workers"] <= results["killed"]
    assert all(results[kind] for kind in ("quick", "large", "wrong", "refused"))
