import math
import sys
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.core.errors import TooManyRequests
from graph.core.settings import Settings
from web.http import rate_limit
from web.http.crawlers import CRAWLER
from web.http.rate_limit import Throttle

CLIENT = "203.0.113.7"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def refused(throttle: Throttle, client: str = CLIENT) -> int:
    """How long the client has to wait; 0 if it is let in."""
    try:
        throttle.admit(client)
    except TooManyRequests as error:
        return error.retry_after or -1
    return 0


def test_a_client_that_has_used_its_time_waits_until_some_has_come_back() -> None:
    clock = Clock()
    throttle = Throttle(60, clock=clock)
    for _ in range(5):
        assert not refused(throttle)
        throttle.spend(CLIENT, 10)
    assert not refused(throttle)
    throttle.spend(CLIENT, 20)  # ten more than were left
    assert refused(throttle) == 11
    clock.now += 9.9
    assert refused(throttle) == 1
    clock.now += 0.2
    assert not refused(throttle)


def test_the_answer_names_the_setting_and_the_wait() -> None:
    throttle = Throttle(30, clock=Clock())
    throttle.spend(CLIENT, 31)
    with pytest.raises(TooManyRequests) as caught:
        throttle.admit(CLIENT)
    assert caught.value.status == 429
    fault = caught.value.faults[0]
    assert fault.rule == "UTSAGA_CLIENT_SECONDS"
    assert "30 seconds" in fault.message
    assert caught.value.retry_after == 3  # half a second comes back each second
    assert "3 s" in fault.remedy


def test_clients_do_not_pay_for_each_other() -> None:
    throttle = Throttle(1, clock=Clock())
    throttle.spend(CLIENT, 5)
    assert refused(throttle)
    assert not refused(throttle, "203.0.113.8")


def test_the_loopback_is_exempt_unless_told_otherwise() -> None:
    throttle, strict = Throttle(1, clock=Clock()), Throttle(1, exempt_loopback=False, clock=Clock())
    for each in (throttle, strict):
        each.spend("127.0.0.1", 100)
    assert not refused(throttle, "127.0.0.1")
    assert len(throttle) == 0
    assert refused(strict, "127.0.0.1")


def test_a_client_has_so_many_places_at_a_time_and_gets_them_back() -> None:
    throttle = Throttle(60, at_once=2, clock=Clock())
    for _ in range(3):
        throttle.enter(CLIENT)
        throttle.enter(CLIENT)
        with pytest.raises(TooManyRequests) as caught:
            throttle.enter(CLIENT)
        assert caught.value.faults[0].rule == "UTSAGA_CLIENT_QUERIES"
        assert caught.value.retry_after == 1
        throttle.enter("203.0.113.8")
        for client in (CLIENT, CLIENT, "203.0.113.8"):
            throttle.leave(client, 0.1)


def test_who_has_no_time_left_takes_no_place() -> None:
    clock = Clock()
    throttle = Throttle(1, at_once=1, clock=clock)
    throttle.enter(CLIENT)
    throttle.leave(CLIENT, 2)
    with pytest.raises(TooManyRequests):
        throttle.enter(CLIENT)
    clock.now += 120
    throttle.enter(CLIENT)


def test_places_are_kept_where_time_has_no_limit_and_the_loopback_has_any_number() -> None:
    throttle = Throttle(0, at_once=1, clock=Clock())
    throttle.enter(CLIENT)
    with pytest.raises(TooManyRequests):
        throttle.enter(CLIENT)
    for _ in range(3):
        throttle.enter("127.0.0.1")
    for _ in range(3):
        throttle.leave("127.0.0.1", 1)
    strict = Throttle(0, at_once=1, exempt_loopback=False, clock=Clock())
    strict.enter("127.0.0.1")
    with pytest.raises(TooManyRequests):
        strict.enter("127.0.0.1")


def test_any_number_at_a_time_is_any_number() -> None:
    throttle = Throttle(60, clock=Clock())
    for _ in range(100):
        throttle.enter(CLIENT)
    for _ in range(100):
        throttle.leave(CLIENT, 0.1)


def test_a_budget_of_nothing_is_no_limit_and_a_nonsensical_one_an_error() -> None:
    throttle = Throttle(0, clock=Clock())
    throttle.spend(CLIENT, 1e9)
    assert not refused(throttle)
    for budget in (-1.0, math.nan):
        with pytest.raises(ValueError, match="UTSAGA_CLIENT_SECONDS"):
            Throttle(budget)


@pytest.mark.parametrize("seconds", [0.0, -5.0, math.nan])
def test_what_took_no_time_costs_nothing_and_gives_nothing(seconds: float) -> None:
    throttle = Throttle(1, clock=Clock())
    throttle.spend(CLIENT, 2)
    wait = refused(throttle)
    throttle.spend(CLIENT, seconds)
    assert refused(throttle) == wait


