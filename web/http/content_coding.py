"""The content codings of responses: https://www.rfc-editor.org/rfc/rfc9110#name-content-codings."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import brotli  # type: ignore[import-untyped]
import zstandard

from web.http.negotiation import LONGEST
from web.http.responses import Headers, header

IDENTITY: Final = "identity"
LEAST: Final = 1024  # bytes of a body below which a coding is not worth its headers

# In our order of preference. No time of day goes in: the same body always gives the same bytes, as its
# strong entity tag promises.
_CODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "zstd": lambda body: zstandard.compress(body, 6),
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_ELEMENT: Final = re.compile(
    r"[ \t]*+([\w!#$%&'*+.^`|~-]++)[ \t]*+(?:;[ \t]*+q=([01](?:\.[0-9]{0,3})?)[ \t]*+)?", re.ASCII
)
_TEXTUAL: Final = re.compile(
    r"text/.+|.+\+(?:json|xml|yaml)"
    r"|application/(?:json|xml|yaml|javascript|n-triples|n-quads|trig|sparql-query)"
)


def accepted(accept_encoding: str) -> str:
    """Return the coding that an Accept-Encoding header wants most, or "identity".

    Malformed elements are ignored, as is the whole of a header that is absurdly long; where nothing that is
    written here is accepted, not even identity, identity is what most clients can still read.
    """
    return _accepted(accept_encoding) if 0 < len(accept_encoding) <= LONGEST else IDENTITY


@lru_cache(maxsize=256)
def _accepted(accept_encoding: str) -> str:
    wanted: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        if found := _ELEMENT.fullmatch(element):
            wanted[found[1].removeprefix("x-")] = min(float(found[2] or 1), 1.0)
    others = wanted.get("*", 0.0)
    qualities = {coding: wanted.get(coding, others) for coding in (*_CODERS, IDENTITY)}
    best = max(qualities, key=qualities.__getitem__)
    return best if qualities[best] > 0 else IDENTITY


def encode(body: bytes, coding: str) -> bytes:
    """Return `body` in `coding`, one that `accepted` returns."""
    return body if coding == IDENTITY else _CODERS[coding](body)


def is_encodable(headers: Headers, length: int) -> bool:
    """Return whether a body of `length` bytes may be written in another coding, and is worth it."""
    media_type = header(headers, "content-type").partition(";")[0].strip().lower()
    return (
        length >= LEAST
        and _TEXTUAL.fullmatch(media_type) is not None
        and not header(headers, "content-encoding")
        and "no-transform" not in listed(header(headers, "cache-control"))
    )


def listed(value: str) -> set[str]:
    """Return what the value of a header lists, in lower case and without arguments (`max-age=60`)."""
    return {element.partition("=")[0].strip() for element in value.lower().split(",")} - {""}


def varying(headers: Headers) -> Headers:
    """Return `headers` saying that the response depends on Accept-Encoding."""
    vary = header(headers, "vary")
    if listed(vary) & {"accept-encoding", "*"}:
        return headers
    value = ", ".join(filter(None, (vary, "Accept-Encoding")))
    return [*(each for each in headers if each[0].lower() != "vary"), ("Vary", value)]
