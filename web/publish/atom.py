"""Writes Atom feeds that a browser shows as a page: https://www.rfc-editor.org/rfc/rfc4287.

Browsers drop XSLT, but style XML with CSS as ever, and show what is XHTML in it as HTML. So a feed names a
style sheet of ours, and begins with words on what it is. A browser asks for `application/xml` and not for
Atom, and gets it under that name: some would save the other.
"""

import re
from typing import Any, Final

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem, xml_fromstring
from flask import Response, request, url_for
from markupsafe import Markup, escape

from graph.core.formatting import date
from graph.core.licences import licence_name
from graph.core.namespaces import BASE, LICENCE
from graph.core.site import SITE
from web.html.i18n import interface_language, translate
from web.html.site_context import base_url
from web.http.negotiation import best

ATOM: Final = "application/atom+xml"
_XML: Final = "application/xml"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_DECLARATION: Final = b"?>\n"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Introduction(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """A subtitle in XHTML, which feedgen has no method for."""

    def __init__(self) -> None:
        self.paragraphs: list[Markup] = []

    def extend_atom(self, feed: Any) -> Any:
        subtitle = xml_elem("subtitle", feed, type="xhtml")
        subtitle.append(xml_fromstring(_div(self.paragraphs)))
        return feed


def new_feed(iri: str, title: str, *, page: str, updated: str, note: str = "") -> FeedGenerator:
    """Return a feed without entries: its IRI and title, the path of the page that it follows, and its time.

    It begins with words on what a feed is, and with `note`.
    """
    feed = FeedGenerator()
    feed.id(iri)
    feed.title(clean(title))
    feed.language(interface_language())
    feed.author({"name": SITE.name, "uri": BASE})
    feed.rights(licence_name(LICENCE))
    feed.updated(updated)
    feed.link(href=base_url() + request.full_path.rstrip("?"), rel="self", type=ATOM)
    feed.link(href=base_url() + page, rel="alternate", type="text/html")
    feed.link(href=LICENCE, rel="license")
    feed.register_extension("introduction", _Introduction, rss=False)
    feed.introduction.paragraphs = [
        Markup("{} {}").format(translate("feed.is_a_feed"), _link("feeds.page", "feed.how")),
        *([escape(clean(note))] if note else []),
        Markup('<a href="{}">{}</a>').format(base_url() + page, translate("feed.as_page")),
    ]
    return feed


def add_entry(feed: FeedGenerator, iri: str, title: str, paragraphs: list[Markup]) -> FeedEntry:
    """Append an entry, and return it for its times and links."""
    entry = feed.add_entry(order="append")
    entry.id(iri)
    entry.title(clean(title))
    inner = "".join(f"<p>{each}</p>" for each in paragraphs)
    entry.content(inner, type="xhtml")
    return entry


def feed_response(feed: FeedGenerator) -> Response:
    """Return the feed as a response, with the style sheet for browsers."""
    body: bytes = feed.atom_str(pretty=True)
    sheet = f'<?xml-stylesheet type="text/css" href="{url_for("static", filename="feed.css")}"?>\n'
    styled = body.replace(_DECLARATION, _DECLARATION + sheet.encode(), 1)
    media_type = best(request.headers.get("Accept", ""), (ATOM, _XML)) or ATOM
    return Response(styled, content_type=f"{media_type}; charset=utf-8")


def paragraph_link(path: str, text: str) -> Markup:
    """Return a link to the page at `path` of this site."""
    return Markup('<a href="{}">{}</a>').format(base_url() + path, clean(text))


def dated(words: str, created: str) -> str:
    """Return `words` and the day of the time `created`, as the reader's language writes it."""
    return f"{words} {date(created[:10], interface_language())}"


def clean(text: str) -> str:
    """Return `text` with characters that XML does not allow replaced: https://www.w3.org/TR/xml/#charsets."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _link(endpoint: str, key: str) -> Markup:
    return paragraph_link(url_for(endpoint), translate(key))


def _div(paragraphs: list[Markup]) -> str:
    inner = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f'<div xmlns="{_XHTML}">{inner}</div>'
