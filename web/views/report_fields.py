"""The fields of the form for reports: what a reader has written, and what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from graph.core.contact import is_mail_address
from graph.core.errors import BadInput
from graph.core.namespaces import BASE
from graph.read.entities import Ref
from graph.reports.report import MAX_ADDRESS, MAX_SUBJECT, MAX_TEXT, REASONS, ReportFields, clean_text
from web.html.app_state import app_state
from web.html.i18n import translate
from web.html.site_context import base_url

TRAP: Final = "website"
"""A field that no reader sees: what fills it in is a program that fills in every form."""
_PATH: Final = re.compile(r"/(?:[!#-;=?-\[\]_a-z~%][!-;=?-\[\]_a-z~%]*)?")  # of printable ASCII, never “//”


class Subject(NamedTuple):
    """What a report is about: an address of this site (or none), and the entity if it is in the graph."""

    address: str
    ref: Ref | None


def find_subject(about: str) -> Subject:
    """Return what `about` names: an IRI of ours in the graph, or the address of a page of this site.

    Raise BadInput if it is neither, so that nobody can have us link to another site.
    """
    entities = app_state().entities
    own = f"{base_url()}/"
    if len(about) <= MAX_SUBJECT:
        if about.startswith(BASE) and entities.exists(about):
            return Subject(about, entities.ref(about))
        path = f"/{about.removeprefix(own)}" if about.startswith(own) else about
        if not path or (_PATH.fullmatch(path) and not path.startswith(("//", "/\\"))):
            return Subject(path, None)
    raise BadInput(
        f"“{about[:MAX_SUBJECT]}” is no page of this site",
        where="about",
        rule="about",
        remedy="give the address of a page here, beginning with /, or leave it empty",
    )


def read_fields(form: Mapping[str, str]) -> tuple[ReportFields, dict[str, str]]:
    """Return what was written, within limits, and what is wrong with it by the name of the field."""
    text = clean_text(form.get("text", ""))
    given = ReportFields(
        form.get("reason", ""),
        form.get("about", "").strip(),
        text[: 2 * MAX_TEXT],
        form.get("reply_to", "").strip()[: 2 * MAX_ADDRESS],
    )
    faults: dict[str, str] = {}
    if given.reason not in REASONS:
        faults["reason"] = translate("report.fault_reason")
    try:
        given = given._replace(about=find_subject(given.about).address)
    except BadInput:
        given = given._replace(about=given.about[:MAX_SUBJECT])
        faults["about"] = translate("report.fault_about")
    if not text:
        faults["text"] = translate("report.fault_text")
    elif len(text) > MAX_TEXT:
        faults["text"] = translate("report.fault_long", n=len(text), most=MAX_TEXT)
    if given.reply_to and not (len(given.reply_to) <= MAX_ADDRESS and is_mail_address(given.reply_to)):
        faults["reply_to"] = translate("report.fault_reply")
    if form.get(TRAP):
        faults[TRAP] = translate("report.fault_trap")
    return given, faults
