"""Template context of the map of municipalities."""

from dataclasses import dataclass
from typing import ClassVar

from graph.core.terms import Term
from graph.read.entities import Ref
from graph.statistics.map_shapes import MapBox, MapShape
from sweden.municipality_map import Municipality
from web.html.page_models import Page


@dataclass(frozen=True)
class MapRow:
    """One municipality on the map, with the key of its pattern and the value that it stands for."""

    municipality: Municipality
    key: str
    value: Ref | Term | int | None
    as_of: Term | None
    evidence: str  # the IRI of the entity that says so, or nothing


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a pattern, its value, and how many municipalities have it."""

    key: str
    value: Ref | Term | None  # a code or a provider; other keys have messages
    count: int


@dataclass(frozen=True)
class MapPage(Page):
    """The municipalities as a map and as a table."""

    template = "views/map.html"
    shows: ClassVar[tuple[str, ...]] = ("mail", "adoption", "statements")
    show: str
    product: Ref | None
    products: tuple[tuple[Ref, int], ...]
    county: Ref | None
    counties: tuple[Ref, ...]
    legend: tuple[LegendEntry, ...]
    value: str  # the key that the table is narrowed to, or nothing
    sort: str  # the column, after “-” if it is reversed
    rows: tuple[MapRow, ...]  # in the table
    areas: tuple[tuple[MapRow, MapShape], ...]  # on the map
    county_outlines: tuple[MapShape, ...]  # the counties' outlines
    box: MapBox
    patterns: dict[str, str]  # key → the lines of its pattern
    arguments: dict[str, str]  # non-empty arguments of the URL

    def with_arguments(self, **changed: str) -> dict[str, str]:
        """Return the arguments of the URL with some changed; empty ones are dropped."""
        return {name: value for name, value in (self.arguments | changed).items() if value}

    @property
    def scale(self) -> float:
        """The scale of the patterns that gives them the same size on the map of a county."""
        return round(max(self.box.width, self.box.height / 2) / 1300, 3)
