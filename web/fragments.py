"""Pieces that come on many pages: each is drawn once for the languages it is read in, and the time, and kept.

An application serves data that does not change, and is dropped with it, so nothing kept is ever out of date.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from flask import request
from markupsafe import Markup

from web import asof
from web.language import chosen, content, current

_MOST: Final = 4096  # pieces that are kept, of a kilobyte or so


class Fragments:
    """Draws the pieces of one application."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._slot = lru_cache(_MOST)(_empty)

    def __call__(self, draw: Callable[..., Markup], key: str, *arguments: object) -> Markup:
        """Return what `draw` makes of `arguments`, which is all that `key` stands for."""
        languages = current(), content(), chosen(), chosen("content")
        when = asof.current()
        slot = self._slot((key, *languages, when.text if when else "", request.script_root))
        if not slot:
            slot.append(draw(*arguments))
        return slot[0]


def _empty(key: tuple[str, ...]) -> list[Markup]:
    return []
