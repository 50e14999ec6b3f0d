"""Atom feeds of new and changed statements: all, an organisation's, a product's.

https://www.rfc-editor.org/rfc/rfc4287. An entry is a statement, dated by the
release that brought or changed it.
"""

import re
from typing import Final

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, request

from graph.core.errors import NotFound
from graph.core.iris import entity_iri
from graph.core.namespaces import BASE, DATASET, LICENCE, UTS
from graph.core.terms import iri
from graph.index.protocol import EntitySet
from graph.read.entities import Ref
from graph.read.statements import Statement, read_statement
from graph.release.change_log import Change
from web.html import urls
from web.html.app_state import app_state
from web.html.filters import best, name
from web.html.i18n import content_language, interface_language, translate
from web.html.site_context import base_url
from web.publish.dataset import current_publication

blueprint = Blueprint("feeds", __name__)

MAX_ENTRIES: Final = 100
_MAX_TITLE_LENGTH: Final = 100  # characters
_LINKING_PROPERTIES: Final = {
    "organisation": ("onBehalfOf", "about"),
    "product": ("about", "keptOutOf", "carriedBy"),
}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@blueprint.get("/feed.atom")
def everything() -> Response:
    """Return the feed of all new and changed statements."""
    return _feed(app_state().entities.index.of_kind("statement"), None)


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
    return _feed(entities.index.linking_to(wanted, *properties, kind="statement"), entities.ref(wanted))


def _feed(members: EntitySet, about: Ref | None) -> Response:
    """Return the feed of the `members` that changed last; `about` is the subject of all, if any."""
    publication = current_publication()
    names = [each for each in members.page(0, len(members)) if each in publication.changes]
    names.sort(key=lambda each: publication.changes[each].updated, reverse=True)
    feed = FeedGenerator()
    feed.id(f"{DATASET}-feed" if about is None else f"{about.iri}#feed")
    words = (
        translate("feed.all")
        if about is None
        else translate("feed.of", name=name(about, content_language()).value)
    )
    feed.title(_clean(words))
    feed.language(interface_language())
    feed.author({"name": "Utsaga", "uri": BASE})
    feed.rights("CC0 1.0")
    feed.updated(publication.changes[names[0]].updated if names else publication.manifest.created)
    feed.link(href=base_url() + request.full_path.rstrip("?"), rel="self", type="application/atom+xml")
    page = "/" if about is None else urls.entity_url(about.iri)
    feed.link(href=base_url() + page, rel="alternate", type="text/html")
    feed.link(href=LICENCE, rel="license")
    for each in names[:MAX_ENTRIES]:
        _add(feed, read_statement(app_state().entities, each), publication.changes[each])
    return Response(feed.atom_str(pretty=True), content_type="application/atom+xml; charset=utf-8")


def _add(feed: FeedGenerator, statement: Statement, change: Change) -> None:
    """Append an entry for `statement`, dated by its last `change`."""
    entry = feed.add_entry(order="append")
    words = best(statement.texts, content_language())
    text = _clean(words.value if words else urls.short_iri(statement.iri))
    speakers = [statement.speaker] if statement.speaker else list(statement.on_behalf_of)
    names = [_clean(name(ref, content_language()).value) for ref in speakers]
    short = text if len(text) <= _MAX_TITLE_LENGTH else text[: _MAX_TITLE_LENGTH - 1].rstrip() + "…"
    entry.id(statement.iri)
    entry.title(": ".join([*names[:1], short]))
    entry.published(change.published)
    entry.updated(change.updated)
    status = "new" if change.published == change.updated else "changed"
    entry.category({"term": status, "label": translate(f"feed.{status}")})
    entry.content(text, type="text")
    entry.link(href=base_url() + urls.entity_url(statement.iri), rel="alternate", type="text/html")
    for each in names:
        entry.author({"name": each})
    if statement.kind:
        label = _clean(name(statement.kind, content_language()).value)
        entry.category({"term": statement.kind.iri, "label": label})


def _clean(text: str) -> str:
    """Return `text` with characters that XML does not allow replaced: https://www.w3.org/TR/xml/#charsets."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
