"""Chooses what to answer with from what the client accepts: https://www.rfc-editor.org/rfc/rfc9110#name-accept.

Media types are compared without their parameters, so that `text/csv; header=present` asks for CSV.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from graph.errors import NotAcceptable

_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_ELEMENT = re.compile(rf'(?:{_QUOTED}|[^",])++')
_PARAMETER = re.compile(rf'(?:{_QUOTED}|[^";])++')
_RANGE = re.compile(r"\*/\*|[\w!#$&^.+-]++/(?:\*|[\w!#$&^.+-]++)", re.ASCII)
_QUALITY = re.compile(r"0?\.[0-9]+|[01](?:\.[0-9]*)?")


class Range(NamedTuple):
    """A media type or a group of them (`text/*`, `*/*`), and how much it is wanted, from 0 (never) to 1."""

    media_type: str
    quality: float

    @property
    def specificity(self) -> int:
        """How exact it is: 0 for everything, 1 for a group, 2 for one type."""
        return 2 - self.media_type.count("*")

    def holds(self, media_type: str) -> bool:
        """Tell whether `media_type`, in lower case and without parameters, is of this range."""
        return self.media_type in ("*/*", media_type, media_type.partition("/")[0] + "/*")


def ranges(accept: str) -> tuple[Range, ...]:
    """Return what an Accept header lists (several lines joined by commas), leaving out what is malformed."""
    found = []
    for element in _ELEMENT.findall(accept):
        parts = [part.strip().lower() for part in _PARAMETER.findall(element)]
        first, parameters = (parts or [""])[0], parts[1:]
        media_type = "*/*" if first == "*" else first  # as Java's own client writes it
        weights = [value.strip() for name, _, value in map(_split, parameters) if name.strip() == "q"]
        quality = weights[0] if weights else "1"
        if _RANGE.fullmatch(media_type) and _QUALITY.fullmatch(quality):
            found.append(Range(media_type, min(float(quality), 1.0)))
    return tuple(found)


def best(accept: str, offered: Sequence[str]) -> str | None:
    """Return which of the media types `offered` (the preferred one first) is wanted most, or None.

    Each is wanted as much as the most specific range that holds it says; of those wanted equally, the one
    named most exactly is chosen. No header, or one with nothing well-formed in it, accepts everything.
    """
    wanted = ranges(accept) or (Range("*/*", 1.0),)

    def rank(offer: str) -> tuple[float, int]:
        media_type = offer.partition(";")[0].strip().lower()
        fitting = [(each.specificity, each.quality) for each in wanted if each.holds(media_type)]
        specificity, quality = max(fitting, default=(0, 0.0))
        return quality, specificity

    chosen = max(offered, key=rank, default=None)
    return chosen if chosen is not None and rank(chosen)[0] > 0 else None


def choose(accept: str, offered: Sequence[str]) -> str:
    """Return the best of `offered`; raise NotAcceptable, listing them, if none is accepted."""
    chosen = best(accept, offered)
    if chosen is None:
        raise NotAcceptable(
            f"Nothing here is written as {accept}",
            where="Accept",
            rule="content negotiation",
            remedy=f"accept one of {', '.join(dict.fromkeys(offered))}",
        )
    return chosen


def _split(parameter: str) -> tuple[str, str, str]:
    return parameter.partition("=")
