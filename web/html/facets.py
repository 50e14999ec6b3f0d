"""The statements on a page: narrowed by facets, in an order and by page, as the reader's address says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import quote, quote_plus, urlencode

from flask import g, request

from graph.core.entity_types import ENTITY_KINDS, OLDEST_FIRST
from graph.core.iris import MAX_IRI_LENGTH
from graph.index.protocol import EntityList, EntitySet
from graph.read.entities import Entities
from graph.read.lists import Facet, parse_order
from graph.read.statements import Statement, read_statement
from web.html.app_state import app_state
from web.html.i18n import CHOICES
from web.html.page_models import Slice
from web.html.request_args import paged

PER_PAGE: Final = 20
PAGE_ARGUMENTS: Final = (
    "page",
    "sort",
    "asof",
    *dict.fromkeys(facet for kind in ENTITY_KINDS.values() for facet in kind.facets),
)
"""The query arguments that pages of entities and lists read."""

_KEPT: Final = frozenset(("iri", "property", *CHOICES, *PAGE_ARGUMENTS)) - {"page"}
_FEWEST: Final = 2  # choices that are worth a facet
_MOST: Final = 16  # choices of a facet: the list of statements has more


@dataclass(frozen=True)
class Narrowed(Slice[Statement]):
    """A page of statements, and what they can be narrowed by, with the choices made."""

    of: int = field(kw_only=True)  # how many there are before any choice
    facets: tuple[Facet, ...] = field(kw_only=True, default=())
    oldest: bool = field(kw_only=True, default=False)  # first, rather than the newest
    turns: bool = field(kw_only=True, default=True)  # whether the reader may choose which is first

    @property
    def chosen(self) -> tuple[Facet, ...]:
        """The facets that a choice is made for."""
        return tuple(facet for facet in self.facets if facet.chosen)


def narrowed(
    entities: Entities, members: EntitySet, *facets: str, per_page: int = PER_PAGE, turns: bool = True
) -> Narrowed:
    """Return the page of `members`, which are statements, that the address asks for by sort and `facets`.

    Unless it `turns`, they stand newest first, which for those of one source is the order of its text.

    Raise BadInput for an order that there is not, NotFound for such a page.
    """
    left, found = app_state().lists.filter_by_facets("statement", members, facets, request.args)
    sort = parse_order("statement", request.args.get("sort", "") if turns else "")
    shown = paged(EntityList(left, partial(read_statement, entities), sort), per_page)
    telling = (facet.truncate(_MOST) for facet in found if facet.chosen or len(facet.choices) >= _FEWEST)
    return Narrowed(
        shown.items,
        shown.total,
        shown.number,
        shown.pages,
        of=len(members),
        facets=tuple(telling),
        oldest=sort == OLDEST_FIRST,
        turns=turns,
    )


def kept_arguments() -> dict[str, str]:
    """Return the arguments of this page's URL that its links keep."""
    return _this_page()[1]


def url_with(**changes: object) -> str:
    """Return the URL of this page with some arguments changed ("" drops one), without `page`."""
    path, kept = _this_page()
    values = {name: value for name, value in {**kept, **changes}.items() if value != ""}
    return f"{path}?{urlencode(values)}" if values else path


def choice_urls(name: str) -> Callable[[str], str]:
    """Return a function from a value of the argument `name` to the URL of this page with it; "" drops it."""
    without = url_with(**{name: ""})
    begin = f"{without}{'&' if '?' in without else '?'}{name}="
    return lambda value: begin + quote_plus(value) if value else without


def _this_page() -> tuple[str, dict[str, str]]:
    """Return the path of this page and the arguments that its links keep, computed once for each request."""
    found: tuple[str, dict[str, str]] | None = g.get("here")
    if found is None:
        given = request.args.items()  # each link of the page repeats those that are kept
        kept = {name: value for name, value in given if name in _KEPT and len(value) <= MAX_IRI_LENGTH}
        found = g.here = quote(request.script_root + request.path), kept
    return found
