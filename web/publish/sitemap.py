"""For crawlers: a sitemap of all pages except those about people, and robots.txt.

https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309. Above 50,000 URLs the
sitemap is an index of several files; each has the URLs of one kind of entity, in their order. Entities have
the time of the release in which what is stated of them last changed.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, url_for

from graph.core.errors import NotFound
from graph.read.entities import Entities
from web.documentation import documents
from web.html import urls
from web.html.app_state import app_state
from web.html.site_context import base_url, views
from web.http.crawler_agents import ai_tokens
from web.http.crawlers import robots_rules

blueprint = Blueprint("sitemap", __name__)

MAX_URLS: Final = 50_000  # URLs in one file
EXCLUDED_KINDS: Final = ("person", "passage")  # not to be indexed, or without content of their own
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PAGES: Final = (
    "home.page",
    "about.page",
    "documentation.index",
    "queries.index",
    "editor.page",
)
_CHUNK: Final = 1000  # entities read at once
Entry = tuple[str, str]  # a path, and the time of its last change or ""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Return robots.txt: what is computed for each request is closed, and if set so, all to AI crawlers."""
    lines = ["User-agent: *", *robots_rules(), ""]
    if not app_state().settings.ai_crawlers:
        lines += [*(f"User-agent: {name}" for name in ai_tokens()), "Disallow: /", ""]
    text = "\n".join([*lines, f"Sitemap: {base_url()}{url_for('.sitemap')}", ""])
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Return the URLs of all pages, or an index of sitemaps if there are too many."""
    entities = app_state().entities
    counts = {kind: len(entities.index.of_kind(kind)) for kind in _indexed_kinds()}
    fixed = list(_page_paths())
    if len(fixed) + sum(counts.values()) <= MAX_URLS:
        addresses = (entry for kind in _indexed_kinds() for entry in _entity_entries(entities, kind, 1))
        return _xml("urlset", "url", [*_undated(fixed), *addresses])
    files = [
        url_for(".part", kind=kind, number=number)
        for kind, count in counts.items()
        for number in range(1, -(-count // MAX_URLS) + 1)
    ]
    return _xml("sitemapindex", "sitemap", _undated([url_for(".pages"), *files]))


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    """Return the URLs of the pages that are about no entity."""
    return _xml("urlset", "url", _undated(_page_paths()))


@blueprint.get("/sitemap-<kind:kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """Return one file of the URLs of a kind of entity; raise NotFound for a number that there is not."""
    entities = app_state().entities
    if kind in EXCLUDED_KINDS or not 1 <= number <= -(-len(entities.index.of_kind(kind)) // MAX_URLS):
        raise NotFound("There is no such part of the sitemap", where="number", remedy="see /sitemap.xml")
    return _xml("urlset", "url", _entity_entries(entities, kind, number))


def _page_paths() -> Iterator[str]:
    """Yield the paths of the pages that are about no entity."""
    yield from (url_for(endpoint) for endpoint in _PAGES)
    yield from (url_for(f"{name}.page") for name in views(app_state().entities.index.kinds))
    yield from (url_for("documentation.page", name=name) for name in documents.listed())
    yield url_for("ontology.document", document="ns")
    if app_state().publication:
        yield url_for("dataset.page")
    yield from (url_for("lists.page", of=kind) for kind in _indexed_kinds())
    yield from (url_for("queries.page", name=name) for name in app_state().stored_queries)


def _indexed_kinds() -> tuple[str, ...]:
    return tuple(kind for kind in app_state().entities.index.kinds if kind not in EXCLUDED_KINDS)


def _undated(paths: Iterable[str]) -> Iterator[Entry]:
    """Yield `paths` without times: nobody knows when such pages have changed."""
    return ((path, "") for path in paths)


def _entity_entries(entities: Entities, kind: str, number: int) -> Iterator[Entry]:
    """Yield the paths of the entities of `kind` in the file with that `number`, with their last changes."""
    members, publication = entities.index.of_kind(kind), app_state().publication
    modified = publication.modified if publication else {}
    for first in range((number - 1) * MAX_URLS, min(number * MAX_URLS, len(members)), _CHUNK):
        for name in members.page(first, min(_CHUNK, number * MAX_URLS - first)):
            yield urls.entity_url(name), modified.get(name, "")


def _xml(root: str, item: str, entries: Iterable[Entry]) -> Response:
    """Return the URLs of `entries`, with their times, as elements `item` of an element `root`."""
    start = base_url()
    rows = "".join(
        f"<{item}><loc>{escape(start + path)}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</{item}>\n"
        for path, when in entries
    )
    body = f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n{rows}</{root}>\n'
    return Response(body, content_type="application/xml; charset=utf-8")
