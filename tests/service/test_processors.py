"""Which processors the threads of a real server may use."""

import os
import urllib.request
from pathlib import Path

import pytest

from bench.soak import served, tree
from graph.processors import ALL, KEPT
from graph.release import Release


def allowed(process: int) -> dict[int, set[int]]:
    """The processors that each thread of a process may use."""
    return {
        int(task.name): os.sched_getaffinity(int(task.name))
        for task in Path(f"/proc/{process}/task").iterdir()
    }


@pytest.mark.skipif(len(ALL) < 2, reason="there is one processor for everything")
def test_the_server_s_threads_stay_on_one_processor_and_the_event_loop_does_not(
    release: Release,
) -> None:
    with served(release.path.parent) as (address, process):
        urllib.request.urlopen("http://{}:{}/healthz".format(*address), timeout=10).close()  # noqa: S310
        all_threads = {pid: allowed(pid) for pid in tree(process.pid)}
    held = {pid: threads for pid, threads in all_threads.items() if KEPT in threads.values()}
    assert len(held) == 1, "the threads of one process, the front end's, stay on a processor"
    [(front, threads)] = held.items()
    assert threads[front] == ALL, "the event loop, its first thread, may use them all"
    assert set(map(frozenset, threads.values())) == {ALL, KEPT}
