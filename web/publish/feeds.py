"""Feeds of new and changed statements: all, an organisation's, a product's, and those that a search finds.

An entry is a statement, dated by the release that brought or changed it. On a site without statements, it is
an entity of any kind. `/feeds` lists all feeds.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, request, url_for
from markupsafe import Markup, escape

from graph.claims.statements import Statement, read_statement
from graph.core.errors import NotFound, Unavailable
from graph.core.extensions import extension
from graph.core.iris import entity_iri
from graph.core.namespaces import DATASET, UTS
from graph.core.terms import iri
from graph.query.stored import StoredQuery
from graph.read.entities import Entities, Ref
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
from web.publish.feed_titles import entry_title, shorten

blueprint = Blueprint("feeds", __name__)

MAX_ENTRIES: Final = 100
_SEARCHES: Final = extension("search_examples", tuple[str, ...]())
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
    search: str  # an example of one
    has_statements: bool


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
    word = next(filter(str.isalpha, _SEARCHES), "")
    return FeedsPage(followed, examples, word or _any_name(entities), _has_statements()).render()


@blueprint.get("/feed.atom")
def everything() -> Response:
    """Return the feed of all new and changed statements, or entities."""
    if _has_statements():
        members = app_state().entities.index.of_kind("statement")
        names, title = members.page(0, len(members)), translate("feed.all")
    else:
        names, title = tuple(_changes()), translate("feed.all_entities")
    return _feed(names, f"{DATASET}-feed", title, url_for("home.page"))


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
    """Return the feed of the statements, or entities, that the search for `q` finds.

    Raise Unavailable if the data have no text index, BadInput for a search without words or with too many.
    """
    index = app_state().text_index
    if index is None:
        raise Unavailable("The data served here have no text index", where="/search.atom", rule="text index")
    query = request.args.get("q", "").strip()
    has_statements = _has_statements()
    kind = "statement" if has_statements else ""
    results = index.search(query, kind=kind, newest=True, limit=MAX_FOUND)
    digest = hashlib.sha256(query.encode()).hexdigest()[:16]
    return _feed(
        [hit.iri for hit in results.hits],
        f"{DATASET}-search-{digest}",
        translate("feed.found" if has_statements else "feed.found_entities", query=query),
        url_for("search.page", q=query, kind=kind or None),
        translate("feed.most_found", n=MAX_FOUND) if results.total > MAX_FOUND else "",
    )


def _feed(members: Sequence[str], name_: str, title: str, path: str, note: str = "") -> Response:
    """Return the feed `name_` of the statements among the IRIs `members` that changed last."""
    publication = current_publication()
    changes = _changes()
    names = [each for each in members if each in changes]
    names.sort(key=lambda each: changes[each].updated, reverse=True)
    updated = changes[names[0]].updated if names else publication.manifest.created
    if len(names) > MAX_ENTRIES:
        note = f"{note} {translate('feed.most', shown=MAX_ENTRIES, n=len(names))}".strip()
    feed = new_feed(name_, title, page=path, updated=updated, note=note)
    for each in names[:MAX_ENTRIES]:
        if _has_statements():
            _add(feed, read_statement(app_state().entities, each), changes[each])
        else:
            _add_entity(feed, app_state().entities.ref(each), changes[each])
    return feed_response(feed)


def _has_statements() -> bool:
    """Return whether there are statements to follow; without them, the feeds are of entities of all kinds."""
    return "statement" in app_state().entities.index.kinds


def _changes() -> Mapping[str, Change]:
    """Return the changes that the feeds report, by IRI: of all statements, else of all entities."""
    publication = current_publication()
    return publication.changes if _has_statements() else publication.entity_changes


def _any_name(entities: Entities) -> str:
    """Return the name of an entity of the first kind that has any, or ""."""
    index = entities.index
    first = (name for kind in index.kinds for name in index.of_kind(kind).page(0, 1))
    return next((name(entities.ref(each), content_language()).value for each in first), "")


def _speakers(statement: Statement) -> tuple[Ref, ...]:
    """Return whose claim a statement is: its speaker, its unit or else its organisations."""
    one = statement.speaker or statement.unit
    return (one,) if one else statement.on_behalf_of


def _add(feed: FeedGenerator, statement: Statement, change: Change) -> None:
    """Append an entry for `statement`, dated by its last `change`."""
    words = best(statement.texts, content_language())
    text = clean(words.value if words else urls.short_iri(statement.iri))
    names = [clean(name(ref, content_language()).value) for ref in _speakers(statement)]
    entry = _new_entry(feed, statement.iri, entry_title(text, names[:1]), text, change, "feed.open")
    for each in names:
        entry.author({"name": each})
    if statement.kind:
        label = clean(name(statement.kind, content_language()).value)
        entry.category({"term": statement.kind.iri, "label": label})


def _add_entity(feed: FeedGenerator, ref: Ref, change: Change) -> None:
    """Append an entry for an entity of any kind, dated by its last `change`."""
    text = clean(name(ref, content_language()).value)
    _new_entry(feed, ref.iri, shorten(text), text, change, "feed.open_entity")


def _new_entry(  # noqa: PLR0913, PLR0917 (all that an entry says)
    feed: FeedGenerator, iri_: str, title: str, text: str, change: Change, words: str
) -> FeedEntry:
    """Append an entry that links to the page of `iri_` with the message `words`, and return it."""
    status = "new" if change.published == change.updated else "changed"
    link = paragraph_link(urls.entity_url(iri_), translate(words))
    when = dated(translate(f"feed.{status}"), change.updated)
    entry = add_entry(feed, iri_, title, [escape(text), Markup("{} · {}").format(when, link)])
    entry.published(change.published)
    entry.updated(change.updated)
    entry.category({"term": status, "label": translate(f"feed.{status}")})
    entry.link(href=base_url() + urls.entity_url(iri_), rel="alternate", type="text/html")
    return entry
