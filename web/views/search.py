"""Full-text search as a page and as JSON, and suggestions while a name is typed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import Blueprint, Response, request
from markupsafe import Markup, escape

from graph.claims.claims import Adoption, read_adoption
from graph.claims.statements import Statement, read_statement
from graph.core.errors import BadInput, Unavailable
from graph.core.extensions import extension
from graph.core.site import SITE
from graph.core.terms import Term
from graph.read.entities import Ref
from graph.search.fields import OTHER_KINDS
from graph.search.highlight import FieldMatch, HighlightedText
from graph.search.suggest import MAX_SUGGESTIONS, Suggestion, suggest
from graph.search.text_index import MAX_HITS, SearchHit, SearchResults, TextIndex
from web.evidence.documents import envelope_documents
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import content_language, in_all_languages
from web.html.kind_words import names_in_all_languages
from web.html.labels import best
from web.html.page_models import Page, Slice
from web.html.request_args import page_number, reads_arguments
from web.http.negotiation import choose
from web.sparql.question_box import QuestionBox, read_question

blueprint = Blueprint("search", __name__)

PER_PAGE: Final = 20
SORTS: Final = ("relevance", "newest")
EXAMPLES: Final = extension("search_examples", ())
_DEFAULT_SUGGESTIONS: Final = 8
_NAME_FIELDS: Final = {"label", "former", "also", "office"}  # fields that have messages of their own


@dataclass(frozen=True)
class SearchResult:
    """An entity that matches: its name with the match marked, and any better match in another field."""

    ref: Ref
    kind: str
    title: FieldMatch
    best_match: FieldMatch | None
    match_property: Ref | None  # the property of that field, unless the field is a name
    statement: Statement | None
    adoption: Adoption | None


@dataclass(frozen=True)
class SearchPage(Page):
    """A page of matches, or an explanation of the search if the query is empty."""

    template = "views/search.html"
    indexed: ClassVar[bool] = False
    query: str
    kind: str
    sort: str
    matches: SearchResults | None
    results: Slice[SearchResult]
    question: QuestionBox | None = None  # the result of the query as a question, on the first page

    sorts: ClassVar[tuple[str, ...]] = SORTS
    per_page: ClassVar[int] = PER_PAGE
    examples: ClassVar[tuple[str, ...]] = EXAMPLES

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """The kinds with their number of matches, the most frequent first."""
        return (
            sorted(self.matches.kinds.items(), key=lambda each: (-each[1], each[0])) if self.matches else []
        )

    def with_arguments(self, **changed: str) -> dict[str, str]:
        """Return the arguments of the URL with some changed; empty ones are dropped."""
        arguments = {"q": self.query, "kind": self.kind, "sort": "" if self.sort == SORTS[0] else self.sort}
        return {name: value for name, value in (arguments | changed).items() if value}


@blueprint.get("/search")
@reads_arguments("q", "kind", "sort", "page")
def page() -> Response:
    """Return a page of matches of `q` as HTML or JSON, by `Accept`."""
    index = _index()
    chosen = choose(request.headers.get("Accept", ""), ("text/html", "application/json"))
    return data() if chosen == "application/json" else Response(_page(index).render())


@blueprint.get("/search.json")
@reads_arguments("q", "kind", "sort", "page")
def data() -> Response:
    """Return a page of matches of `q` as JSON: each matching value as text and with marks.

    If it is a question that a stored query answers, that is its `answer`.
    """
    found, number, pages = _find(_index())
    question = read_question(request.args.get("q", ""))
    return _json(
        {
            "query": request.args.get("q", ""),
            "how": found.mode,
            "total": found.total,
            "page": number,
            "pages": pages,
            "kinds": found.kinds,
            "suggestion": found.suggestion or None,
            "hits": _hits(found.hits),
            "answer": question.answer.as_json() if question and question.answer else None,
        }
    )


@blueprint.get("/suggest")
@blueprint.get("/suggest.json")
@reads_arguments("prefix", "kind", "limit")
def suggestions() -> Response:
    """Return the entities with a name or code that begins with `prefix`, the most linked first."""
    limit = request.args.get("limit", str(_DEFAULT_SUGGESTIONS))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 10 and 1 <= int(limit) <= MAX_SUGGESTIONS):
        raise BadInput(
            f"“{limit[:20]}” suggestions cannot be returned",
            where="limit",
            rule="limit",
            remedy=f"use a number from 1 to {MAX_SUGGESTIONS}",
        )
    prefix, kind = request.args.get("prefix", ""), _kind()
    found = suggest(_index(), prefix, kind=kind, limit=int(limit)) or _called(prefix, kind)
    return _json({"suggestions": [_suggestion(each) for each in found]})


def _called(name: str, kind: str) -> tuple[Suggestion, ...]:
    """Return the entity of `kind` that is called `name`, such as “Solna stad”, which no name begins with."""
    state = app_state()
    found = state.names.called(name) if name.strip() else ""
    own = (state.entities.index.kind_of(found) or OTHER_KINDS[-1]) if found else ""
    return (Suggestion(found, own, state.entities.labels(found), ()),) if found and kind in ("", own) else ()


@blueprint.app_template_filter()
def mark_matches(parts: HighlightedText) -> Markup:
    """Return a highlighted text as HTML, its matches in `mark` elements."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if is_match else escape(part) for part, is_match in parts
    )


