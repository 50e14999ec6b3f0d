"""Page models: the template contexts of all pages.

A template reads `page`, of the class that has its name here or in `web.entities.page_models`, and the
variable `site` of `web.html.site_context`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Generic, Self, TypeVar

from flask import render_template
from markupsafe import Markup

from graph.claims.claims import Adoption
from graph.claims.statements import Statement
from graph.claims.stopped_uses import StoppedUse
from graph.core.namespaces import BASE
from graph.core.terms import Coordinates, Term
from graph.query.stored import StoredQuery
from graph.read.entities import Ref
from graph.read.lists import EntityListing, ListEntry
from graph.read.wikidata_facts import WikidataFacts
from graph.statistics.adoption_counts import AdoptionCounts
from web.html.app_state import app_state

MAX_STATEMENTS: Final = 30
MAX_CLAIMS: Final = 25  # adoptions, offices: the rest is a list of its own
ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Slice(Generic[ItemT]):
    """A page of a longer sequence: its items, the total, its number and the number of pages."""

    items: tuple[ItemT, ...]
    total: int
    number: int = 1
    pages: int = 1

    @classmethod
    def first(cls, items: Sequence[ItemT], limit: int) -> Self:
        """Return the first `limit` of `items` as the only page."""
        return cls(tuple(items[:limit]), len(items))

    @property
    def remaining(self) -> int:
        """The number of items that are not shown."""
        return self.total - len(self.items)

    @property
    def start(self) -> int:
        """The number of the first item on this page, counted from 1 on the first page."""
        is_last = self.number == self.pages
        return self.remaining + 1 if is_last else (self.number - 1) * len(self.items) + 1


@dataclass(frozen=True)
class Page:
    """A page; `template` is the file that renders it."""

    template: ClassVar[str]
    indexed: ClassVar[bool] = True  # whether search engines may index it
    is_isolated: ClassVar[bool] = False  # whether it may connect to nothing, and so has no search box

    def render(self) -> str:
        """Return the page as HTML."""
        return render_template(self.template, page=self)


@dataclass(frozen=True)
class NestedNode:
    """A blank node or a part of an entity, shown within a fact."""

    facts: tuple["Fact", ...]


FactValue = Term | Ref | NestedNode


@dataclass(frozen=True)
class Fact:
    """A property and its values; `more` is the number of values left out.

    `graphs` has, for each value, the named graphs that say it.
    """

    property: Ref
    values: tuple[FactValue, ...]
    more: int = 0
    graphs: tuple[tuple[Ref, ...], ...] = ()

    def common_graphs(self) -> tuple[Ref, ...]:
        """Return the graphs of the values if they are the same for each, else nothing."""
        return self.graphs[0] if len(set(self.graphs)) == 1 else ()

    def graphs_of(self, value: FactValue) -> tuple[Ref, ...]:
        """Return the graphs of `value`, or nothing if they are the same for each value."""
        if self.common_graphs():
            return ()
        pairs = zip(self.values, self.graphs, strict=False)
        return next((graphs for each, graphs in pairs if each == value), ())


@dataclass(frozen=True)
class Backlinks:
    """The number of entities that link here by `property`, and the first few of them."""

    property: Ref
    count: int
    first: tuple[Ref, ...]  # none where the page's own sections show them


@dataclass(frozen=True)
class EntityPage(Page):
    """An entity of any class: its names, notes, facts and links in both directions."""

    template = "entities/entity.html"
    kind: str  # a kind of graph.core.iris.KINDS, "code", or "resource" for anything else
    ref: Ref
    types: tuple[Ref, ...]
    other_names: tuple[Term, ...]
    notes: tuple[tuple[Term, ...], ...]  # its definitions, its notes, its comments
    facts: tuple[Fact, ...]
    external_links: tuple[Fact, ...]  # to the same thing in other data sets, by property
    backlinks: tuple[Backlinks, ...]
    more_facts: int = field(kw_only=True, default=0)  # number of properties left out
    position: Coordinates | None = field(kw_only=True, default=None)
    wikidata_facts: WikidataFacts | None = field(kw_only=True, default=None)
    has_backlink_sections: ClassVar[bool] = False  # whether the page's own sections show them

    @property
    def has_list(self) -> bool:
        """Whether the kind has a list page."""
        return self.kind in app_state().entities.index.kinds

    @property
    def is_foreign(self) -> bool:
        """Whether its IRI is not one of ours."""
        return not self.ref.iri.startswith(BASE)


@dataclass(frozen=True)
class BacklinksPage(Page):
    """The entities that link to an entity by one property."""

    template = "entities/backlinks.html"
    indexed = False
    ref: Ref
    property: Ref
    subjects: Slice[Ref]


@dataclass(frozen=True)
class ListPage(Page):
    """A list of the entities of one kind, filtered by facets."""

    template = "views/list.html"
    listing: EntityListing
    entries: Slice[ListEntry]
    statements: tuple[Statement, ...]  # the entries, where they are statements
    chosen: dict[str, str]  # facet → value
    meanings: tuple[tuple[Ref, tuple[Term, ...]], ...] = ()  # the codes chosen, each with its definition
    statuses: Mapping[str, tuple[Adoption, ...]] = field(
        default_factory=dict
    )  # the latest of an organisation
    max_choices: ClassVar[int] = 12  # of a facet; the others are folded

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of the URL for the choices made and the order."""
        return self.chosen | ({"sort": self.listing.sort} if self.listing.sort else {})

    def next_sort(self, name: str, *, number: bool) -> str:
        """Return the order that a click on the column `name` leads to: reversed if it is in use."""
        first, second = (f"-{name}", name) if number else (name, f"-{name}")
        return second if self.listing.sort == first else first

    def aria_sort(self, name: str) -> str:
        """Return how the list is sorted by the column `name`, as a value of aria-sort."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.listing.sort, "")

    def chosen_value(self, facet: str) -> Term | Ref:
        """Return the value of the choice made for `facet`."""
        return next(each.value for each in self.listing.facets if each.name == facet)


@dataclass(frozen=True)
class HomePage(Page):
    """The home page: who stopped the product that most use, what stands out, ways in, newest statements."""

    template = "views/home.html"
    product: Ref | None  # the one that most adoptions are about
    stops: tuple[StoppedUse, ...]  # of that product, or of one that has succeeded it
    highlight: Markup  # a section that the site adds
    peers: tuple[AdoptionCounts, ...]  # adoptions of it by register and status
    adoptions: tuple[Adoption, ...]
    newest: tuple[Statement, ...]
    counts: dict[str, int]  # entities by kind
    queries: tuple[StoredQuery, ...]
    query_names: frozenset[str]  # of all stored queries
