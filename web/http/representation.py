"""A whole response with the status 200 that may be sent again, in one coding or another."""

import re
from typing import Final, NamedTuple

from web.http.content_coding import IDENTITY, encode, is_encodable, listed, varying
from web.http.responses import Headers, Response, header

_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*+"')


class Representation(NamedTuple):
    """A response that is wholly in memory, and what is known of its headers."""

    headers: Headers
    body: bytes
    is_public: bool  # whether it may be sent to anybody who sends the same request
    is_encodable: bool
    selected_by: tuple[str, ...]  # headers of the request that it depends on, as in environ; not the coding's

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> "Representation":
        """Return the response that an application gave; its length and Vary are put right."""
        written = [each for each in headers if each[0].lower() != "content-length"]
        encodable = is_encodable(written, len(body))
        if encodable:
            written = varying(written)
        varies = listed(header(written, "vary"))
        tag = header(written, "etag")
        control = listed(header(written, "cache-control"))
        return cls(
            headers=[*written, ("Content-Length", str(len(body)))],
            body=body,
            is_public=(
                not control & {"no-store", "private"}
                and "*" not in varies
                and not header(written, "set-cookie")
                and _TAG.fullmatch(tag) is not None
            ),
            is_encodable=encodable,
            selected_by=tuple(sorted(_in_environ(name) for name in varies - {"accept-encoding"})),
        )

    def encoded(self, coding: str) -> "Representation":
        """Return this in `coding`, or itself where that is not worth it or not shorter."""
        if coding == IDENTITY or not self.is_encodable:
            return self
        body = encode(self.body, coding)
        if len(body) >= len(self.body):
            return self
        headers = [
            (name, _tag_in(coding, value) if name.lower() == "etag" else value)
            for name, value in self.headers
        ]
        return Representation.of([*headers, ("Content-Encoding", coding)], body)

    @property
    def has_parts(self) -> bool:
        """Whether a request may ask for parts of it."""
        return header(self.headers, "accept-ranges") == "bytes"

    @property
    def response(self) -> Response:
        """The response that sends this, with a list of headers of its own."""
        return Response(200, [*self.headers], [self.body])


def _in_environ(name: str) -> str:
    return "HTTP_" + name.upper().replace("-", "_")


def _tag_in(coding: str, tag: str) -> str:
    """Return the entity tag of a response in `coding`; a weak one holds for the same thing in any coding."""
    return tag if tag.startswith("W/") or not tag.endswith('"') else f'{tag[:-1]}-{coding}"'
