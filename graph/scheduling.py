"""How much of a processor a thread has beside others, and for how long it computes before they do.

Threads that take turns find the caches full of what the others read: eight queries on two processors took
13.3 ms of each for a join that takes 10.9 alone, and 11.3 in slices of a tenth of a second. And a thread that
wakes up goes at once before one with longer slices, but waits for the slice of one with slices like its own.
https://docs.kernel.org/scheduler/sched-eevdf.html
"""

import ctypes
import os
import threading
from contextlib import suppress
from functools import cache
from typing import Final

_BASE: Final = os.getpriority(os.PRIO_PROCESS, 0)  # how nice this program was when it began
_NICEST: Final = 19
USUAL: Final = 0.0  # seconds of a slice: as long as the kernel thinks
LONGEST: Final = 0.1  # seconds, the most that the kernel grants


class _Attributes(ctypes.Structure):
    """The kernel's struct sched_attr: https://man7.org/linux/man-pages/man2/sched_setattr.2.html."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime", ctypes.c_uint64),
        ("deadline", ctypes.c_uint64),
        ("period", ctypes.c_uint64),
    )


_SET: Final = getattr(ctypes.CDLL(None), "sched_setattr", None)


def schedule(thread: int, more: int, seconds: float = USUAL) -> bool:
    """Make `thread` (0: this one) nicer by `more` than this program, with slices of `seconds`.

    Tell whether the first is allowed: else it stays as nice as it is. Where there is no way to say how long
    slices are, and on a kernel before Linux 6.12, they stay as they are.
    """
    nice = min(_BASE + more, _NICEST)
    if _set(thread, nice, seconds):
        return True
    try:
        os.setpriority(os.PRIO_PROCESS, thread, nice)
    except OSError:
        with suppress(OSError):
            _set(thread, os.getpriority(os.PRIO_PROCESS, thread), seconds)
        return False
    return True


@cache
def can_be_undone() -> bool:
    """Tell whether a thread of this program that was made nicer may be made less nice again."""
    found: list[bool] = []
    trial = threading.Thread(target=lambda: found.append(schedule(0, 1) and schedule(0, 0)))
    trial.start()
    trial.join()
    return found == [True]


def _set(thread: int, nice: int, seconds: float) -> bool:
    wanted = _Attributes(ctypes.sizeof(_Attributes), os.SCHED_OTHER, 0, nice, 0, int(seconds * 1e9), 0, 0)
    return _SET is not None and _SET(thread, ctypes.byref(wanted), 0) == 0
