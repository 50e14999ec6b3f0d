import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import scheduling
from graph.scheduling import LONGEST, can_be_undone, schedule

SCHED = Path("/proc/self/sched")


@pytest.fixture
def thread() -> Iterator[int]:
    """A thread that waits while it is talked about."""
    begun, over = threading.Event(), threading.Event()
    found: list[int] = []

    def wait() -> None:
        found.append(threading.get_native_id())
        begun.set()
        over.wait()

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait()
    yield found[0]
    over.set()
    waiting.join()


def slice_of(thread: int) -> float:
    """The seconds of the slices of a thread, or 0 where the kernel does not say."""
    lines = Path(f"/proc/self/task/{thread}/sched").read_text().splitlines() if SCHED.exists() else []
    return next((float(line.split()[-1]) / 1e9 for line in lines if line.startswith("se.slice")), 0.0)


def test_a_thread_is_nicer_than_the_program_and_no_other_is(thread: int) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert schedule(thread, 7)
    assert os.getpriority(os.PRIO_PROCESS, thread) == min(before + 7, 19)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_nobody_is_nicer_than_the_nicest(thread: int) -> None:
    assert schedule(thread, 99)
    assert os.getpriority(os.PRIO_PROCESS, thread) == 19


def test_slices_become_longer_and_usual_again(thread: int) -> None:
    usual = slice_of(thread)
    if not usual:
        pytest.skip("this kernel does not tell how long slices are")
    assert schedule(thread, 0, LONGEST)
    assert slice_of(thread) in {usual, LONGEST}, "usual on a kernel that takes no notice"
    assert schedule(thread, 0)
    assert slice_of(thread) == usual


def test_without_a_way_to_say_so_niceness_is_what_counts(
    thread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "_SET", None)
    assert schedule(thread, 3, LONGEST)
    assert os.getpriority(os.PRIO_PROCESS, thread) == min(os.getpriority(os.PRIO_PROCESS, 0) + 3, 19)


def test_where_slices_are_forbidden_niceness_is_not(thread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "_SET", lambda *_: -1)
    assert schedule(thread, 3, LONGEST)
    assert os.getpriority(os.PRIO_PROCESS, thread) == min(os.getpriority(os.PRIO_PROCESS, 0) + 3, 19)


@pytest.mark.parametrize("library", ["scheduling._SET", "None"])
def test_who_is_gone_cannot_be_made_nicer(library: str) -> None:
    program = f"""
from graph import scheduling
import subprocess, sys
scheduling._SET = {library}
gone = subprocess.Popen([sys.executable, "-c", ""])
gone.wait()
sys.exit(scheduling.schedule(gone.pid, 1))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_who_may_not_be_less_nice_still_has_the_slices_asked_for() -> None:
    program = """
import os, resource
from pathlib import Path
from graph.scheduling import LONGEST, can_be_undone, schedule
resource.setrlimit(resource.RLIMIT_NICE, (0, 0))
if os.geteuid() == 0:
    os.setuid(65534)
def slice_of():
    lines = Path("/proc/thread-self/sched").read_text().splitlines()
    return next((line.split()[-1] for line in lines if line.startswith("se.slice")), "")
assert schedule(0, 10)
usual = slice_of()
print(can_be_undone(), schedule(0, 3, LONGEST), os.getpriority(os.PRIO_PROCESS, 0), usual, slice_of())
"""
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    *allowed, nice, usual, longest = told.stdout.split(" ")
    assert (allowed, nice) == (["False", "False"], str(min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)))
    if not usual:
        pytest.skip("this kernel does not tell how long slices are")
    assert longest.strip() in {usual, "100000000"}, "usual on a kernel that takes no notice"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a thread less nice")
def test_root_may_make_a_thread_less_nice_again() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert can_be_undone()
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
