"""What every page knows: the context of each template, and nothing else is given to it.

A template reads `page`, of the class that names it here or in `web.entity_pages`, and what `web.site`
gives to all of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from flask import render_template

from graph.catalogue import StoredQuery
from graph.claims import Adoption
from graph.describe import Ref
from graph.lists import Entry, Listing
from graph.statements import Statement
from graph.terms import Term, text

Item = TypeVar("Item")
Choices = dict[str, tuple[Term | Ref | None, ...]]


@dataclass(frozen=True)
class Slice(Generic[Item]):
    """Some of many: those shown, how many there are, which page of how many pages this is."""

    items: tuple[Item, ...]
    total: int
    number: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Page:
    """Any page; `template` is the file that shows it."""

    template: ClassVar[str]
    indexed: ClassVar[bool] = True  # whether search engines are welcome

    def render(self) -> str:
        """Return the page as HTML."""
        return render_template(self.template, page=self)


@dataclass(frozen=True)
class BacklinksPage(Page):
    """All that links to an entity by one property."""

    template = "backlinks.html"
    indexed = False
    ref: Ref
    property: Ref
    subjects: Slice[Ref]


@dataclass(frozen=True)
class ListPage(Page):
    """A list of the entities of one kind, narrowed by facets."""

    template = "list.html"
    listing: Listing
    entries: Slice[Entry]
    statements: tuple[Statement, ...]  # the entries, where they are statements
    chosen: dict[str, str]  # facet → choice
    most_choices: ClassVar[int] = 12  # of a facet, before the rest is folded

    def narrowed(self, facet: str, choice: str) -> dict[str, str]:
        """Return the choices made, with `choice` for `facet`; an empty one drops the facet."""
        return {name: key for name, key in (self.chosen | {facet: choice}).items() if key}

    def chosen_value(self, facet: str) -> Term | Ref:
        """Return what the choice made for `facet` stands for."""
        key = self.chosen[facet]
        choices = next(each.choices for each in self.listing.facets if each.name == facet)
        return next((choice.value for choice in choices if choice.key == key), text(key))


@dataclass(frozen=True)
class HomePage(Page):
    """What this is, adoption of the most reported product at a glance, newest statements, ways in."""

    template = "home.html"
    product: Ref | None
    adoptions: tuple[Adoption, ...]
    newest: tuple[Statement, ...]
    counts: dict[str, int]  # entities by kind
    queries: tuple[StoredQuery, ...]


@dataclass(frozen=True)
class QueriesPage(Page):
    """The stored queries."""

    template = "queries.html"
    queries: tuple[StoredQuery, ...]


@dataclass(frozen=True)
class QueryPage(Page):
    """A stored query: its parameters and their values, its text, and its rows."""

    template = "query.html"
    query: StoredQuery
    values: dict[str, str]
    bound: str  # the text with the values in it
    choices: Choices  # the values each parameter can have, where they are few
    columns: tuple[str, ...]
    rows: tuple[tuple[Term | Ref | None, ...], ...]
    total: int
    truth: bool | None  # of a query that asks whether
    fault: str  # why there are no rows, if the values given were no good

    @property
    def given(self) -> dict[str, str]:
        """The values that are not empty."""
        return {name: value for name, value in self.values.items() if value}

    def offers(self, parameter: str) -> bool:
        """Tell whether the values of `parameter` can be chosen from, the one given among them."""
        choices = self.choices.get(parameter, ())
        keys = {each.iri if isinstance(each, Ref) else each.value for each in choices if each}
        return bool(keys) and self.values[parameter] in keys | {""}
