"""Loads runs into a store while more are written, many of them by one load of the engine.

That takes two thirds of the time of a load for each: the engine sorts and writes a million triples while it
parses the next, and compacts its files less often.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

from graph.core.progress import Progress
from graph.loading.store_loader import Channel, Report, StoreLoader
from graph.streaming.joined_files import open_joined
from graph.streaming.quad_runs import Run, triples_of

_MAX_RUNS: Final = 12  # of one load, which are loaded again after an interruption


@dataclass(frozen=True)
class LoadRun:
    """A task: load a run, and its triples into the default graph; blank nodes keep their labels."""

    run: Run

    def __call__(self, store: Store, report: Report, /) -> list[Path]:
        """Load it, and return its path."""
        with open_joined((self.run.path, self.run.triples)) as lines:
            if self.run.has_blank_nodes:  # which bulk_load would give labels of its own
                store.bulk_extend(parse(lines, format=RdfFormat.N_QUADS))
            else:  # it was checked when it was parsed
                store.bulk_load(lines, format=RdfFormat.N_QUADS, lenient=True)
        return [self.run.path]


class LoadRuns:
    """A task: load the runs whose paths are sent to it, as `LoadRun` does those without blank nodes."""

    def __call__(self, store: Store, channel: Channel, /) -> list[Path]:
        """Load them, and return their paths."""
        loaded: list[Path] = []

        def files() -> Iterator[Path]:
            for path in channel.items():
                loaded.append(path)
                yield from (path, triples_of(path))

        with open_joined(files()) as lines:
            store.bulk_load(lines, format=RdfFormat.N_QUADS, lenient=True)
        return loaded


class RunLoading:
    """Loads runs in the process of a `StoreLoader`."""

    def __init__(self, loader: StoreLoader, loaded: Callable[[Path], None]) -> None:
        """Call `loaded` with the path of each run that is loaded."""
        self._loader, self._loaded = loader, loaded
        self._sent = 0  # runs, to the load that takes more

    def add(self, run: Run) -> None:
        """Load `run` after those before it; it may wait, but for no more than one load of others."""
        if run.has_blank_nodes or self._sent == _MAX_RUNS:
            self._end_load()
        if run.has_blank_nodes:
            self._loader.submit(LoadRun(run))
        else:
            if not self._sent:
                self._loader.submit(LoadRuns())
            self._loader.send(run.path)
            self._sent += 1
        self._take_results(2)

    def finish(self) -> None:
        """Return when all runs are loaded."""
        self._end_load()
        self._take_results(0)

    def _end_load(self) -> None:
        if self._sent:
            self._loader.send(None)
            self._sent = 0

    def _take_results(self, pending: int) -> None:
        for paths in self._loader.results(pending):
            for path in paths:
                self._loaded(path)


class LoadProgress:
    """Reports how far files are read and loaded: half of one is done when it is read."""

    def __init__(self, progress: Progress, total: int) -> None:
        """Report to `progress`; all files together have `total` bytes."""
        self._progress, self._total = progress, total
        self._files = self._read = self._loaded = 0  # bytes: of the files before, read, and loaded
        self._quads_before = self._quads = 0
        self._ends: dict[Path, int] = {}

    def read(self, done: int, count: int) -> None:
        """Report that `done` bytes of the present file are read, which are `count` quads."""
        self._read, self._quads = self._files + done, self._quads_before + count
        self._report()

    def written(self, run: Run) -> None:
        """Note that `run` has what was read of its file until now."""
        self._ends[run.path] = self._read

    def loaded(self, path: Path) -> None:
        """Report that the run at `path` is loaded, and all before it."""
        self._loaded = self._ends[path]
        self._report()

    def next_file(self, size: int) -> None:
        """Note that a file of `size` bytes is read, and another comes."""
        self._files += size
        self._quads_before = self._quads

    def _report(self) -> None:
        self._progress("load", (self._read + self._loaded) // 2, self._total, self._quads)
