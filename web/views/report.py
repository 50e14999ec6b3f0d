"""The form by which readers report errors, without an account; what they write is stored, never published."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, Fault, Forbidden, NotFound, TooManyRequests, Unavailable, UtsagaError
from graph.read.entities import Ref
from graph.reports.report import MAX_ADDRESS, MAX_SUBJECT, MAX_TEXT, REASONS, Report, ReportFields
from graph.reports.report_store import ReportStore
from web.html.app_state import app_state
from web.html.i18n import interface_language, translate
from web.html.page_models import Page
from web.html.request_args import reads_arguments
from web.http.client_address import client
from web.http.negotiation import best
from web.http.problem_json import PROBLEM
from web.views.report_fields import find_subject, read_fields

blueprint = Blueprint("report", __name__)

_SAME_ORIGIN: Final = "same-origin"


@dataclass(frozen=True)
class ReportPage(Page):
    """The form, empty or with what was written and what is wrong with it."""

    template = "views/report.html"
    indexed: ClassVar[bool] = False
    fields: ReportFields
    subject: Ref | None  # what it is about, if that is in the graph
    faults: dict[str, str] = field(default_factory=dict)  # name of a field, or "form" → what is wrong
    reasons: ClassVar[tuple[str, ...]] = REASONS
    max_text: ClassVar[int] = MAX_TEXT
    max_address: ClassVar[int] = MAX_ADDRESS
    max_subject: ClassVar[int] = MAX_SUBJECT


@dataclass(frozen=True)
class ReportThanksPage(Page):
    """What is shown when a report has been received."""

    template = "views/report_thanks.html"
    indexed: ClassVar[bool] = False
    number: str  # the id of the report, or nothing


@blueprint.after_request
def forbid_storing(response: Response) -> Response:
    """Forbid caches to store a form that a reader has filled in; have browsers name their origin to us alone.

    With “no-referrer”, which other pages have, browsers send `Origin: null` with the form.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = _SAME_ORIGIN
    return response


@blueprint.get("/report")
@reads_arguments("about", "reason")
def form() -> str:
    """Return the form, about the entity or page in `about`; raise BadInput if that is not of this site."""
    store = _store()
    about, reason = request.args.get("about", "").strip(), request.args.get("reason", "")
    subject = find_subject(about)
    fields = ReportFields(reason if reason in REASONS else "", subject.address, "", "")
    faults = {"form": translate("report.fault_full")} if store.is_full() else {}
    return ReportPage(fields, subject.ref, faults).render()


@blueprint.post("/report")
def submit() -> Response | Redirect:
    """Store a report and redirect to a page of thanks, or return the form with what is wrong.

    Raise Forbidden for a form of another site.
    """
    _require_own_form()
    fields, faults = read_fields(request.form)
    if not faults:
        try:
            return _receive(fields)
        except (TooManyRequests, Unavailable) as error:
            return _refused(fields, {"form": _explain(error)}, error)
    invalid = BadInput.of(Fault(name, message, name) for name, message in faults.items())
    return _refused(fields, faults, invalid)


@blueprint.get("/report/thanks")
@reads_arguments("number")
def thanks() -> str:
    """Return the page of thanks, with the number of the report."""
    number = request.args.get("number", "")
    is_number = len(number) == 17 and number.replace("-", "").isalnum() and number.isascii()
    return ReportThanksPage(number if is_number else "").render()


def _receive(fields: ReportFields) -> Redirect:
    """Store a report; raise TooManyRequests or Unavailable if it is not received."""
    state, store = app_state(), _store()
    sender = client(request.environ, state.settings.trusted_hops)
    state.report_limit.check(sender)
    report = Report.new(fields, language=interface_language(), release=state.release_id)
    store.add(report)
    state.report_limit.count(sender)
    return redirect(url_for(".thanks", number=report.id), HTTPStatus.SEE_OTHER)


def _refused(fields: ReportFields, faults: dict[str, str], error: UtsagaError) -> Response:
    """Return the form with its `faults` for a browser; raise `error` for a program."""
    if best(request.headers.get("Accept", ""), (PROBLEM, "text/html")) != "text/html":
        raise error
    try:
        ref = find_subject(fields.about).ref
    except BadInput:
        ref = None
    response = Response(ReportPage(fields, ref, faults).render(), status=error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _explain(error: UtsagaError) -> str:
    if isinstance(error, TooManyRequests):
        return translate("report.fault_often", n=-(-(error.retry_after or 60) // 60))
    is_full = error.faults[0].rule == "UTSAGA_REPORTS_COUNT"
    return translate("report.fault_full") if is_full else translate("report.fault_storage")


def _require_own_form() -> None:
    """Raise Forbidden unless the request comes from a form of this site.

    Browsers say so in Sec-Fetch-Site, older ones by the Origin alone: https://www.w3.org/TR/fetch-metadata/.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    public = app_state().settings.public_base
    hosts = {request.host, urlsplit(public).netloc} if public else {request.host}
    is_own = site == _SAME_ORIGIN if site else origin.partition("://")[2] in hosts
    if not is_own:
        raise Forbidden(
            "A report is received from the form of this site alone",
            where="Origin",
            rule="same origin",
            remedy=f"fill in the form at {url_for('.form')}",
        )


def _store() -> ReportStore:
    store = ReportStore.of(app_state().settings)
    if store is None:
        raise NotFound(
            "No reports are received here",
            where="/report",
            rule="UTSAGA_REPORTS",
            remedy="write to the address at /about",
        )
    return store
