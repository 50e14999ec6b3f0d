"""Queries and requests that mean harm: none ends the server, is answered wrongly, or gets out of it."""

from pathlib import Path

import pytest

from bench.hostile.attack import attack, is_alive
from bench.hostile.canary import Canary
from bench.hostile.corpus import Case, load
from bench.soak import served
from graph.release.release import Release

SECONDS = 4.0
SLOW = ("memory", "nesting", "output", "time")  # groups of queries that mostly run until they are ended
EVERY = 6  # of the slow ones, one in so many; bench.hostile runs them all


def sample(cases: list[Case]) -> list[Case]:
    slow = [case for case in cases if case.group in SLOW]
    return [case for case in cases if case.group not in SLOW and case.patience < 5] + slow[::EVERY]


@pytest.mark.slow
def test_the_corpus_does_no_harm(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTSAGA_SECONDS", str(SECONDS))
    with Canary() as canary, served(release.path.parent) as (address, process):
        outcomes = attack(address, sample(load(canary.address)), seconds=SECONDS, concurrency=4)
        assert [f"{each.case}: {fault}" for each in outcomes for fault in each.faults] == []
        assert process.poll() is None
        assert is_alive(address)
    assert canary.touches == 0


def test_the_corpus_is_large_and_each_case_has_a_name() -> None:
    cases = load("127.0.0.1:9")
    assert len(cases) >= 150
    assert len({str(case) for case in cases}) == len(cases)


def test_the_canary_notices_a_call(tmp_path: Path) -> None:
    """Without this, the first test could not fail."""
    with Canary() as canary:
        is_alive(("127.0.0.1", canary.port))
        assert canary.touches == 1
