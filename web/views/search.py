"""Full-text search as a page and as JSON, and what a name may become while it is typed."""

import json
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response, request
from markupsafe import Markup, escape

from graph.core.errors import BadInput, Unavailable
from graph.core.terms import Term
from graph.read.entities import Ref
from graph.read.statements import Statement, read_statement
from graph.search.fields import SEARCH_KINDS
from graph.search.highlight import FieldMatch, HighlightedText
from graph.search.suggest import MAX_SUGGESTIONS as MOST_SUGGESTIONS
from graph.search.suggest import Suggestion, suggest
from graph.search.text_index import MAX_HITS, SearchHit, SearchResults, TextIndex
from web.html import urls
from web.html.app_state import app_state
from web.html.filters import best
from web.html.i18n import LANGUAGES, content, messages
from web.html.page_models import Page, Slice
from web.html.request_args import number_of_page, reads_arguments
from web.http.negotiation import choose

blueprint = Blueprint("search", __name__)

PER_PAGE: Final = 20
SORTS: Final = ("relevance", "newest")
EXAMPLES: Final = ("Stockholms läns landsting", "sekretess", '"Office 365" -Göteborg', "2009:400", "0180")
_SUGGESTED: Final = 8
_NAMED: Final = {"label", "former", "also"}  # fields that we have words of our own for


@dataclass(frozen=True)
class Result:
    """An entity that was found: its name with the match marked, and the match if that is elsewhere."""

    ref: Ref
    kind: str
    title: FieldMatch
    why: FieldMatch | None
    why_of: Ref | None  # the property that `why` is a value of, where it says more than the field does
    said: Statement | None


@dataclass(frozen=True)
class SearchPage(Page):
    """What was found, or how to search if nothing was asked."""

    template = "views/search.html"
    indexed: ClassVar[bool] = False
    query: str
    kind: str
    sort: str
    found: SearchResults | None
    results: Slice[Result]

    sorts: ClassVar[tuple[str, ...]] = SORTS
    per_page: ClassVar[int] = PER_PAGE
    examples: ClassVar[tuple[str, ...]] = EXAMPLES

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How much there is of each kind, the most first."""
        return sorted(self.found.kinds.items(), key=lambda each: (-each[1], each[0])) if self.found else []

    def address(self, **changed: str) -> dict[str, str]:
        """Return the arguments of this search with some changed; an empty one is left out."""
        asked = {"q": self.query, "kind": self.kind, "sort": "" if self.sort == SORTS[0] else self.sort}
        return {name: value for name, value in (asked | changed).items() if value}


@blueprint.get("/search")
@reads_arguments("q", "kind", "sort", "page")
def page() -> Response:
    """Show what matches `q`, or answer with it as JSON for who prefers that."""
    index = _index()
    chosen = choose(request.headers.get("Accept", ""), ("text/html", "application/json"))
    return data() if chosen == "application/json" else Response(_page(index).render())


@blueprint.get("/search.json")
@reads_arguments("q", "kind", "sort", "page")
def data() -> Response:
    """Answer with what matches `q` as JSON: every value that matches, as text and with the match marked."""
    found, number, pages = _find(_index())
    return _json(
        {
            "query": request.args.get("q", ""),
            "how": found.mode,
            "total": found.total,
            "page": number,
            "pages": pages,
            "kinds": found.kinds,
            "hits": [_hit(hit) for hit in found.hits],
        }
    )


@blueprint.get("/suggest")
@blueprint.get("/suggest.json")
@reads_arguments("prefix", "kind", "limit")
def suggestions() -> Response:
    """Answer with the entities that have a name or code that begins with `prefix`, the best known first."""
    limit = request.args.get("limit", str(_SUGGESTED))
    if not (
        limit.isascii() and limit.isdecimal() and len(limit) < 10 and 1 <= int(limit) <= MOST_SUGGESTIONS
    ):
        raise BadInput(
            f"“{limit[:20]}” suggestions cannot be given",
            where="limit",
            rule="limit",
            remedy=f"use a number from 1 to {MOST_SUGGESTIONS}",
        )
    found = suggest(_index(), request.args.get("prefix", ""), kind=_kind(), limit=int(limit))
    return _json({"suggestions": [_suggestion(each) for each in found]})


@blueprint.app_template_filter()
def mark_matches(parts: HighlightedText) -> Markup:
    """Return a value as HTML with its marked parts in `mark`."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if is_match else escape(part) for part, is_match in parts
    )


