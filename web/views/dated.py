"""The entities of one kind with dates, by year: the timeline of a site, or a part of it beside its events."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, request

from graph.core.errors import BadInput
from graph.core.terms import Term, iri
from graph.index.protocol import EntityList, EntitySet
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.page_models import Page, Slice
from web.html.request_args import choice, reads_arguments, requested_page

blueprint = Blueprint("timeline", __name__)

PER_PAGE: Final = 40
MAX_YEARS: Final = 60


@dataclass(frozen=True)
class DatedEntity:
    """An entity with its date, if that is known."""

    ref: Ref
    date: Term | None


@dataclass(frozen=True)
class DatedPage(Page):
    """The entities of one kind by date, and how many there are of each year."""

    template = "views/dated.html"
    kind: str
    kinds: tuple[tuple[str, int], ...]  # each with its number of entities or events
    has_events: bool  # whether the timeline has events of statements too
    year: str
    sort: str
    years: tuple[tuple[str, int, int], ...]  # year, entities, percent of the highest
    entries: Slice[DatedEntity]


@blueprint.get("/timeline")
@reads_arguments("kind", "year", "sort", "page")
def page() -> str:
    """Return a page of the entities of the argument `kind`, newest first unless `sort` is oldest."""
    kinds = dated_kinds()
    return show(choice("kind", tuple(kinds) or ("",)), kinds, has_events=False)


def dated_kinds(*, without: Collection[str] = ()) -> dict[str, int]:
    """Return the kinds that have dates, but those `without`, with their numbers of entities."""
    index = app_state().entities.index
    return {kind: len(index.of_kind(kind)) for kind in index.kinds.dated if kind not in without}


def show(kind: str, kinds: Mapping[str, int], *, has_events: bool) -> str:
    """Return the page of the entities of `kind`, one of the `kinds` that the timeline has.

    Raise BadInput for arguments that only events have.
    """
    for name in ("organisation", "product", "name"):
        if request.args.get(name):
            raise BadInput(
                f"“{kind}” is not filtered by this", where=name, rule="arguments", remedy=f"leave {name}= out"
            )
    index = app_state().entities.index
    sort, year = choice("sort", ("newest", "oldest")), request.args.get("year", "")
    if year and not re.fullmatch("[0-9]{4}", year):
        raise BadInput(f"“{year[:20]}” is no year", where="year", rule="year", remedy="give four digits")
    members: EntitySet = index.of_kind(kind)
    column = _year_column(kind)
    if year and not column:
        raise BadInput(
            "This timeline has no years to choose", where="year", rule="year", remedy="leave year= out"
        )
    counts = index.facet_counts(kind, (column,), members)[column] if column else ()
    if year:
        members = index.with_value(kind, column, year)
    entries = EntityList(members, lambda name: _entry(kind, name), "oldest" if sort == "oldest" else "")
    years = sorted((each.key, each.count) for each in counts)[-MAX_YEARS:]
    highest = max((count for _, count in years), default=1)
    return DatedPage(
        kind=kind,
        kinds=tuple(kinds.items()),
        has_events=has_events,
        year=year,
        sort=sort,
        years=tuple((each, count, -(-100 * count // highest)) for each, count in years),
        entries=requested_page(entries, PER_PAGE),
    ).render()


def _year_column(kind: str) -> str:
    """Return the name of the facet with the year of the entities of `kind`, or ""."""
    table = app_state().entities.index.kinds
    columns = table[kind].columns if kind else ()
    return next((column.name for column in columns if column.year and column.facet), "")


def _entry(kind: str, name: str) -> DatedEntity:
    entities = app_state().entities
    for path in entities.index.kinds[kind].dates:
        ends: tuple[Term, ...] = (iri(name),)
        for step in path:
            ends = tuple(end for each in ends for end in entities.node(each).terms(step))
        if ends:
            return DatedEntity(entities.ref(name), min(ends))
    return DatedEntity(entities.ref(name), None)
