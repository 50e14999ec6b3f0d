"""The timeline: events by date, filtered by kind, organisation, product and year."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.claims.claims import read_adoption, read_assessment, read_observation
from graph.claims.statements import read_statement
from graph.claims.status_lanes import read_lanes
from graph.claims.timeline import EVENT_KINDS, MAX_EVENTS, TimelineEvent
from graph.core.errors import BadInput
from graph.core.namespaces import UTS
from graph.read.entities import Entities
from web.html.app_state import app_state
from web.html.page_models import Slice
from web.html.request_args import (
    choice,
    chosen_entity,
    organisations_named,
    reads_arguments,
    requested_page,
    slug_of,
)
from web.views import dated
from web.views.page_models import EventSubject, TimelineEntry, TimelinePage, YearCounts
from web.views.status_lanes import LaneChart, draw_lanes

blueprint = Blueprint("timeline", __name__)

PER_PAGE: Final = 40
MAX_YEARS: Final = 40  # bars of the chart, the latest
_MAX_STATUSES: Final = 400  # in the lanes, the newest
_MAX_CANDIDATES: Final = 20


@blueprint.get("/timeline")
@reads_arguments("kind", "organisation", "product", "year", "sort", "page", "name")
def page() -> str | Redirect:
    """Return a page of the timeline, or redirect if the name means one organisation.

    The entities of a kind with dates that is none of the events are a page of their own.
    """
    dated_kinds = dated.dated_kinds(without=EVENT_KINDS)
    kind = choice("kind", ("", *EVENT_KINDS, *dated_kinds))
    if kind in dated_kinds:
        return dated.show(kind, {**_event_counts(), **dated_kinds}, has_events=True)
    found = organisations_named("name")
    if len(found) == 1:
        filters: dict[str, Any] = {
            name: request.args.get(name) or None for name in ("kind", "product", "year", "sort")
        }
        return redirect(url_for(".page", organisation=slug_of(found[0]), **filters))
    state = app_state()
    timeline, entities = state.timeline, state.entities
    organisation, product = chosen_entity("organisation"), chosen_entity("product")
    sort = choice("sort", ("newest", "oldest"))
    event_list = timeline.event_list(kind, organisation, product)
    counts = _event_counts(organisation, product)
    year = _year()
    events = event_list.newest_first if sort == "newest" else event_list.oldest_first
    shown = [event for event in events if event.year == year] if year else events
    arguments = {
        "kind": kind,
        "organisation": slug_of(organisation),
        "product": slug_of(product),
        "year": year,
    }
    arguments["sort"] = "" if sort == "newest" else sort
    return TimelinePage(
        entries=_timeline_entries(entities, requested_page(shown, PER_PAGE)),
        year_counts=_year_counts(event_list.counts_by_year),
        kinds=tuple(counts.items()),
        dated_kinds=tuple(dated_kinds.items()),
        kind=kind,
        organisation=entities.optional_ref(organisation or None),
        product=entities.optional_ref(product or None),
        products=entities.refs(timeline.products()),
        year=year,
        sort=sort,
        name_query=request.args.get("name", "").strip(),
        candidates=entities.refs(found[:_MAX_CANDIDATES]),
        lanes=_lanes(entities, kind, organisation, product),
        is_truncated=any(count >= MAX_EVENTS for count in counts.values()),
        arguments={name: choice for name, choice in arguments.items() if choice},
    ).render()


def _event_counts(organisation: str = "", product: str = "") -> dict[str, int]:
    """Return the kinds that have events of the organisation and product, with their numbers of events."""
    timeline = app_state().timeline
    counts = {kind: len(timeline.events(kind, organisation, product)) for kind in EVENT_KINDS}
    return {kind: count for kind, count in counts.items() if count}


def _year() -> str:
    """Return the argument `year`, which may be empty; raise BadInput unless it has four digits."""
    year = request.args.get("year", "")
    if year and not re.fullmatch("[0-9]{4}", year):
        raise BadInput(f"“{year[:20]}” is no year", where="year", rule="year", remedy="give four digits")
    return year


def _lanes(entities: Entities, kind: str, organisation: str, product: str) -> LaneChart | None:
    """Return the lanes of the statuses that the filters leave, or None if statuses are not shown.

    Without a filter, those of the product that most adoptions are about.
    """
    if kind not in ("", "adoption"):
        return None
    index = entities.index
    if not organisation and not product:
        counts = index.facet_counts("adoption", ("product",), index.of_kind("adoption"), 1)["product"]
        product = counts[0].value.value if counts else ""
    found = index.of_kind("adoption")
    if organisation:
        found &= index.linking_to(organisation, UTS + "adopter", kind="adoption")
    if product:
        found &= index.linking_to(product, UTS + "product", kind="adoption")
    return draw_lanes(read_lanes(read_adoption(entities, name) for name in found.page(0, _MAX_STATUSES)))


def _timeline_entries(entities: Entities, events: Slice[TimelineEvent]) -> Slice[TimelineEntry]:
    shown = tuple(TimelineEntry(event, _event_subject(entities, event)) for event in events.items)
    return Slice(shown, events.total, events.number, events.pages)


def _event_subject(entities: Entities, event: TimelineEvent) -> EventSubject:
    """Return the entity that `event` is about, or None for a count without one."""
    if event.count or event.kind == "law":
        return entities.ref(event.iri) if event.iri else None
    readers: dict[str, Callable[[Entities, str], EventSubject]] = {
        "statement": read_statement,
        "adoption": read_adoption,
        "assessment": read_assessment,
        "observation": read_observation,
    }
    return readers[event.kind](entities, event.iri)


def _year_counts(counts: Mapping[str, Mapping[str, int]]) -> tuple[YearCounts, ...]:
    """Return the bars of the chart: one for each year up to the last event, empty years included."""
    years = sorted(filter(None, counts))
    if not years:
        return ()
    first = max(int(years[0]), int(years[-1]) - MAX_YEARS + 1)
    span = {f"{year:04}": counts.get(f"{year:04}", {}) for year in range(first, int(years[-1]) + 1)}
    highest = max(sum(each.values()) for each in span.values())
    return tuple(
        YearCounts(year, dict(each), -(-100 * sum(each.values()) // highest)) for year, each in span.items()
    )
