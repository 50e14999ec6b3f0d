"""The representations of a page: the formats it is offered in, the one that a client accepts, and links.

https://www.rfc-editor.org/rfc/rfc9110#name-content-negotiation, https://www.rfc-editor.org/rfc/rfc8288
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from flask import Response, request

from graph.documents.document_source import DocumentSource
from graph.rdf.formats import FORMATS, HTML, JSON, FormatT, MediaFormat, by_accepted_type, formats_for
from web.html.app_state import app_state
from web.html.site_context import base_url
from web.http.negotiation import choose

RDF: Final = tuple(sorted(formats_for("graph"), key=lambda each: each.name not in ("ttl", "jsonld")))
"""The formats of documents in RDF, in the order in which pages list them."""
RDF_AND_JSON: Final[tuple[MediaFormat, ...]] = (*RDF, JSON)
TITLES: Final = {each.name: each.title for each in FORMATS}


def route_of(formats: Iterable[MediaFormat]) -> str:
    """Return the part of a route that is the extension of one of `formats`, with the dot."""
    names = ", ".join(each.extension for each in formats)
    return f".<any({names}):extension>"


def by_extension(formats: Sequence[FormatT], extension: str) -> FormatT:
    """Return which of `formats` has the `extension`, which one of them must have."""
    return next(each for each in formats if each.extension == extension)


def accepted_format(documents: tuple[MediaFormat, ...]) -> MediaFormat:
    """Return HTML or one of the formats of `documents`, as the current request accepts.

    Raise NotAcceptable, listing the media types that there are, if none fits.
    """
    types = _offered(documents)
    return types[choose(request.headers.get("Accept", ""), tuple(types))]


@lru_cache
def _offered(documents: tuple[MediaFormat, ...]) -> dict[str, MediaFormat]:
    return by_accepted_type((HTML, *documents))


def document_source(path: str) -> DocumentSource:
    """Return what the document at `path` says of itself."""
    return DocumentSource(base_url() + path, app_state().release_id)


def link_documents(
    response: Response, documents: Iterable[MediaFormat], address: Callable[[str], str]
) -> Response:
    """Add `Link` headers to the `documents`, each at the `address` of its extension, to a response."""
    for each in documents:
        link = f'<{address(each.extension)}>; rel="alternate"; type="{each.media_type}"'
        response.headers.add("Link", link)
    return response
