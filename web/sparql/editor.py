"""The query editor: a page to write a query, see its result in several ways, share it and export it.

The page is a form that works by itself; the editor's script (CodeMirror) only adds to it. A result is
rendered here with its labels, so that it is the same with and without the script. YASGUI 4.6 was tried: it
needs JavaScript, breaks three rules of axe, and is twice as large (282 kB with gzip, against 149).
"""

from dataclasses import asdict
from typing import Final, cast, get_args

from flask import Blueprint, Response, jsonify, request, url_for

from graph.core.errors import BadInput, NotFound, TooLarge, UtsagaError
from graph.core.extensions import extension
from graph.core.namespaces import NAMESPACE, PREFIXES, TYPE, UTS
from graph.core.site import SITE
from graph.core.terms import Term
from graph.query.stored import StoredQuery
from graph.query_builder.sparql_text import Vocabulary
from graph.vocabulary.property_contexts import read_contexts
from graph.vocabulary.terms_in_use import UsedTerm
from web.html.app_state import app_state
from web.html.i18n import translate
from web.html.request_args import reads_arguments
from web.html.site_context import base_url
from web.sparql import protocol, query_errors, query_hints, result_table
from web.sparql.admission import Admission
from web.sparql.chart_files import chart_response
from web.sparql.pages import EditorPage
from web.sparql.result_table import ResultView

blueprint = Blueprint("editor", __name__)

_FIRST_QUERY: Final = extension("first_query", "")
_ANY_QUERY: Final = "SELECT ?subject ?property ?value WHERE {\n  ?subject ?property ?value .\n}\nLIMIT 100\n"


@blueprint.route("/query", methods=["GET", "POST"])
@reads_arguments("query", "view", "example")
def page() -> Response:
    """Return the editor with the query in the URL or form and its result, or with an example."""
    return render_editor(request.values.get("query"))


@blueprint.get("/query/terms.json")
def terms() -> Response:
    """Return what the editor completes: prefixes, the release's classes, properties and codes."""
    used, known = app_state().terms_in_use, read_contexts()
    return jsonify(
        contexts={name: asdict(each) for name, each in known.properties.items()},
        superclasses=known.superclasses,
        prefixes=PREFIXES,
        ours=sorted({NAMESPACE, UTS} if SITE.parts else {NAMESPACE}),
        classes=[_completion(each) for each in used.classes],
        properties=[_completion(each) for each in used.properties],
        codes=[_completion(each) for each in used.codes],
    )


@blueprint.post("/query/hints.json")
def hints() -> Response:
    """Return what is probably wrong with the query in a JSON document, for the marks of the editor."""
    sent = request.get_json(silent=True)
    text = sent.get("query") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        remedy = 'send JSON: {"query": "SELECT …"}'
        raise BadInput("There is no query", where="body", rule="hints", remedy=remedy)
    _check_length(text, app_state().settings.query_bytes)
    return jsonify(hints=[query_hints.as_json(hint, text) for hint in query_hints.find_hints(text)])


@blueprint.get("/query/chart.svg")
@reads_arguments("query")
def chart() -> Response:
    """Return the chart of the result of the query in the URL as a file."""
    text, admission = request.args.get("query", ""), Admission.of(app_state())
    query = admission.query_request(request.environ, text, result_table.MEDIA_TYPES)
    table = result_table.tabulate(admission.answer(request.environ, query), text)
    path = url_for(".page", query=text, view="chart")
    return chart_response(table, translate("view.chart"), path)


def render_editor(text: str | None) -> Response:
    """Return the editor with the query `text` and its result, or with an example if there is no text.

    An error of the query is shown on the page, which has the status of the error.
    """
    example = _example(request.args.get("example", ""))
    if text is None or (example and not text.strip()):
        return _respond(
            EditorPage(example.text if example else _FIRST_QUERY or _default_query(), example, _endpoint())
        )
    if not text.strip():
        return _respond(EditorPage("", None, _endpoint(), failure=query_errors.empty_query()), status=400)
    wanted = request.values.get("view", "table")
    view = cast(ResultView, wanted) if wanted in get_args(ResultView) else "table"
    admission = Admission.of(app_state())
    try:
        _check_length(text, admission.settings.query_bytes)
        query = admission.query_request(request.environ, text, result_table.MEDIA_TYPES)
        found = admission.answer(request.environ, query)
    except UtsagaError as error:
        failure, hints = query_errors.explain(error, text), query_hints.find_hints(text)
        page = EditorPage(text, None, _endpoint(), failure=failure, hints=hints)
        response = _respond(page, cacheable=False, status=error.status)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    hints = query_hints.find_hints(text)
    table = result_table.tabulate(found, text)
    editor = EditorPage(text, None, _endpoint(), table, view, hints=hints, lasts=found.cacheable)
    return _respond(editor, cacheable=found.cacheable)


def _respond(editor: EditorPage, *, cacheable: bool = True, status: int = 200) -> Response:
    response = Response(editor.render(), status, content_type="text/html; charset=utf-8")
    if not cacheable:
        response.headers["Cache-Control"] = "no-store"
    return response


def _check_length(text: str, most: int) -> None:
    """Raise TooLarge for a query of more than `most` bytes, which the endpoint refuses too."""
    if len(text.encode("utf-8", "surrogatepass")) > most:
        message = f"The query is longer than {most:,} bytes"
        raise TooLarge(message, where="query", rule="UTSAGA_QUERY_BYTES", remedy="shorten it")


def _default_query() -> str:
    """Return a query to begin with: for the entities of the first kind, by the first property of its list."""
    kinds = app_state().entities.index.kinds
    kind = next((each for each in kinds.values() if each.menu), None)
    if kind is None:
        return _ANY_QUERY
    vocabulary = Vocabulary()
    subject = vocabulary.variable(kind.classes[0])
    lines = [f"  {subject} a {vocabulary.name(kind.classes[0])} ."]
    for column in [each for each in kind.visible_columns if each.property_ not in ("", TYPE)][:1]:
        pattern = f"{subject} {vocabulary.name(column.property_)} {vocabulary.variable(column.property_)}"
        lines.append(f"  OPTIONAL {{ {pattern} }}")
    body = "\n".join(lines)
    return f"{vocabulary.prologue()}\nSELECT * WHERE {{\n{body}\n}}\nORDER BY {subject}\nLIMIT 100\n"


def _example(name: str) -> StoredQuery | None:
    queries = app_state().stored_queries
    if name and name not in queries:
        raise NotFound(f"There is no stored query “{name}”", where="example", remedy="choose one of /queries")
    return queries.get(name)


def _endpoint() -> str:
    """Return the whole address of the endpoint."""
    return base_url() + protocol.PATH


def _completion(term: UsedTerm) -> dict[str, object]:
    return {
        "iri": term.ref.iri,
        "labels": _by_language(term.ref.labels),
        "notes": _by_language(term.notes),
        "count": term.count,
    }


def _by_language(terms: tuple[Term, ...]) -> dict[str, str]:
    return {term.language: term.value for term in reversed(terms)}
