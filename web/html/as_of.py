"""The time that a reader asks about: `?asof=2018-03` says what held then, by what is known now.

What has no times of its own refuses it rather than answer of now. Documents about an entity (.ttl, .json …)
tell everything with its dates, at any time alike, and are not asked.
"""

from typing import Any, Final

from flask import Flask, g, request

from graph.core.entity_types import AS_OF_KINDS, ENTITY_KINDS
from graph.core.errors import BadInput
from graph.core.partial_dates import PartialDate
from web.html.i18n import keep_time

ARGUMENT: Final = "asof"
LISTS: Final = ("organisation", "product", *(name for name, kind in ENTITY_KINDS.items() if kind.validity))
"""The kinds whose lists can be had as they were at a time."""


def asked(kind: str, kinds: tuple[str, ...] | dict[str, Any]) -> PartialDate | None:
    """Return the time that is asked about, of a page or list of `kind`, and let the links of it keep it.

    Raise BadInput for what is no time, or where `kind` is not among `kinds`, which have them.
    """
    text = request.args.get(ARGUMENT, "").strip()
    if not text:
        return None
    if kind not in kinds:
        raise BadInput(
            f"What is told here of a {kind} has no times",
            where=ARGUMENT,
            rule=ARGUMENT,
            remedy=f"leave it out, or ask about one of {', '.join(kinds)}",
        )
    found: PartialDate = PartialDate.parse(text, ARGUMENT)
    g.asof = found
    keep_time(found.text)
    return found


def current() -> PartialDate | None:
    """Return the time that the page being made tells of, if it is one."""
    found: PartialDate | None = g.get("asof")
    return found


def register(app: Flask) -> None:
    """Let links keep the time where it has a meaning, and templates know it."""
    app.url_defaults(_keep)
    app.jinja_env.globals.update(asof=current, asof_pages=AS_OF_KINDS, asof_lists=LISTS)


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    when = current()
    timed = {"entities.page": ("kind", AS_OF_KINDS), "lists.page": ("of", LISTS), "lists.data": ("of", LISTS)}
    if when is None or endpoint not in timed:
        return
    argument, kinds = timed[endpoint]
    is_document = endpoint == "entities.page" and values.get("extension")
    if values.get(argument) in kinds and not is_document:
        values.setdefault(ARGUMENT, when.text)
