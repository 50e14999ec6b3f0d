"""The query builder: every state is an address, and the form leads from one to the next.

The form is sent as it stands, by its only method, GET; what it says is redirected to the address that says
the same and no more.
"""

from typing import Final, cast, get_args

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, UtsagaError
from graph.query_builder.model import option_name
from graph.query_builder.parse_state import ARGUMENT, OTHER_ARGUMENTS, parse_state
from graph.query_builder.sparql import BuiltQuery, write_query
from graph.query_builder.state import Arguments, BuilderState, Problem
from graph.query_builder.values import ValueReader
from graph.rdf.query_types import QueryResponse
from web.builder.page_models import BuilderPage, property_name, row_id, state_url
from web.html.app_state import app_state
from web.html.i18n import LANGUAGE_ARGUMENTS, content_language, messages
from web.html.request_args import reads_arguments
from web.http.negotiation import choose
from web.sparql import result_table
from web.sparql.admission import Admission
from web.sparql.result_table import ResultView

blueprint = Blueprint("builder", __name__)
blueprint.add_app_template_filter(property_name, "builder_property")
blueprint.add_app_template_filter(row_id, "builder_row_id")
blueprint.add_app_template_filter(option_name, "builder_option")

_HTML: Final = "text/html"
_QUERY: Final = "application/sparql-query"
_RULE: Final = "docs/query-builder.md"
_VIEW: Final = "view"


@blueprint.get("/build")
@reads_arguments(ARGUMENT, *OTHER_ARGUMENTS, _VIEW)
def page() -> Response | Redirect:
    """Return the form, the query and its result; the query alone if `Accept` says so; or a redirect."""
    state = _state()
    if choose(request.headers.get("Accept", ""), (_HTML, _QUERY)) == _QUERY:
        return Response(_query(state).text, content_type=f"{_QUERY}; charset=utf-8")
    canonical = [*state.arguments(), *([(_VIEW, _view())] if _view() != "table" else [])]
    if not state.problems and canonical != _arguments():
        return redirect(state_url(canonical, _anchor(state)), 303)
    return _respond(state)


def _arguments() -> Arguments:
    """Return the arguments of the address, without those that choose languages."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in LANGUAGE_ARGUMENTS]


def _state() -> BuilderState:
    state = app_state()
    reader = ValueReader(state.entities, state.text_index, state.reconciler)
    return parse_state(_arguments(), app_state().builder_model, reader)


def _view() -> ResultView:
    wanted = request.args.get(_VIEW, "table")
    return cast(ResultView, wanted) if wanted in get_args(ResultView) else "table"


def _anchor(state: BuilderState) -> str | None:
    """Return where the form leads to: the row just added, the place of one removed, or the answer."""
    if state.added is not None:
        return row_id(state.added)
    if "remove" in request.args:
        return "add"
    return "answer" if state.rows else "add" if state.class_ else None


def _query(state: BuilderState) -> BuiltQuery:
    """Return the query of `state`; raise BadInput if it has no class, or parts that cannot be used."""
    if state.class_ is None or state.problems:
        said = "; ".join(map(_english, state.problems)) or "There is no class"
        raise BadInput(said, where="address", rule=_RULE, remedy="build the query at /build")
    return write_query(state, app_state().builder_model, content_language())


def _english(problem: Problem) -> str:
    return messages("en")[f"build-problem.{problem.key}"][0].format(value=problem.value)


def _respond(state: BuilderState) -> Response:
    if not state.is_complete:
        return _render(BuilderPage(state, app_state().builder_model))
    query = _query(state)
    try:
        found = _answer(query)
    except UtsagaError as error:
        response = _render(
            BuilderPage(state, app_state().builder_model, query, faults=error.faults), cacheable=False
        )
        response.status_code = error.status
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    shown = BuilderPage(
        state, app_state().builder_model, query, result_table.tabulate(found, query.text), _view()
    )
    return _render(shown, cacheable=found.cacheable)


def _answer(query: BuiltQuery) -> QueryResponse:
    admission = Admission.of(app_state())
    asked = admission.query_request(request.environ, query.text, result_table.MEDIA_TYPES)
    return admission.answer(request.environ, asked)


def _render(page: BuilderPage, *, cacheable: bool = True) -> Response:
    response = Response(page.render(), content_type="text/html; charset=utf-8")
    if not cacheable:
        response.headers["Cache-Control"] = "no-store"
    return response
