"""A feed for each stored query: the rows that came, went or changed from one kept release to the next.

It asks the older releases what today's query finds in them. A person who was removed since is in none of it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, url_for
from markupsafe import Markup, escape

from graph.core.errors import NotFound, UtsagaError
from graph.core.namespaces import QUERY, RDFS, TYPE, UTS
from graph.core.settings import Settings
from graph.core.terms import Term
from graph.query.stored import StoredQuery
from graph.rdf.results import QueryResults, parse_results
from graph.release.release import Manifest, Release
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import interface_language, messages, translate
from web.html.labels import plain_text, translation
from web.html.request_args import reads_arguments
from web.html.site_context import base_url
from web.publish.atom import add_entry, clean, dated, feed_response, new_feed, paragraph_link
from web.publish.dataset import current_publication
from web.publish.feed_titles import shorten
from web.sparql.answer_changes import Row, RowChange, compare_answers
from web.sparql.past_answers import PastAnswers
from web.sparql.query_documents import parameter_names
from web.sparql.result_table import cell, is_label_column
from web.sparql.stored_answers import read_answer

blueprint = Blueprint("query_feeds", __name__)

MAX_ENTRIES: Final = 100
MAX_RELEASES: Final = 6  # that are compared, the newest first
_PEOPLE: Final = f"SELECT ?person ?label {{ ?person <{TYPE}> <{UTS}Person> ; <{RDFS}label> ?label }}"
_past_answers: Final = PastAnswers()


class _Change(NamedTuple):
    release: Manifest
    change: RowChange


@blueprint.get("/queries/<slug:name>.atom")
@reads_arguments(parameter_names)
def changes(name: str) -> Response:
    """Return the feed of the query called `name`, with the values of parameters in the URL.

    Raise what the other documents of a query raise, and NotFound if this server has no release.
    """
    publication = current_publication()
    stored = app_state().stored_queries.get(name)
    if stored and stored.services:
        raise NotFound(
            "A query that asks other endpoints has no feed: their answers are not kept with releases",
            where=name,
            rule="feed",
            remedy="choose one of /feeds",
        )
    query, given, text, rows = read_answer(name)
    releases = _kept(publication.manifest)
    found = list(_changes(text, rows, releases))
    digest = _digest(query.name, *(f"{key}={value}" for key, value in sorted(given.items())))
    note = translate("feed.compared", n=len(releases))
    if len(found) > MAX_ENTRIES:
        note += f" {translate('feed.most', shown=MAX_ENTRIES, n=len(found))}"
    feed = new_feed(
        f"{QUERY}{query.name}#feed-{digest}",
        translate("feed.query", title=translation(query.title)[1]),
        page=_page_url(query, given),
        updated=found[0].release.created if found else publication.manifest.created,
        note=note,
    )
    for each in found[:MAX_ENTRIES]:
        _add(feed, query, digest, each)
    return feed_response(feed)


def _kept(live: Manifest) -> list[Release]:
    """Return the releases to compare, newest first: the live one, and kept ones that were made before it."""
    history = current_publication().history
    kept = [each for each in history.manifests() if each.created <= live.created]
    return [history.release(each.id) for each in kept[:MAX_RELEASES]]


def _changes(text: str, rows: QueryResults, releases: list[Release]) -> Iterator[_Change]:
    """Yield the changes of the answer to `text`, which has `rows` in the newest of `releases`, newest first.

    A release that cannot answer, because of a limit or its form, is passed over.
    """
    settings = app_state().settings
    newer, answer = releases[0].manifest, rows
    for release in releases[1:]:
        try:
            before = parse_results(_past_answers.answer(release, text, settings))
            hidden = _removed_names(releases[0].manifest, release, settings)
        except UtsagaError:
            continue
        yield from (_Change(newer, each) for each in compare_answers(before, answer, hidden))
        newer, answer = release.manifest, before


def _removed_names(live: Manifest, release: Release, settings: Settings) -> set[str]:
    """Return the IRIs and names, in an older `release`, of people whom the `live` one has removed."""
    if not live.removed:
        return set()
    people = parse_results(_past_answers.answer(release, _PEOPLE, settings)).rows
    removed = [row for row in people if row[0] and live.has_removed(row[0].value)]
    return {term.value for row in removed for term in row if term}


def _add(feed: FeedGenerator, query: StoredQuery, digest: str, each: _Change) -> None:
    change, created = each.change, each.release.created
    values = [f"{term.value} {term.language}" if term else "" for term in change.row]
    iri = f"{QUERY}{query.name}#change-{_digest(digest, each.release.id, change.kind, *values)}"
    title = f"{translate(f'feed.row_{change.kind}')}: {_title(change)}"
    link = paragraph_link(_page_url(query, {}), translate("feed.to_query"))
    when = dated(translate(f"feed.row_{change.kind}"), created)
    paragraphs = [*_lines(change), Markup("{} · {}").format(when, link)]
    entry = add_entry(feed, iri, title, paragraphs)
    entry.published(created)
    entry.updated(created)
    entry.category({"term": change.kind, "label": translate(f"feed.row_{change.kind}")})
    entry.link(href=base_url() + _page_url(query, {}), rel="alternate", type="text/html")


def _title(change: RowChange) -> str:
    return shorten(" · ".join(text for _, _, text in _cells(change.columns, change.row) if text))


def _lines(change: RowChange) -> Iterator[Markup]:
    """Yield a line for each column, with what it was before where that is another value."""
    cells = _cells(change.columns, change.row)
    before = _cells(change.columns, change.before or change.row)
    for (column, term, text), (_, old, old_text) in zip(cells, before, strict=True):
        if term is None and old is None:
            continue
        line = Markup("{}: {}").format(_column(column), _linked(term, text or "–"))
        was = Markup(" ({})").format(translate("feed.before", value=old_text or "–"))
        yield line if old == term else line + was


def _cells(columns: Sequence[str], row: Row) -> list[tuple[str, Term | None, str]]:
    """Return the name, the value and the text of each column but those that hold the labels of another.

    What is gone from the graph has no label there: the one in the row is taken.
    """
    by_name = dict(zip(columns, row, strict=True))
    return [
        (column, term, _text(term, by_name.get(f"{column}Label")))
        for column, term in by_name.items()
        if not is_label_column(column, tuple(columns))
    ]


def _text(term: Term | None, label: Term | None) -> str:
    if term is None:
        return ""
    is_nameless = term.kind == "iri" and not app_state().entities.labels(term.value)
    return label.value if label and is_nameless else plain_text(cell(term))


def _column(name: str) -> str:
    key = f"column.{name}"
    return translate(key) if key in messages(interface_language()) else name


def _linked(term: Term | None, text: str) -> Markup:
    if term and term.kind == "iri" and app_state().entities.exists(term.value):
        return paragraph_link(urls.entity_url(term.value), text)
    return escape(clean(text))


def _page_url(query: StoredQuery, given: Mapping[str, Any]) -> str:
    return url_for("queries.page", name=query.name, **given)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
