"""Statements on a page, filtered by facets, sorted and paged by the arguments of the URL; and such URLs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import quote, quote_plus, urlencode

from flask import g, request

from graph.claims.statements import Statement, read_statement
from graph.core.entity_types import OLDEST_FIRST
from graph.core.iris import MAX_IRI_LENGTH
from graph.index.protocol import EntityList, EntitySet
from graph.read.entities import Entities
from graph.read.lists import Facet, parse_order
from web.html.app_state import AppState, app_state
from web.html.i18n import LANGUAGE_ARGUMENTS
from web.html.page_models import Slice
from web.html.request_args import requested_page
from web.http.pinned import ARGUMENT as RELEASE_ARGUMENT

PER_PAGE: Final = 20
_COMMON_ARGUMENTS: Final = ("page", "sort", "asof")
_KEPT_ARGUMENTS: Final = frozenset(("iri", "property", "sort", "asof", RELEASE_ARGUMENT, *LANGUAGE_ARGUMENTS))
_TITLES: Final = {"kind": "statementKind", "unit": "speakerUnit"}
"""The titles of columns of lists whose names mean other things in stored queries."""

_MIN_CHOICES: Final = 2  # a facet with fewer is not shown
_MAX_CHOICES: Final = 16  # of a facet: the list of statements shows all


@dataclass(frozen=True)
class FilteredStatements(Slice[Statement]):
    """A page of statements, with the facets that filter them and the values chosen."""

    unfiltered_total: int = field(kw_only=True)  # without filters
    facets: tuple[Facet, ...] = field(kw_only=True, default=())
    is_oldest_first: bool = field(kw_only=True, default=False)
    is_sortable: bool = field(kw_only=True, default=True)  # whether the order can be chosen

    @property
    def chosen(self) -> tuple[Facet, ...]:
        """The facets with a chosen value."""
        return tuple(facet for facet in self.facets if facet.chosen)


def page_arguments(state: AppState) -> tuple[str, ...]:
    """Return the query arguments that pages of entities and lists read when `state` is served."""
    return (*_COMMON_ARGUMENTS, *state.entities.index.kinds.facets)


def filter_statements(
    entities: Entities, members: EntitySet, *facets: str, per_page: int = PER_PAGE, is_sortable: bool = True
) -> FilteredStatements:
    """Return the page of the statements `members` that the arguments of the URL select.

    They select by those of `facets` that statements of the site have.

    Unless `is_sortable`, they are newest first, which for those of one source is the order of its text.

    Raise BadInput for an unknown order, NotFound for a page out of range.
    """
    known = entities.index.kinds["statement"].facets
    facets = tuple(name for name in facets if name in known)
    matching, found = app_state().lists.filter_by_facets("statement", members, facets, request.args)
    sort = parse_order(entities.index.kinds["statement"], request.args.get("sort", "") if is_sortable else "")
    shown = requested_page(EntityList(matching, partial(read_statement, entities), sort), per_page)
    useful = (
        facet.truncate(_MAX_CHOICES) for facet in found if facet.chosen or len(facet.choices) >= _MIN_CHOICES
    )
    return FilteredStatements(
        shown.items,
        shown.total,
        shown.number,
        shown.pages,
        unfiltered_total=len(members),
        facets=tuple(useful),
        is_oldest_first=sort == OLDEST_FIRST,
        is_sortable=is_sortable,
    )


def column_key(name: str) -> str:
    """Return the key of the message that is the title of the column or facet `name` of a list."""
    return f"column.{_TITLES.get(name, name)}"


def kept_arguments() -> dict[str, str]:
    """Return the arguments of the URL of this page that its links repeat."""
    return _page_url()[1]


def url_with(**changes: object) -> str:
    """Return the URL of this page with some arguments changed ("" removes one), without `page`."""
    path, arguments = _page_url()
    values = {name: value for name, value in {**arguments, **changes}.items() if value != ""}
    return f"{path}?{urlencode(values)}" if values else path


def choice_urls(name: str) -> Callable[[str], str]:
    """Return a function from a value of the argument `name` to the URL of this page with it, or without."""
    without = url_with(**{name: ""})
    begin = f"{without}{'&' if '?' in without else '?'}{name}="
    return lambda value: begin + quote_plus(value) if value else without


def _page_url() -> tuple[str, dict[str, str]]:
    """Return the path of this page and the arguments that its links repeat, cached for the request."""
    found: tuple[str, dict[str, str]] | None = g.get("page_url")
    if found is None:
        kept = _KEPT_ARGUMENTS.union(app_state().entities.index.kinds.facets)
        items = request.args.items()
        arguments = {name: value for name, value in items if name in kept and len(value) <= MAX_IRI_LENGTH}
        found = g.page_url = quote(request.script_root + request.path), arguments
    return found
