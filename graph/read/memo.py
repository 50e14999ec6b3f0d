"""A cache for keys chosen by clients, limited in bytes as well as in entries."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Final, TypeVar, cast

MAX_UNKNOWN: Final = 4_000  # keys without a result
MAX_UNKNOWN_LENGTH: Final = 300  # characters of such a key

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class _UncachedResult(Exception):
    """Carries a result past `lru_cache`, which does not store it then."""

    def __init__(self, found: object) -> None:
        self.found = found


def memoize(
    read: Callable[[Key], Found],
    most: int,
    *,
    text: Callable[[Key], str],
    is_known: Callable[[Found], bool] = bool,
) -> Callable[[Key], Found]:
    """Return `read` with a cache of the `most` recently used results.

    Of results for which `is_known` is false only `MAX_UNKNOWN` are cached, and none whose key has a `text` of
    more than `MAX_UNKNOWN_LENGTH` characters: a client may send any number of unknown keys.
    """
    unknown: dict[Key, Found] = {}

    @lru_cache(most)
    def known(key: Key) -> Found:
        if key in unknown:
            raise _UncachedResult(unknown[key])
        found = read(key)
        if is_known(found):
            return found
        if len(text(key)) <= MAX_UNKNOWN_LENGTH:
            if len(unknown) >= MAX_UNKNOWN:
                unknown.clear()
            unknown[key] = found
        raise _UncachedResult(found)

    def cached(key: Key) -> Found:
        try:
            return known(key)
        except _UncachedResult as result:
            return cast("Found", result.found)

    return cached