def _index() -> TextIndex:
    index = app_state().text_index
    if index is None:
        raise Unavailable(
            "What is served here has no text index",
            where=request.path,
            rule="text index",
            remedy="browse the lists, or ask in SPARQL; a release made by utsaga build has one",
        )
    return index


def _kind() -> str:
    kind = request.args.get("kind", "")
    if kind and kind not in SEARCH_KINDS:
        raise BadInput(
            f"“{kind[:40]}” is no kind",
            where="kind",
            rule="kind",
            remedy=f"use one of {', '.join(SEARCH_KINDS)}",
        )
    return kind


def _sort() -> str:
    sort = request.args.get("sort") or SORTS[0]
    if sort not in SORTS:
        raise BadInput(
            f"“{sort[:40]}” is no order", where="sort", rule="sort", remedy=f"use one of {', '.join(SORTS)}"
        )
    return sort


def _find(index: TextIndex) -> tuple[SearchResults, int, int]:
    """Return what is on the page that is asked for, its number, and how many pages there are."""
    asked, newest = request.args.get("q", ""), _sort() == "newest"
    wanted = request.args.get("page", "1")
    guess = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else 1
    first = min(max(guess - 1, 0) * PER_PAGE, MAX_HITS)
    found = index.search(asked, kind=_kind(), newest=newest, limit=PER_PAGE, offset=first)
    reached = min(found.total, MAX_HITS)
    return found, number_of_page(reached, PER_PAGE), max(1, -(-reached // PER_PAGE))


def _page(index: TextIndex) -> SearchPage:
    asked = request.args.get("q", "").strip()
    if not asked:
        return SearchPage("", _kind(), _sort(), None, Slice((), 0))
    found, number, pages = _find(index)
    results = tuple(map(_result, found.hits))
    return SearchPage(asked, _kind(), _sort(), found, Slice(results, found.total, number, pages))


def _result(hit: SearchHit) -> Result:
    entities = app_state().entities
    shown = best(hit.names, content()) or Term(urls.short_iri(hit.iri), "literal")
    plain = FieldMatch("label", "", shown.language, shown.value, ((shown.value, False),), 0)
    title = next((match for match in hit.matches if match.is_for(shown)), plain)
    others = sorted(hit.matches, key=lambda match: (-match.word_count, match.language != content()))
    why = next((match for match in others if match.word_count > title.word_count), None)
    why_of = entities.ref(why.predicate) if why and why.field not in _NAMED else None
    said = read_statement(entities, hit.iri) if hit.kind == "statement" else None
    return Result(Ref(hit.iri, hit.names), hit.kind, title, why, why_of, said)


def _hit(hit: SearchHit) -> dict[str, object]:
    return {
        "id": hit.iri,
        "url": urls.entity_url(hit.iri),
        "kind": hit.kind,
        "labels": _by_language(hit.names),
        "matches": [
            {
                "field": match.field,
                "property": match.predicate,
                "language": match.language,
                "value": match.value,
                "marked": mark_matches(match.parts),
            }
            for match in hit.matches
        ],
    }


def _suggestion(found: Suggestion) -> dict[str, object]:
    return {
        "id": found.iri,
        "url": urls.entity_url(found.iri),
        "kind": found.kind,
        "kindLabels": _in_all(f"kind.{found.kind}"),
        "labels": _by_language(found.names),
        "matches": [
            {"field": field, "fieldLabels": _in_all(f"search.{field}"), "value": value}
            for field, value in found.matches
        ],
    }


def _json(answer: dict[str, object]) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", content_type="application/json")


def _by_language(names: tuple[Term, ...]) -> dict[str, str]:
    return {name.language: name.value for name in names}


def _in_all(key: str) -> dict[str, str]:
    """Return one of our words in every language."""
    return {language: messages(language)[key][0] for language in LANGUAGES}
