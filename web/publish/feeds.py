"""Feeds of new and changed statements: all, an organisation's, a product's, and those that a search finds.

An entry is a statement, dated by the release that brought or changed it. `/feeds` lists all feeds.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, request, url_for
from markupsafe import Markup, escape

from graph.claims.statements import Statement, read_statement
from graph.core.errors import NotFound, Unavailable
from graph.core.iris import entity_iri
from graph.core.namespaces import DATASET, UTS
from graph.core.terms import iri
from graph.query.stored import StoredQuery
from graph.read.entities import Ref
from graph.release.change_log import Change
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import content_language, translate
from web.html.labels import best, name
from web.html.page_models import Page
from web.html.request_args import reads_arguments
from web.html.site_context import base_url
from web.publish.atom import add_entry, clean, dated, feed_response, new_feed, paragraph_link
from web.publish.dataset import current_publication
from web.publish.feed_titles import entry_title

blueprint = Blueprint("feeds", __name__)

MAX_ENTRIES: Final = 100
MAX_FOUND: Final = 500  # statements of a search that are looked through, the newest first
_LINKING_PROPERTIES: Final = {
    "organisation": ("onBehalfOf", "about"),
    "product": ("about", "keptOutOf", "carriedBy"),
}


@dataclass(frozen=True)
class FeedsPage(Page):
    """The page that lists the feeds, and how to follow one."""

    template = "publish/feeds.html"
    max_entries: ClassVar[int] = MAX_ENTRIES
    queries: tuple[StoredQuery, ...]  # that can be followed
    examples: tuple[tuple[str, Ref], ...]  # the organisation and the product of most statements, by kind


@blueprint.get("/feeds")
def page() -> str:
    """Return the page about the feeds; raise NotFound if this server has no release."""
    current_publication()
    queries = app_state().stored_queries.values()
    index, entities = app_state().entities.index, app_state().entities
    followed = tuple(each for each in queries if not each.services)
    examples = tuple(
        (kind, entities.ref(name))
        for kind in _LINKING_PROPERTIES
        for name in index.of_kind(kind).page(0, 1, "-statements")
    )
    return FeedsPage(followed, examples).render()


@blueprint.get("/feed.atom")
def everything() -> Response:
    """Return the feed of all new and changed statements."""
    index = app_state().entities.index
    members = index.of_kind("statement")
    return _feed(
        members.page(0, len(members)), f"{DATASET}-feed", translate("feed.all"), url_for("home.page")
    )


@blueprint.get("/<any(organisation, product):kind>/<slug:slug>.atom")
def concerning(kind: str, slug: str) -> Response:
    """Return the feed of an organisation or a product.

    It has the statements about it, and those made on behalf of the organisation.
    Raise NotFound if the graph has no such entity.
    """
    entities, wanted = app_state().entities, entity_iri(kind, slug)
    if not entities.node(iri(wanted)).values:
        raise NotFound("The graph says nothing of that", where=slug, rule="identifier")
    properties = (UTS + each for each in _LINKING_PROPERTIES[kind])
    members = entities.index.linking_to(wanted, *properties, kind="statement")
    title = translate("feed.of", name=name(entities.ref(wanted), content_language()).value)
    return _feed(members.page(0, len(members)), f"{wanted}#feed", title, urls.entity_url(wanted))


@blueprint.get("/search.atom")
@reads_arguments("q")
def found() -> Response:
    """Return the feed of the statements that the search for `q` finds.

    Raise Unavailable if the data have no text index, BadInput for a search without words or with too many.
    """
    index = app_state().text_index
    if index is None:
        raise Unavailable("The data served here have no text index", where="/search.atom", rule="text index")
    query = request.args.get("q", "").strip()
    results = index.search(query, kind="statement", newest=True, limit=MAX_FOUND)
    digest = hashlib.sha256(query.encode()).hexdigest()[:16]
    return _feed(
        [hit.iri for hit in results.hits],
        f"{DATASET}-search-{digest}",
        translate("feed.found", query=query),
        url_for("search.page", q=query, kind="statement"),
        translate("feed.most_found", n=MAX_FOUND) if results.total > MAX_FOUND else "",
    )


def _feed(members: Sequence[str], name_: str, title: str, path: str, note: str = "") -> Response:
    """Return the feed `name_` of the statements among the IRIs `members` that changed last."""
    publication = current_publication()
    names = [each for each in members if each in publication.changes]
    names.sort(key=lambda each: publication.changes[each].updated, reverse=True)
    updated = publication.changes[names[0]].updated if names else publication.manifest.created
    if len(names) > MAX_ENTRIES:
        note = f"{note} {translate('feed.most', shown=MAX_ENTRIES, n=len(names))}".strip()
    feed = new_feed(name_, title, page=path, updated=updated, note=note)
    for each in names[:MAX_ENTRIES]:
        _add(feed, read_statement(app_state().entities, each), publication.changes[each])
    return feed_response(feed)


def _speakers(statement: Statement) -> tuple[Ref, ...]:
    """Return whose claim a statement is: its speaker, its unit or else its organisations."""
    one = statement.speaker or statement.unit
    return (one,) if one else statement.on_behalf_of


def _add(feed: FeedGenerator, statement: Statement, change: Change) -> None:
    """Append an entry for `statement`, dated by its last `change`."""
    words = best(statement.texts, content_language())
    text = clean(words.value if words else urls.short_iri(statement.iri))
    names = [clean(name(ref, content_language()).value) for ref in _speakers(statement)]
    status = "new" if change.published == change.updated else "changed"
    link = paragraph_link(urls.entity_url(statement.iri), translate("feed.open"))
    when = dated(translate(f"feed.{status}"), change.updated)
    title = entry_title(text, names[:1])
    entry = add_entry(feed, statement.iri, title, [escape(text), Markup("{} · {}").format(when, link)])
    entry.published(change.published)
    entry.updated(change.updated)
    entry.category({"term": status, "label": translate(f"feed.{status}")})
    entry.link(href=base_url() + urls.entity_url(statement.iri), rel="alternate", type="text/html")
    for each in names:
        entry.author({"name": each})
    if statement.kind:
        label = clean(name(statement.kind, content_language()).value)
        entry.category({"term": statement.kind.iri, "label": label})
