"""Chooses what to answer with from what the client accepts: https://www.rfc-editor.org/rfc/rfc9110#name-accept.

Media types are compared without their parameters, so that `text/csv; header=present` asks for CSV. Headers
are read up to a fixed length, and in time that grows with that length only.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from graph.core.errors import NotAcceptable

LONGEST: Final = 2_000  # characters of a header that are parsed; browsers send some 150
_UNREAD_QUALITY: Final = 0.001  # of what is not read of a longer one: the least that there is
_SHOWN: Final = 200  # characters of one in a message
_QUOTED = r'"(?:[^"\\]|\\.)*+"?+'  # one without an end runs to the end of the header
_ELEMENT = re.compile(rf'(?:{_QUOTED}|[^",])++', re.DOTALL)
_PARAMETER = re.compile(rf'(?:{_QUOTED}|[^";])++', re.DOTALL)
_RANGE = re.compile(r"\*/\*|[\w!#$&^.+-]++/(?:\*|[\w!#$&^.+-]++)", re.ASCII)
_QUALITY = re.compile(r"0?\.[0-9]+|[01](?:\.[0-9]*)?")


class Range(NamedTuple):
    """A media type or a group of them (`text/*`, `*/*`), and how much it is wanted, from 0 (never) to 1."""

    media_type: str
    quality: float


def ranges(accept: str) -> tuple[Range, ...]:
    """Return what an Accept header lists (several lines joined by commas), leaving out what is malformed.

    Only the first `LONGEST` characters are read; what follows them counts as `*/*`, the least wanted.
    """
    found = [Range("*/*", _UNREAD_QUALITY)] if len(accept) > LONGEST else []
    for element in _ELEMENT.findall(accept[:LONGEST]):
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
    wanted: dict[str, float] = {}
    for media_type, quality in ranges(accept) or (Range("*/*", 1.0),):
        wanted[media_type] = max(quality, wanted.get(media_type, 0.0))

    def rank(offer: str) -> tuple[float, int]:
        media_type = offer.partition(";")[0].strip().lower()
        names = (media_type, media_type.partition("/")[0] + "/*", "*/*")
        return next(
            ((wanted[name], -distance) for distance, name in enumerate(names) if name in wanted), (0.0, -3)
        )

    chosen = max(offered, key=rank, default=None)
    return chosen if chosen is not None and rank(chosen)[0] > 0 else None


def choose(accept: str, offered: Sequence[str]) -> str:
    """Return the best of `offered`; raise NotAcceptable, listing them, if none is accepted."""
    chosen = best(accept, offered)
    if chosen is None:
        raise NotAcceptable(
            f"Nothing here is written as {accept[:_SHOWN]}",
            where="Accept",
            rule="content negotiation",
            remedy=f"accept one of {', '.join(dict.fromkeys(offered))}",
        )
    return chosen


def preferred_language(accept_language: str, offered: Sequence[str]) -> str:
    """Return which of the languages `offered` an Accept-Language header wants most, else the first.

    A regional form of a language asks for the language: fr-CH is French. Only the first `LONGEST` characters
    are read.
    """
    accepted = parse_accept_header(accept_language[:LONGEST], LanguageAccept)
    languages = LanguageAccept([(tag.partition("-")[0], quality) for tag, quality in accepted])
    return languages.best_match(offered, offered[0])


def _split(parameter: str) -> tuple[str, str, str]:
    return parameter.partition("=")
