"""The limits of a cache whose keys a client may choose."""

import gc
from collections.abc import Callable

from graph.read.memo import MAX_UNKNOWN, MAX_UNKNOWN_LENGTH, memoize


class WordReader:
    """Splits texts that begin with `known` into words, and counts its calls; other texts have no words."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, text: str) -> tuple[str, ...]:
        self.reads += 1
        return tuple(text.split()) if text.startswith("known") else ()


def count_reads(cached: Callable[[str], object], reader: WordReader, text: str) -> int:
    """Return how often two calls of `cached` call `reader`."""
    before = reader.reads
    assert cached(text) == cached(text)
    return reader.reads - before


def test_known_results_are_cached_whatever_the_length_of_the_key() -> None:
    reader = WordReader()
    cached = memoize(reader.read, 10, text=str)
    assert cached("known to all") == ("known", "to", "all")
    assert count_reads(cached, reader, "known to all") == 0
    assert count_reads(cached, reader, "known " + "x" * 10_000) == 1


def test_unknown_results_are_cached_for_short_keys_only() -> None:
    reader = WordReader()
    cached = memoize(reader.read, 10, text=str)
    assert count_reads(cached, reader, "x" * MAX_UNKNOWN_LENGTH) == 1
    assert count_reads(cached, reader, "x" * (MAX_UNKNOWN_LENGTH + 1)) == 2


def test_unknown_results_are_limited_and_do_not_evict_known_ones() -> None:
    reader = WordReader()
    cached = memoize(reader.read, 10, text=str)
    cached("known")
    for number in range(2 * MAX_UNKNOWN + 1):
        cached(f"unknown {number}")
    assert count_reads(cached, reader, "known") == 0
    caches = [each for each in gc.get_referents(*gc.get_referents(cached)) if isinstance(each, dict)]
    assert all(len(each) <= MAX_UNKNOWN for each in caches)
    assert count_reads(cached, reader, "unknown 0") == 1


def test_errors_are_not_cached() -> None:
    def fail(text: str) -> int:
        raise ValueError(text)

    cached = memoize(fail, 10, text=str)
    for _ in range(2):
        try:
            cached("a")
        except ValueError as error:
            assert str(error) == "a"  # noqa: PT017 (raised twice)
