"""How the progress of long work is shown."""

import io

import pytest
from rich.console import Console

from graph.cli import progress_display
from graph.cli.progress_display import ProgressDisplay, progress_words


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(progress_display, "time", found)
    return found


def test_words_say_rate_and_time_left() -> None:
    assert progress_words(25, 100, 100_000, 2.0) == "100,000 quads, 50,000 a second, 6 s left"
    assert progress_words(100, 100, 400_000, 8.0) == "400,000 quads, 50,000 a second"
    assert progress_words(0, 0, 400_000, 8.0) == "400,000 quads"


def test_without_a_terminal_there_is_a_line_now_and_then(clock: Clock) -> None:
    stream = io.StringIO()
    with ProgressDisplay(Console(file=stream)) as display:
        for done in range(1, 11):
            clock.now += 2
            display("load", done, 10, done * 100_000)
        display("arrange", 0, 0, 1_000_000)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "load: 10 %, 100,000 quads, 50,000 a second, 18 s left"
    assert [line.partition(",")[0] for line in lines] == [
        "load: 10 %",
        "load: 40 %",
        "load: 70 %",
        "load: 100 %",
        "arrange: 1",
    ]
    assert lines[-1] == "arrange: 1,000,000 quads"


def test_on_a_terminal_there_is_a_bar(clock: Clock) -> None:
    stream = io.StringIO()
    with ProgressDisplay(Console(file=stream, force_terminal=True, width=100)) as display:
        clock.now += 2
        display("load", 25, 100, 100_000)
    assert "50,000 a second, 6 s left" in stream.getvalue()
    assert "25%" in stream.getvalue()
