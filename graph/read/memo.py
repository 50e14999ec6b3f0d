"""A cache of what is read for keys that a client may choose, bounded in bytes as well as in entries."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Final, TypeVar, cast

MOST_UNKNOWN: Final = 4_000  # keys that nothing is known of
LONGEST_UNKNOWN: Final = 300  # characters of one

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class _Unknown(Exception):
    """Carries a result past the cache, which does not keep it then."""

    def __init__(self, found: object) -> None:
        self.found = found


def memo(
    read: Callable[[Key], Found],
    most: int,
    *,
    text: Callable[[Key], str],
    is_known: Callable[[Found], bool] = bool,
) -> Callable[[Key], Found]:
    """Return `read` with a cache of the `most` results used last.

    Of results for which `is_known` is false only `MOST_UNKNOWN` are kept, and none whose key has a `text` of
    more than `LONGEST_UNKNOWN` characters: there is no end to the keys that nothing is known of.
    """
    unknown: dict[Key, Found] = {}

    @lru_cache(most)
    def known(key: Key) -> Found:
        if key in unknown:
            raise _Unknown(unknown[key])
        found = read(key)
        if is_known(found):
            return found
        if len(text(key)) <= LONGEST_UNKNOWN:
            if len(unknown) >= MOST_UNKNOWN:
                unknown.clear()
            unknown[key] = found
        raise _Unknown(found)

    def cached(key: Key) -> Found:
        try:
            return known(key)
        except _Unknown as result:
            return cast("Found", result.found)

    return cached
