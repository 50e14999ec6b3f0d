"""What is probably wrong with a query, in the reader's language, with the query when it is mended."""

from dataclasses import dataclass
from typing import Final, Literal

from graph.query.functions import unknown_functions
from graph.query.lint import Hint, TextEdit, lint, parse
from graph.vocabulary.term_check import unknown_terms
from web.html.app_state import app_state
from web.html.i18n import translate

Severity = Literal["error", "warning"]

MAX_HINTS: Final = 8
_ERRORS: Final = ("missing", "undeclared", "unknown_prefix")  # beginnings of the codes that no engine accepts


@dataclass(frozen=True)
class QueryHint:
    """A hint as it is shown: its message and line, and what the button that mends it says, if one does."""

    message: str
    severity: Severity
    line: int
    start: int
    end: int
    fix: TextEdit | None
    button: str
    fixed: str  # the whole query when mended


def find_hints(text: str) -> tuple[QueryHint, ...]:
    """Return what is probably wrong with the query `text`, in its order, at most `MAX_HINTS` of it."""
    query = parse(text)
    if query is None:
        return ()
    found = [*lint(query), *unknown_functions(query), *unknown_terms(query, app_state().entities.exists)]
    ordered = sorted(found, key=lambda hint: (not _is_error(hint), hint.start))[:MAX_HINTS]
    return tuple(_shown(hint, text) for hint in sorted(ordered, key=lambda hint: hint.start))


def as_json(hint: QueryHint, text: str) -> dict[str, object]:
    """Return a hint on `text` for a script, whose offsets count UTF-16 code units."""
    document: dict[str, object] = {
        "message": hint.message,
        "severity": hint.severity,
        "line": hint.line,
        "from": _units(text, hint.start),
        "to": _units(text, hint.end),
    }
    if hint.fix:
        start, end = _units(text, hint.fix.start), _units(text, hint.fix.end)
        document["fix"] = {"from": start, "to": end, "insert": hint.fix.text, "label": hint.button}
    return document


def _shown(hint: Hint, text: str) -> QueryHint:
    line = hint.line(text)
    return QueryHint(
        message=translate(f"hint.{hint.code}", line=line, **hint.values),
        severity="error" if _is_error(hint) else "warning",
        line=line,
        start=hint.start,
        end=hint.end,
        fix=hint.fix,
        button=_button(hint),
        fixed=hint.fix.apply(text) if hint.fix else "",
    )


def _button(hint: Hint) -> str:
    if hint.fix is None:
        return ""
    if "meant" in hint.values:
        return translate("hint.replace", meant=hint.values["meant"])
    mark = hint.code.removeprefix("missing_").removesuffix("_before")
    return (
        translate(f"hint.add_{mark}")
        if mark != hint.code
        else translate("hint.add", text=hint.fix.text.strip())
    )


def _is_error(hint: Hint) -> bool:
    return hint.code.startswith(_ERRORS)


def _units(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