def _index() -> TextIndex:
    index = app_state().text_index
    if index is None:
        raise Unavailable(
            "The data served here have no text index",
            where=request.path,
            rule="text index",
            remedy="browse the lists, or ask in SPARQL; a release made by utsaga build has one",
        )
    return index


def _kind() -> str:
    kind = request.args.get("kind", "")
    kinds = (*app_state().entities.index.kinds, *OTHER_KINDS)
    if kind and kind not in kinds:
        raise BadInput(
            f"“{kind[:40]}” is no kind",
            where="kind",
            rule="kind",
            remedy=f"use one of {', '.join(kinds)}",
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
    """Return the matches of the requested page, its number, and the number of pages."""
    query, newest = request.args.get("q", ""), _sort() == "newest"
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
    first = min(max(number - 1, 0) * PER_PAGE, MAX_HITS)
    named = app_state().names.called(query)
    found = index.search(query, kind=_kind(), newest=newest, limit=PER_PAGE, offset=first, named=named)
    reachable = min(found.total, MAX_HITS)
    return found, page_number(reachable, PER_PAGE), max(1, -(-reachable // PER_PAGE))


def _page(index: TextIndex) -> SearchPage:
    query = request.args.get("q", "").strip()
    if not query:
        return SearchPage("", _kind(), _sort(), None, Slice((), 0))
    found, number, pages = _find(index)
    results = tuple(map(_result, found.hits))
    question = read_question(query) if number == 1 else None
    return SearchPage(query, _kind(), _sort(), found, Slice(results, found.total, number, pages), question)


def _result(hit: SearchHit) -> SearchResult:
    entities = app_state().entities
    shown = best(hit.names, content_language()) or Term(urls.short_iri(hit.iri), "literal")
    plain = FieldMatch("label", "", shown.language, shown.value, ((shown.value, False),), 0)
    title = next((match for match in hit.matches if match.is_for(shown)), plain)
    by_relevance = sorted(
        hit.matches, key=lambda match: (-match.word_count, match.language != content_language())
    )
    best_match = next((match for match in by_relevance if match.word_count > title.word_count), None)
    match_property = (
        entities.ref(best_match.predicate) if best_match and best_match.field not in _NAME_FIELDS else None
    )
    statement = read_statement(entities, hit.iri) if hit.kind == "statement" else None
    return SearchResult(
        Ref(hit.iri, hit.names), hit.kind, title, best_match, match_property, statement, _adoption(hit)
    )


def _adoption(hit: SearchHit) -> Adoption | None:
    return read_adoption(app_state().entities, hit.iri) if hit.kind == "adoption" else None


def _hits(hits: Sequence[SearchHit]) -> list[dict[str, object]]:
    """Return `hits` as JSON, those that are statements with their evidence."""
    has_evidence = SITE.offers("members", "evidence")
    statements = [hit.iri for hit in hits if has_evidence and hit.kind == "statement"]
    evidence = dict(zip(statements, envelope_documents(statements), strict=True))
    found = ((_hit(hit), evidence.get(hit.iri)) for hit in hits)
    return [hit | ({"evidence": envelope} if envelope else {}) for hit, envelope in found]


def _hit(hit: SearchHit) -> dict[str, object]:
    adoption = _adoption(hit)
    status = adoption.status if adoption else None
    return {
        "id": hit.iri,
        "url": urls.entity_url(hit.iri),
        "kind": hit.kind,
        "labels": _by_language(hit.names),
        **({"status": {"id": status.iri, "labels": _by_language(status.labels)}} if status else {}),
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
        "kindLabels": names_in_all_languages(found.kind),
        "labels": _by_language(found.names),
        "matches": [
            {"field": field, "fieldLabels": in_all_languages(f"search.{field}"), "value": value}
            for field, value in found.matches
        ],
    }


def _json(body: dict[str, object]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, indent=1) + "\n", content_type="application/json")


def _by_language(names: tuple[Term, ...]) -> dict[str, str]:
    return {name.language: name.value for name in names}
