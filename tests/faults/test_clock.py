"""A clock that is set back: releases keep their order, and a running server goes on."""

import os
import subprocess
from pathlib import Path

import pytest

from bench.soak import served
from graph.release.releases import Releases
from tests.conftest import UTSAGA
from tests.faults.client import assert_no_traceback, get, is_ready, until
from tests.faults.conftest import Commands

pytestmark = pytest.mark.slow
LIBRARY = "faketime/libfaketime.so.1"


@pytest.fixture(scope="module")
def clock_settings() -> dict[str, str]:
    """The settings under which a process takes its time from a clock that a test sets."""
    found = next(Path("/usr/lib").glob(f"*/{LIBRARY}"), None)
    if found is None:
        pytest.skip("libfaketime is not installed (Debian: faketime)")
    return {"LD_PRELOAD": str(found), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1"}


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file with how far the clock is off."""
    path = tmp_path / "clock"
    path.write_text("+0")
    return path


def test_a_release_that_is_built_after_the_clock_was_set_back_is_the_newer_one(
    one: Path, facts: tuple[Path, Path], clock_settings: dict[str, str], commands: Commands
) -> None:
    old = Releases(one).live()
    command = [str(UTSAGA), "--releases", str(one), "build", "--facts", str(facts[1])]
    environment = {**os.environ, **clock_settings, "FAKETIME": "-400d"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    new = Releases(one).live()
    assert [each.manifest.id for each in Releases(one).all()] == [old.manifest.id, new.manifest.id]
    assert new.manifest.created > old.manifest.created
    assert commands.run("--releases", one, "releases", "prune", "--keep", "1").status == 0
    assert [each.manifest.id for each in Releases(one).all()] == [new.manifest.id]


def test_a_server_goes_on_when_the_clock_is_set_back(
    two: Path, clock: Path, clock_settings: dict[str, str]
) -> None:
    first, second = Releases(two).all()
    Releases(two).activate(first)
    settings = {**clock_settings, "FAKETIME_TIMESTAMP_FILE": str(clock), "UTSAGA_THROTTLE_LOOPBACK": "1"}
    with served(two, settings=settings) as (address, _):
        before = {path: get(address, path) for path in ("/source.json", "/feed.atom", "/dataset.ttl")}
        assert {status for status, _ in before.values()} == {200}
        set_back = clock.with_name("set-back")
        set_back.write_text("-30d")
        set_back.replace(clock)  # at once: libfaketime ends a process that reads an empty file
        assert {path: get(address, path) for path in before} == before
        for number in range(10, 20):
            assert get(address, f"/sparql?query=SELECT*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%20{number}")[0] == 200
        assert get(address, f"/sparql?query=ASK%7B%7D&release={second.manifest.id}")[0] == 200
        Releases(two).activate(second)
        until(lambda: first.manifest.id not in get(address, "/dataset")[1])
        assert is_ready(address)
        assert_no_traceback(two / "server.log")
