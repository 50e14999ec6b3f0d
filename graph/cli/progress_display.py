"""Shows how a load or a build goes: a bar with rate and time left, or lines where there is no terminal."""

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

_LINE_SECONDS: Final = 5.0  # between two lines where there is no terminal


class ProgressDisplay:
    """A context manager that is called with each step, as `Progress` of graph.core.progress."""

    def __init__(self, console: Console, unit: str = "quads") -> None:
        """Write to `console`; `unit` says what is counted."""
        self._console, self._unit = console, unit
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[words]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._step = ""
        self._began = self._shown = self._latest = time.monotonic()

    def __enter__(self) -> Self:
        """Begin to show."""
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._bar.stop()

    def __call__(self, step: str, done: int = 0, total: int = 0, count: int = 0, /) -> None:
        """Show that `done` of `total` (0 if that is not known) of `step` is done, which is `count` units."""
        now = time.monotonic()
        if is_new := step != self._step:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._step, self._began = step, self._latest  # a step is reported when a part of it is done
            self._task = self._bar.add_task(step, total=total or None, words="")
        words = progress_words(done, total, count, now - self._began, self._unit)
        if self._task is not None:
            self._bar.update(self._task, completed=done, words=words)
        is_due = is_new or now - self._shown >= _LINE_SECONDS or (total and done >= total)
        if is_due and not self._console.is_terminal:
            share = f"{100 * done // total} %" if total else ""
            line = f"{step}: {', '.join(filter(None, (share, words)))}".removesuffix(": ")
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._latest = now
        self._shown = now if is_due else self._shown


def progress_words(done: int, total: int, count: int, seconds: float, unit: str = "quads") -> str:
    """Return how many units were done in `seconds`, how fast that is, and how long the rest will take.

    Where they are not counted, `done` is shown as bytes; what has not begun is not shown.
    """
    if not done and not count:
        return ""
    words = f"{count:,} {unit}" if count else f"{done / 1e6:,.1f} MB"
    if done and seconds > 0:
        words += (
            f", {count / seconds:,.0f} a second" if count else f", {done / 1e6 / seconds:,.1f} MB a second"
        )
        if total > done:
            words += f", {(total - done) * seconds / done:.0f} s left"
    return words
