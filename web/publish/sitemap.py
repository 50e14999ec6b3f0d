"""What crawlers may look at: a sitemap of all pages but those about people, and robots.txt.

https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309. Over 50,000 addresses the
sitemap is an index of several; each holds the addresses of one kind of entity, in their order.
"""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, url_for

from graph.core.errors import NotFound
from graph.core.iris import KIND_NAMES
from graph.read.entities import Entities
from web.html import urls
from web.html.app_state import app_state
from web.html.site_context import base

blueprint = Blueprint("sitemap", __name__)

MOST: Final = 50_000  # addresses in one file
LEFT_OUT: Final = ("person", "passage")  # not for search engines, and nothing to find in
KINDS_SHOWN: Final = tuple(kind for kind in KIND_NAMES if kind not in LEFT_OUT)
_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PAGES: Final = ("home.page", "queries.index", "editor.page", "map.page", "timeline.page", "compare.page")
_COMPUTED: Final = ("/sparql", "/query?", "/search?", "/graph?")
_CHUNK: Final = 1000  # entities read at once


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Answer with what crawlers should leave alone: what is computed for each request."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _COMPUTED)]
    text = "\n".join([*lines, "", f"Sitemap: {base()}{url_for('.sitemap')}", ""])
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Answer with the addresses of all pages, or with the files that hold them if they are too many."""
    entities = app_state().entities
    counts = {kind: len(entities.index.of_kind(kind)) for kind in KINDS_SHOWN}
    fixed = list(_fixed())
    if len(fixed) + sum(counts.values()) <= MOST:
        addresses = (address for kind in KINDS_SHOWN for address in _of_kind(entities, kind, 1))
        return _xml("urlset", "url", [*fixed, *addresses])
    files = [
        url_for(".part", kind=kind, number=number)
        for kind, count in counts.items()
        for number in range(1, -(-count // MOST) + 1)
    ]
    return _xml("sitemapindex", "sitemap", [url_for(".pages"), *files])


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    """Answer with the addresses of the pages that are about no entity."""
    return _xml("urlset", "url", _fixed())


@blueprint.get(f"/sitemap-<any({', '.join(KINDS_SHOWN)}):kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """Answer with some of the addresses of a kind of entity."""
    entities = app_state().entities
    if not 1 <= number <= -(-len(entities.index.of_kind(kind)) // MOST):
        raise NotFound("There is no such part of the sitemap", where="number", remedy="see /sitemap.xml")
    return _xml("urlset", "url", _of_kind(entities, kind, number))


def _fixed() -> Iterator[str]:
    """Yield the paths of the pages that are about no entity."""
    yield from (url_for(endpoint) for endpoint in _PAGES)
    yield url_for("ontology.document", document="ns")
    if app_state().publication:
        yield url_for("dataset.page")
    yield from (url_for("lists.page", of=kind) for kind in KINDS_SHOWN)
    yield from (url_for("queries.page", name=name) for name in app_state().stored_queries)


def _of_kind(entities: Entities, kind: str, number: int) -> Iterator[str]:
    """Yield the paths of the entities of `kind` in the file with that `number`."""
    members = entities.index.of_kind(kind)
    for first in range((number - 1) * MOST, min(number * MOST, len(members)), _CHUNK):
        for name in members.page(first, min(_CHUNK, number * MOST - first)):
            yield urls.entity_url(name)


def _xml(root: str, item: str, paths: Iterator[str] | list[str]) -> Response:
    """Answer with the addresses of `paths` as elements `item` of an element `root`."""
    start = base()
    rows = "".join(f"<{item}><loc>{escape(start + path)}</loc></{item}>\n" for path in paths)
    body = f'{_HEAD}<{root} xmlns="{_SPACE}">\n{rows}</{root}>\n'
    return Response(body, content_type="application/xml; charset=utf-8")
