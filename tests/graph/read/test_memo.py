"""A cache whose keys a client may choose."""

import gc
from collections.abc import Callable

from graph.read.memo import LONGEST_UNKNOWN, MOST_UNKNOWN, memo


class Words:
    """Reads the words of a text, and counts how often; it knows only what begins with `known`."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, text: str) -> tuple[str, ...]:
        self.reads += 1
        return tuple(text.split()) if text.startswith("known") else ()


def counted(ask: Callable[[str], object], words: Words, text: str) -> int:
    """How often two questions make it read."""
    before = words.reads
    assert ask(text) == ask(text)
    return words.reads - before


def test_what_is_known_is_kept_whatever_its_length() -> None:
    words = Words()
    ask = memo(words.read, 10, text=str)
    assert ask("known to all") == ("known", "to", "all")
    assert counted(ask, words, "known to all") == 0
    assert counted(ask, words, "known " + "x" * 10_000) == 1


def test_of_what_is_unknown_only_the_short_is_kept() -> None:
    words = Words()
    ask = memo(words.read, 10, text=str)
    assert counted(ask, words, "x" * LONGEST_UNKNOWN) == 1
    assert counted(ask, words, "x" * (LONGEST_UNKNOWN + 1)) == 2


def test_the_unknown_is_bounded_and_takes_no_place_of_the_known() -> None:
    words = Words()
    ask = memo(words.read, 10, text=str)
    ask("known")
    for number in range(2 * MOST_UNKNOWN + 1):
        ask(f"unknown {number}")
    assert counted(ask, words, "known") == 0
    held = [each for each in gc.get_referents(*gc.get_referents(ask)) if isinstance(each, dict)]
    assert all(len(each) <= MOST_UNKNOWN for each in held)
    assert counted(ask, words, "unknown 0") == 1


def test_an_error_is_raised_each_time() -> None:
    def fail(text: str) -> int:
        raise ValueError(text)

    ask = memo(fail, 10, text=str)
    for _ in range(2):
        try:
            ask("a")
        except ValueError as error:
            assert str(error) == "a"  # noqa: PT017 (raised twice)
