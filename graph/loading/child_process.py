"""Processes beside that of a load or a build, which end when it does, even if it is killed or interrupted.

A child that outlived its parent would go on writing where the next build writes.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context


def end_with_parent() -> None:
    """Have this process end at once when the process that started it has ended, which handles interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


@contextmanager
def child_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of `count` processes, which end with the block or this process, and at once on an error."""
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=end_with_parent) as pool:
        try:
            yield pool
        except BaseException:
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _wait_for(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)
