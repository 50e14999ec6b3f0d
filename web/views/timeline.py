"""The timeline: what happened when, narrowed by kind, organisation, product and year."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput
from graph.read.claims import read_adoption, read_assessment, read_observation
from graph.read.entities import Entities
from graph.read.statements import read_statement
from graph.read.timeline import EVENT_KINDS, MAX_EVENTS, TimelineEvent
from web.html.app_state import app_state
from web.html.page_models import Slice
from web.html.request_args import among, chosen, organisations_called, paged, reads_arguments, slug_of
from web.views.page_models import Bar, Happening, Subject, TimelinePage

blueprint = Blueprint("timeline", __name__)

PER_PAGE: Final = 40
MOST_BARS: Final = 40  # years of the strip, the last
_MOST_CANDIDATES: Final = 20


@blueprint.get("/timeline")
@reads_arguments("kind", "organisation", "product", "year", "sort", "page", "name")
def page() -> str | Redirect:
    """Show what happened when; a name that means one organisation narrows it to that one."""
    found = organisations_called("name")
    if len(found) == 1:
        kept: dict[str, Any] = {
            name: request.args.get(name) or None for name in ("kind", "product", "year", "sort")
        }
        return redirect(url_for(".page", organisation=slug_of(found[0]), **kept))
    state = app_state()
    timeline, entities = state.timeline, state.entities
    organisation, product = chosen("organisation"), chosen("product")
    kind, sort = among("kind", ("", *EVENT_KINDS)), among("sort", ("newest", "oldest"))
    chronicle = timeline.event_list(kind, organisation, product)
    counts = {each: len(timeline.events(each, organisation, product)) for each in EVENT_KINDS}
    year = _year()
    events = chronicle.newest_first if sort == "newest" else chronicle.oldest_first
    shown = [event for event in events if event.year == year] if year else events
    given = {"kind": kind, "organisation": slug_of(organisation), "product": slug_of(product), "year": year}
    given["sort"] = "" if sort == "newest" else sort
    return TimelinePage(
        happenings=_happenings(entities, paged(shown, PER_PAGE)),
        bars=_bars(chronicle.counts_by_year),
        kinds=tuple((each, count) for each, count in counts.items() if count),
        kind=kind,
        organisation=entities.optional_ref(organisation or None),
        product=entities.optional_ref(product or None),
        products=entities.refs(timeline.products()),
        year=year,
        sort=sort,
        words=request.args.get("name", "").strip(),
        candidates=entities.refs(found[:_MOST_CANDIDATES]),
        cut=any(count >= MAX_EVENTS for count in counts.values()),
        given={name: choice for name, choice in given.items() if choice},
    ).render()


def _year() -> str:
    """Return the year that is asked for, or nothing; raise BadInput for what is none."""
    year = request.args.get("year", "")
    if year and not re.fullmatch("[0-9]{4}", year):
        raise BadInput(f"“{year[:20]}” is no year", where="year", rule="year", remedy="give four digits")
    return year


def _happenings(entities: Entities, events: Slice[TimelineEvent]) -> Slice[Happening]:
    shown = tuple(Happening(event, _subject(entities, event)) for event in events.items)
    return Slice(shown, events.total, events.number, events.pages)


def _subject(entities: Entities, event: TimelineEvent) -> Subject:
    """Return what `event` is about."""
    if event.count or event.kind == "law":
        return entities.ref(event.iri) if event.iri else None
    reads: dict[str, Callable[[Entities, str], Subject]] = {
        "statement": read_statement,
        "adoption": read_adoption,
        "assessment": read_assessment,
        "observation": read_observation,
    }
    return reads[event.kind](entities, event.iri)


def _bars(counts: Mapping[str, Mapping[str, int]]) -> tuple[Bar, ...]:
    """Return the strip: the last years, from the first that something happened in, those between too."""
    years = sorted(filter(None, counts))
    if not years:
        return ()
    first = max(int(years[0]), int(years[-1]) - MOST_BARS + 1)
    span = {f"{year:04}": counts.get(f"{year:04}", {}) for year in range(first, int(years[-1]) + 1)}
    highest = max(sum(each.values()) for each in span.values())
    return tuple(
        Bar(year, dict(each), -(-100 * sum(each.values()) // highest)) for year, each in span.items()
    )