def test_time_unused_does_not_pile_up() -> None:
    clock = Clock()
    throttle = Throttle(10, clock=clock)
    throttle.spend(CLIENT, 1)
    clock.now += 100_000
    throttle.spend(CLIENT, 11)
    assert refused(throttle)


def test_memory_is_bounded_and_debts_are_kept_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CLIENTS", 100)
    clock = Clock()
    throttle = Throttle(60, clock=clock)
    throttle.spend("debtor", 1000)
    for number in range(5000):
        throttle.spend(f"passer-by {number}", 0.5)
        clock.now += 0.001
        assert len(throttle) <= 100
    assert refused(throttle, "debtor")


def test_full_buckets_are_forgotten_before_any_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CLIENTS", 100)
    clock = Clock()
    throttle = Throttle(60, clock=clock)
    for number in range(60):
        throttle.spend(f"early {number}", 1)
    clock.now += 10
    for number in range(41):
        throttle.spend(f"late {number}", 100)
    assert len(throttle) == 41
    assert all(refused(throttle, f"late {number}") for number in range(41))


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_threads_lose_no_second() -> None:
    clock = Clock()
    throttle = Throttle(60, clock=clock)

    def spend() -> None:
        for _ in range(2000):
            throttle.spend(CLIENT, 1)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused(throttle) == 16_000 - 60 + 1


COSTS = st.floats(0.001, 30)
GAPS = st.floats(0, 90)


@given(st.lists(st.tuples(GAPS, COSTS), max_size=60), st.floats(0.5, 600))
def test_no_client_has_more_than_its_budget_and_one_query(
    queries: list[tuple[float, float]], budget: float
) -> None:
    """Over any stretch: a full bucket, what flowed back meanwhile, and the one query that overdrew it."""
    clock = Clock()
    throttle = Throttle(budget, clock=clock)
    paid: list[tuple[float, float]] = []
    for gap, cost in queries:
        clock.now += gap
        if not refused(throttle):
            throttle.spend(CLIENT, cost)
            paid.append((clock.now, cost))
    for first in range(len(paid)):
        total = 0.0
        for now, cost in paid[first:]:
            assert total <= budget * (1 + (now - paid[first][0]) / 60) * (1 + 1e-9) + 1e-6
            total += cost


@given(st.lists(COSTS, min_size=1, max_size=30), st.floats(0.1, 600), st.floats(0, 1e9))
def test_who_has_waited_as_told_is_let_in(costs: list[float], budget: float, start: float) -> None:
    clock = Clock(start)
    throttle = Throttle(budget, clock=clock)
    for cost in costs:
        throttle.spend(CLIENT, cost)
    wait = refused(throttle)
    clock.now += wait
    assert not refused(throttle)


@given(st.lists(COSTS, min_size=2, max_size=20))
def test_waits_only_grow_with_what_is_spent(costs: list[float]) -> None:
    throttle = Throttle(1, clock=Clock())
    waits = []
    for cost in costs:
        throttle.spend(CLIENT, cost)
        waits.append(refused(throttle))
    assert all(earlier <= later for earlier, later in pairwise(waits))


@given(st.lists(st.tuples(GAPS, COSTS), max_size=30))
def test_a_client_within_its_budget_never_notices(queries: list[tuple[float, float]]) -> None:
    clock = Clock()
    throttle = Throttle(60, clock=clock)
    for gap, cost in queries:
        clock.now += gap + cost
        assert not refused(throttle)
        throttle.spend(CLIENT, cost)


def test_crawlers_have_budgets_of_their_own_and_share_their_places() -> None:
    settings = Settings(client_seconds=60, crawler_seconds=5, crawler_queries=1)
    people = Throttle.of(settings)
    crawlers, name = people.of_client({CRAWLER: "crawler GPTBot", "REMOTE_ADDR": CLIENT}, 0)
    assert people.of_client({"REMOTE_ADDR": CLIENT}, 0) == (people, CLIENT)
    crawlers.enter(name)
    with pytest.raises(TooManyRequests) as refused_place:
        crawlers.enter("crawler CCBot")
    assert refused_place.value.faults[0].rule == "UTSAGA_CRAWLER_QUERIES"
    people.enter(CLIENT)
    crawlers.leave(name, 6.0)
    with pytest.raises(TooManyRequests) as refused_time:
        crawlers.enter(name)
    assert refused_time.value.faults[0].rule == "UTSAGA_CRAWLER_SECONDS"
    assert "your 5 seconds a minute" in str(refused_time.value)
    crawlers.enter("crawler CCBot")


def test_a_crawler_never_uses_its_minute_at_once() -> None:
    crawlers = Throttle.of(Settings(crawler_seconds=5, crawler_queries=0)).crawlers
    pages = 0
    while not (wait := refused(crawlers, "crawler GPTBot")):
        crawlers.spend("crawler GPTBot", 0.1)
        pages += 1
    assert pages == 5, "a twelfth of five seconds, and the page that goes beyond it"
    assert wait in (1, 2), "what goes beyond is paid back at a twelfth of a second in each"
