"""The tool `ask`: a stored question with its parameters, its rows with the statements that they rest on."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from graph.core.errors import BadInput
from graph.core.settings import PREFIX
from web.mcp.arguments import AskArguments
from web.mcp.entity import shown_standing
from web.mcp.envelopes import Detail, shown_envelope
from web.mcp.languages import one_text
from web.mcp.paging import Part, answer_page
from web.mcp.questions import Question, find_question
from web.mcp.refusals import Refusal
from web.mcp.site import Reply, Site, json_document, read
from web.mcp.sparql_json import Row, read_rows

_ACCEPT: Final = "application/sparql-results+json"
_NO_EVIDENCE: Final = {"evidence", f"{PREFIX}EVIDENCE_STATEMENTS"}  # rules by which rows come without it
_NO_ROW: Final = "No row: no source in this release says so. That does not mean “no”."


def ask(site: Site, arguments: AskArguments) -> dict[str, Any]:
    """Return the rows of a stored question; raise Refusal, NotFound or BadInput."""
    place, question = arguments.place(site.release), find_question(site, arguments.question)
    _check_names(question, arguments.parameters)
    reply, note = _read(site, arguments)
    document = json_document(reply, question["name"])
    columns, rows = read_rows(document)
    head: dict[str, Any] = {
        "question": question["name"],
        "title": one_text(question["title"], arguments.language),
        "parameters": arguments.parameters,
        "columns": columns,
        "rowsTotal": len(rows),
    }
    members = ["rows"]
    if "evidence" in document:
        head["evidenceTotal"] = len(document["evidence"])
        members = ["standings", "rows", "evidence"] if document["standings"] else ["rows", "evidence"]
    elif note:
        head["evidenceNote"] = note
    if not rows:
        head["note"] = _NO_ROW
    parts = islice(_parts(rows, document, arguments), place.position, None)
    return answer_page(head, members, parts, place, whole=reply.is_complete)


def _check_names(question: Question, given: Mapping[str, str]) -> None:
    """Raise BadInput for a parameter that the question does not have: the site would pass over it."""
    names = [each["name"] for each in question["parameters"]]
    for name in given:
        if name not in names:
            raise BadInput(
                f"“{name[:40]}” is no parameter of {question['name']}",
                where=name[:40],
                rule="parameter",
                remedy=f"use one of {', '.join(names)}" if names else "leave it out: it has none",
            )


def _read(site: Site, arguments: AskArguments) -> tuple[Reply, str]:
    """Return the reply, with evidence by default, and why it has none if it cannot have it."""
    path, given = f"/queries/{arguments.question}.json", arguments.parameters
    if arguments.evidence == "none":
        return read(site, path, given, _ACCEPT), ""
    try:
        return read(site, path, {**given, "evidence": "1"}, _ACCEPT), ""
    except Refusal as refusal:
        if arguments.evidence is not None or not {each["rule"] for each in refusal.faults} <= _NO_EVIDENCE:
            raise
        note = "; ".join(each["message"] for each in refusal.faults)
    return read(site, path, given, _ACCEPT), note


def _parts(rows: list[Row], document: dict[str, Any], arguments: AskArguments) -> Iterator[Part]:
    """Yield where the organisation asked for stands, then each row with the envelopes not given before it."""
    for standing in document.get("standings", ()):
        yield Part("standings", shown_standing(standing, arguments.language))
    if "evidence" not in document:
        yield from (Part("rows", row) for row in rows)
        return
    detail: Detail = "whole" if arguments.evidence == "whole" else "brief"
    remaining = {each["statement"]: each for each in document["evidence"]}
    for row, statements in zip(rows, document["evidenceOfRows"], strict=True):
        yield Part("rows", {**row, "statements": statements})
        for name in statements:
            if envelope := remaining.pop(name, None):
                yield Part("evidence", shown_envelope(envelope, detail, arguments.language))
