"""What comes on many pages is made once for each manner in which pages are written, and kept.

An application serves data that does not change, and is dropped with it, so nothing kept is ever out of date.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Final, TypeVar

from markupsafe import Markup

from graph.core.terms import Term
from graph.read.entities import Ref
from web.html.i18n import Manner, manner

_MOST: Final = 4096  # pieces that are kept, of a kilobyte or so
_MOST_WORDS: Final = 20_000  # of a hundred bytes or so
_LONGEST: Final = 300  # characters of a key

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Fragments:
    """Draws the pieces of one application."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._slot = lru_cache(_MOST)(_empty)

    def __call__(self, draw: Callable[..., Markup], key: str, *arguments: object) -> Markup:
        """Return what `draw` makes of `arguments`, which is all that `key` stands for."""
        slot = self._slot(key, manner())
        if not slot:
            slot.append(draw(*arguments))
        return slot[0]


def _empty(key: str, manner: Manner) -> list[Markup]:
    return []


def _length(key: object) -> int:
    """Return how many characters an IRI or a literal has; a query may give any number of long ones."""
    return len(key.iri if isinstance(key, Ref) else key.value if isinstance(key, Term) else "")


def once(context: Callable[[], Hashable]) -> Callable[[Callable[[Key], Made]], Callable[[Key], Made]]:
    """Return a decorator that keeps what a function of one argument returned in the same `context`.

    `context` is `manner`, or `link_context` for what does not depend on the reader's language.
    """

    def decorate(make: Callable[[Key], Made]) -> Callable[[Key], Made]:
        @lru_cache(_MOST_WORDS)
        def kept(key: Key, _: Hashable) -> Made:
            return make(key)

        @wraps(make)
        def found(key: Key) -> Made:
            return kept(key, context()) if _length(key) <= _LONGEST else make(key)

        return found

    return decorate
