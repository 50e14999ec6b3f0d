"""The pictures that other sites show beside links to pages here: what a thing is, who says it, and when.

https://ogp.me/#structured. A picture is drawn when it is asked for, in the time of the client, and kept in
the response cache for as long as the release is served. People have none of their own.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, url_for

from graph.claims.claims import adoptions_of
from graph.claims.statements import read_statement
from graph.core.errors import NotFound
from graph.core.formatting import date
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import DCTERMS, ELI, UTS
from graph.core.site import SITE
from graph.core.terms import Term, iri
from graph.read.entities import Node, Ref
from web.html.app_state import app_state
from web.html.i18n import content_language, interface_language, translate
from web.html.kind_words import kind_name
from web.html.labels import best, label
from web.html.page_models import EntityPage, Page
from web.html.request_args import find_entity
from web.html.site_context import base_url
from web.html.statement_titles import speaker_and_organisations
from web.publish.card_drawing import Card, can_draw, draw_card

blueprint = Blueprint("cards", __name__)

WITHOUT_CARD: Final = ("person", "passage")
_KIND: Final = "<named_kind:kind>"
_STATUSES: Final = (UTS + "status", UTS + "outcome")
_DATES: Final = (UTS + "asOf", UTS + "madeIn", DCTERMS + "issued")
_WHO: Final = (UTS + "adopter", UTS + "assessor", DCTERMS + "publisher", UTS + "vendor")
_MAX_TITLE: Final = 300  # characters; no card has place for more
_MAX_LINE: Final = 120


@blueprint.get("/card.png")
def site() -> Response:
    """Return the picture of the site as a whole."""
    card = Card(kind="", title=translate("home.what"), site=_site())
    return Response(draw_card(card), content_type="image/png")


@blueprint.get(f"/card/{_KIND}/<slug:slug>.png")
def entity(kind: str, slug: str) -> Response:
    """Return the picture of an entity; raise NotFound if there is none."""
    if kind in WITHOUT_CARD:
        raise NotFound(f"There are no pictures of a {kind}", where="kind", rule="kind")
    name = find_entity(kind, slug)
    listed = app_state().entities.index.kind_of(name) or kind  # which a derived kind differs from
    return Response(draw_card(_card(listed, name)), content_type="image/png")


def card_url(page: Page | None) -> str:
    """Return the whole address of the picture of a page, in its language; "" if no font has its letters."""
    languages = {"lang": interface_language(), "content": None}
    if isinstance(page, EntityPage) and _has_card(page.kind) and (parts := parse_entity_iri(page.ref.iri)):
        kind, slug = parts
        if not can_draw(SITE.name + _shown(page.ref)):
            return ""
        return base_url() + url_for("cards.entity", kind=kind, slug=slug, **languages)  # type: ignore[arg-type]  # no value: left out
    if not can_draw(SITE.name + translate("home.what")):
        return ""
    return base_url() + url_for("cards.site", **languages)  # type: ignore[arg-type]  # as above


def _has_card(kind: str) -> bool:
    return kind in app_state().entities.index.kinds and kind not in WITHOUT_CARD


def register(app: Flask) -> None:
    """Add `card_url` to the template functions of `app`."""
    app.jinja_env.globals.update(card_url=card_url)


def _card(kind: str, name: str) -> Card:
    entities = app_state().entities
    node, ref = entities.node(iri(name)), entities.ref(name)
    title, lines = _shown(ref), _lines(kind, name, node)
    status = entities.optional_ref(node.iri(*_STATUSES))
    if kind == "statement":
        statement = read_statement(entities, name)
        worded = best(statement.texts, content_language())
        title = worded.value if worded else title
    elif kind == "organisation" and (found := adoptions_of(entities, name, UTS + "adopter")):
        newest = found[0]
        status = newest.status
        lines = (_joined(_shown(newest.product), _date(newest.last_known)), *lines)
    return Card(
        kind=kind_name(kind),
        title=title[:_MAX_TITLE],
        status=status.iri.rpartition("/")[2] if status else "",
        status_name=_shown(status)[:_MAX_LINE],
        lines=tuple(line[:_MAX_LINE] for line in lines if line),
        site=_site(),
    )


def _lines(kind: str, name: str, node: Node) -> tuple[str, ...]:
    """Return who says what the entity is about, and when."""
    entities = app_state().entities
    if kind == "statement":
        statement = read_statement(entities, name)
        source = entities.optional_ref(node.iri(UTS + "saidIn"))
        issued = entities.node(iri(source.iri)).literal(DCTERMS + "issued") if source else None
        who = speaker_and_organisations(statement)
        return who, _joined(_shown(source), _date(issued))
    maker, number = entities.optional_ref(node.iri(*_WHO)), node.literal(ELI + "id_local")
    said = _shown(maker) or (number.value if number else "")
    return (_joined(said, _date(node.literal(*_DATES))),)


def _shown(ref: Ref | None) -> str:
    return label(ref).value if ref else ""


def _date(when: Term | None) -> str:
    return date(when.value, interface_language()) if when else ""


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


def _site() -> str:
    return urlsplit(base_url()).netloc
