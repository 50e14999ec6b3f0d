"""Caches of HTML that many pages share, by language and by the arguments that links keep.

The data of an application do not change, so no entry is ever out of date.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Final, TypeVar

from markupsafe import Markup

from graph.core.terms import Term
from graph.read.entities import Ref
from web.html.i18n import PageContext, page_context

_MAX_FRAGMENTS: Final = 4096  # of about 1 kB
_MAX_RESULTS: Final = 20_000  # of about 100 bytes
_MAX_KEY_LENGTH: Final = 300  # of a key

KeyT = TypeVar("KeyT", bound=Hashable)
ResultT = TypeVar("ResultT")


class FragmentCache:
    """A cache of rendered macros of one application."""

    def __init__(self) -> None:
        """Create an empty cache."""
        self._slot = lru_cache(_MAX_FRAGMENTS)(_empty)

    def __call__(self, macro: Callable[..., Markup], key: str, *arguments: object) -> Markup:
        """Return the HTML of `macro` with `arguments`, which `key` identifies."""
        slot = self._slot(key, page_context())
        if not slot:
            slot.append(macro(*arguments))
        return slot[0]


def _empty(key: str, page_context: PageContext) -> list[Markup]:
    return []


def _length(key: object) -> int:
    """Return the length of an IRI or a literal in characters: a query may have any number of long ones."""
    return len(key.iri if isinstance(key, Ref) else key.value if isinstance(key, Term) else "")


def cached_by(
    context: Callable[[], Hashable],
) -> Callable[[Callable[[KeyT], ResultT]], Callable[[KeyT], ResultT]]:
    """Return a decorator that caches the results of a function of one argument, by `context`.

    `context` is `page_context`, or `link_context` for what does not depend on the reader's language.
    """

    def decorate(function: Callable[[KeyT], ResultT]) -> Callable[[KeyT], ResultT]:
        @lru_cache(_MAX_RESULTS)
        def cached(key: KeyT, _: Hashable) -> ResultT:
            return function(key)

        @wraps(function)
        def lookup(key: KeyT) -> ResultT:
            return cached(key, context()) if _length(key) <= _MAX_KEY_LENGTH else function(key)

        return lookup

    return decorate
