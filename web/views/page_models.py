"""What the views know that set many entities side by side: the contexts of their templates."""

from dataclasses import dataclass
from typing import ClassVar

from graph.core.terms import Term
from graph.read.claims import Adoption, Assessment, Observation
from graph.read.comparison import OrganisationComparison
from graph.read.entities import Ref
from graph.read.map_shapes import MapBox, MapShape
from graph.read.municipality_map import Municipality
from graph.read.statements import Statement
from graph.read.timeline import TimelineEvent
from web.html.page_models import Page, Slice


@dataclass(frozen=True)
class Row:
    """One municipality on the map: the key of its pattern, and what that stands for, if anything is known."""

    municipality: Municipality
    key: str
    value: Ref | Term | int | None
    as_of: Term | None
    evidence: str  # the IRI of what it follows from, or nothing


@dataclass(frozen=True)
class Sign:
    """One line of the legend: a pattern, what it stands for, and how many municipalities have it."""

    key: str
    value: Ref | Term | None  # of a code or of a provider; the others are explained by words of the interface
    count: int


@dataclass(frozen=True)
class MapPage(Page):
    """The municipalities by what is known about each, as a map and as a table."""

    template = "views/map.html"
    shows: ClassVar[tuple[str, ...]] = ("mail", "adoption", "statements")
    show: str
    product: Ref | None
    products: tuple[tuple[Ref, int], ...]
    county: Ref | None
    counties: tuple[Ref, ...]
    legend: tuple[Sign, ...]
    value: str  # the key that the table is narrowed to, or nothing
    sort: str  # the column, after “-” if it is reversed
    rows: tuple[Row, ...]  # in the table
    areas: tuple[tuple[Row, MapShape], ...]  # on the map
    around: tuple[MapShape, ...]  # the counties' outlines
    box: MapBox
    marks: dict[str, str]  # key → the lines of its pattern
    given: dict[str, str]  # the choices made, as arguments of the URL

    def but(self, **changed: str) -> dict[str, str]:
        """Return the choices made with some changed; an empty one is dropped."""
        return {name: value for name, value in (self.given | changed).items() if value}

    @property
    def scale(self) -> float:
        """How large the patterns are, so that they look the same however near the map is."""
        return round(max(self.box.width, self.box.height / 2) / 1300, 3)


@dataclass(frozen=True)
class ComparePage(Page):
    """Organisations side by side."""

    template = "views/compare.html"
    indexed = False  # there are more pairs of organisations than anyone wants to read about
    comparison: OrganisationComparison
    product: Ref | None
    slugs: tuple[str, ...]  # of the organisations, in their order
    words: str  # a name that was looked for
    candidates: tuple[Ref, ...]  # those it may mean
    examples: tuple[tuple[Ref, Ref], ...]  # to begin with

    def without(self, slug: str) -> list[str]:
        """Return the organisations but one."""
        return [each for each in self.slugs if each != slug]


Subject = Statement | Adoption | Assessment | Observation | Ref | None


@dataclass(frozen=True)
class Happening:
    """An event and what it is about."""

    event: TimelineEvent
    subject: Subject


@dataclass(frozen=True)
class Bar:
    """One year of the strip: how many events of each kind, and its height in percent of the highest."""

    year: str
    counts: dict[str, int]
    height: int

    @property
    def total(self) -> int:
        """How many events there are."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class TimelinePage(Page):
    """What happened when."""

    template = "views/timeline.html"
    happenings: Slice[Happening]
    bars: tuple[Bar, ...]
    kinds: tuple[tuple[str, int], ...]  # with how many events the other choices leave of each
    kind: str
    organisation: Ref | None
    product: Ref | None
    products: tuple[Ref, ...]
    year: str
    sort: str
    words: str  # the name of an organisation that was looked for
    candidates: tuple[Ref, ...]
    cut: bool  # whether there are more events than are read
    given: dict[str, str]

    @property
    def years(self) -> list[tuple[str, list[Happening]]]:
        """The events on this page by year, in the order of the page; without a date under ""."""
        years: dict[str, list[Happening]] = {}
        for happening in self.happenings.items:
            years.setdefault(happening.event.year, []).append(happening)
        return sorted(years.items(), key=lambda year: year[0], reverse=self.sort == "newest")

    def but(self, **changed: str) -> dict[str, str]:
        """Return the choices made with some changed; an empty one is dropped."""
        return {name: value for name, value in (self.given | changed).items() if value}
