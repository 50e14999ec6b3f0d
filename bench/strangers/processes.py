"""How much memory and processor time trees of processes have: https://docs.kernel.org/filesystems/proc.html."""

import os
import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.soak import tree

_PAUSE = 0.25  # seconds between two samples
_AT_REST = 2.0  # seconds in which processes at rest use
_LITTLE = 0.05  # seconds of processor time at most
_PATIENCE = 60.0  # seconds
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def pss(roots: Iterable[int]) -> int:
    """Return the bytes of processes and their descendants; a page that n of them share counts 1/n."""
    total = 0
    for pid in {pid for root in roots for pid in tree(root)}:
        try:
            found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
        except OSError:  # it has ended meanwhile
            continue
        total += int(found[1]) * 1024 if found else 0
    return total


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the processor time that the processes and their descendants have had."""
    total = 0
    for pid in {pid for root in roots for pid in tree(root)}:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:  # it has ended meanwhile
            continue
        total += sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def await_rest(roots: Iterable[int]) -> None:
    """Return when the processes have used hardly any processor time for two seconds, or after a minute."""
    watched, end = tuple(roots), time.monotonic() + _PATIENCE
    after = cpu_seconds(watched)
    while time.monotonic() < end:
        before = after
        time.sleep(_AT_REST)
        after = cpu_seconds(watched)
        if after - before < _LITTLE:
            return


class Watch:
    """Samples the memory of process trees while the block runs; `most` is the largest sample in bytes."""

    def __init__(self, roots: Iterable[int]) -> None:
        """Take the process at the root of each tree."""
        self._roots = tuple(roots)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.before = self.most = self.after = 0

    def __enter__(self) -> Self:
        """Take the first sample and go on."""
        self.before = self.most = pss(self._roots)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Take the last sample."""
        self._over.set()
        self._thread.join()
        self.after = pss(self._roots)

    def _sample(self) -> None:
        while not self._over.wait(_PAUSE):
            self.most = max(self.most, pss(self._roots))
