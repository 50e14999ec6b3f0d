"""Builds, activations and deletions that are killed: what is live stays whole, the next one goes through."""

import os
import shutil
import signal
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from graph.release.release_check import faults
from graph.release.releases import Releases
from tests.faults.conftest import Commands

EVERY = 3  # of the changes of files, before which a build is killed
POINTS = 20  # at least, with those of the engines
NATIVE = ("store/CURRENT", "store/*.sst", "tables-*.sqlite.staging", "search/meta.json", "search/*.store")
"""Files that the engines write, of which the program itself sees no event: killed when each has appeared."""
pytestmark = pytest.mark.slow
KEPT = {"current", "made.jsonl", "query-runs", ".lock", ".made.jsonl.lock"}


def assert_live_is_whole(home: Path, *names: str) -> None:
    """Check that one of the releases called `names` is live, and that all that are kept are whole."""
    releases = Releases(home)
    assert releases.live().manifest.id in names
    for each in releases.all():
        assert faults(each) == []


def assert_nothing_left(home: Path) -> None:
    """Check that the folder holds nothing but releases and what belongs to them."""
    releases = {each.path.name for each in Releases(home).all()}
    assert {each.name for each in home.iterdir()} - releases == KEPT
    assert {each.name.partition(".")[0] for each in (home / "query-runs").iterdir()} <= releases


def kill_when(path: Path, pattern: str, pid: int) -> threading.Thread:
    """Kill a process as soon as there is a file in `path`, on a thread that ends with it."""

    def watch() -> None:
        while Path(f"/proc/{pid}").exists() and not next(path.glob(pattern), None):
            time.sleep(0.0005)
        os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_build_that_is_killed_at_twenty_points_leaves_a_whole_release_live(
    one: Path, commands: Commands, facts: tuple[Path, Path]
) -> None:
    old = Releases(one).live().manifest.id
    build = ("--releases", one, "build", "--facts", facts[1])
    for pattern in NATIVE:
        with commands.started(*build) as (pid, ended_by):
            kill_when(one / ".building", pattern, pid).join()
        assert ended_by().status == -signal.SIGKILL, pattern
        assert_live_is_whole(one, old)
    killed = len(NATIVE)
    for change in count(1, EVERY):
        ended = commands.run(*build, home=str(one), do="kill", at=change)
        if ended.status == 0:
            break
        killed += 1
        assert ended.status == -signal.SIGKILL, f"change {change}: {ended.output}"
        assert_live_is_whole(one, old, Releases(one).all()[-1].manifest.id)
    assert killed >= POINTS
    assert Releases(one).live().manifest.id != old
    assert_live_is_whole(one, Releases(one).live().manifest.id)
    assert_nothing_left(one)


@pytest.mark.parametrize("words", [("prune", "--keep", "0"), ("activate",)])
def test_an_activation_or_deletion_that_is_killed_leaves_a_whole_release_live(
    two_built: Path, tmp_path: Path, commands: Commands, facts: tuple[Path, Path], words: tuple[str, ...]
) -> None:
    first, second = (each.manifest.id for each in Releases(two_built).all())
    argv = ("releases", *words, *([first] if words == ("activate",) else []))
    for change in count(1):
        home = Path(shutil.copytree(two_built, tmp_path / str(change), symlinks=True))
        ended = commands.run("--releases", home, *argv, home=str(home), do="kill", at=change)
        assert_live_is_whole(home, first, second)
        assert commands.run("--releases", home, *argv).status == 0
        assert commands.run("--releases", home, "releases", "prune", "--keep", "2").status == 0
        assert_nothing_left(home)
        if ended.status == 0:
            break
        assert ended.status == -signal.SIGKILL
    assert change > 3
