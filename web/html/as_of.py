"""The argument `?asof=2018-03`: pages and lists as of a time, by what is known now.

Pages without such times refuse it. Documents about an entity (.ttl, .json …) have all data with their
dates, whatever the time.
"""

from typing import Any, Final

from flask import Flask, g, request

from graph.core.errors import BadInput
from graph.core.partial_dates import PartialDate
from web.html.app_state import app_state
from web.html.i18n import set_link_time

ARGUMENT: Final = "asof"
_LIST_ENDPOINTS: Final = ("lists.page", "lists.data", "lists.document")


def requested_time(kind: str, kinds: tuple[str, ...] | dict[str, Any]) -> PartialDate | None:
    """Return the time in the URL of a page or list of `kind`, or None; links of the page will repeat it.

    Raise BadInput for an invalid time, or if `kind` is not among `kinds`.
    """
    text = request.args.get(ARGUMENT, "").strip()
    if not text:
        return None
    if kind not in kinds:
        raise BadInput(
            f"Data about a {kind} have no dates of validity here",
            where=ARGUMENT,
            rule=ARGUMENT,
            remedy=f"leave it out, or ask about one of {', '.join(kinds)}",
        )
    found: PartialDate = PartialDate.parse(text, ARGUMENT)
    g.asof = found
    set_link_time(found.text)
    return found


def page_time() -> PartialDate | None:
    """Return the time of the page that is being rendered, or None."""
    found: PartialDate | None = g.get("asof")
    return found


def register(app: Flask) -> None:
    """Make links to pages and lists as of a time keep it, and add it to the templates of `app`."""
    app.url_defaults(_add_time)
    app.jinja_env.globals.update(asof=page_time)
    app.context_processor(_kinds_with_times)


def _kinds_with_times() -> dict[str, Any]:
    table = app_state().entities.index.kinds
    return {"asof_pages": table.as_of, "asof_lists": table.timed}


def _add_time(endpoint: str, values: dict[str, Any]) -> None:
    when = page_time()
    if when is None or endpoint not in ("entities.page", *_LIST_ENDPOINTS):
        return
    table = app_state().entities.index.kinds
    argument, kinds = ("kind", table.as_of) if endpoint == "entities.page" else ("of", table.timed)
    is_document = endpoint == "entities.page" and values.get("extension")
    if values.get(argument) in kinds and not is_document:
        values.setdefault(ARGUMENT, when.text)
