"""Template contexts of the front page, the comparison and the timeline."""

from dataclasses import dataclass

from graph.claims.claims import Adoption, Assessment, Observation
from graph.claims.comparison import OrganisationComparison
from graph.claims.statements import Statement
from graph.claims.timeline import TimelineEvent
from graph.read.entities import Ref
from web.html.page_models import HomePage, Page, Slice
from web.sparql.question_box import QuestionAnswer
from web.views.status_lanes import LaneChart


@dataclass(frozen=True)
class FrontPage(HomePage):
    """The home page with the answer to the question that the site shows on it."""

    answer: QuestionAnswer | None


@dataclass(frozen=True)
class ComparePage(Page):
    """Organisations side by side."""

    template = "views/compare.html"
    indexed = False  # the combinations of organisations are too many to index
    comparison: OrganisationComparison
    product: Ref | None
    slugs: tuple[str, ...]  # of the organisations, in their order
    name_query: str  # the name that was looked up
    candidates: tuple[Ref, ...]  # organisations that match it
    examples: tuple[tuple[Ref, Ref], ...]  # pairs to start from
    has_mail: bool  # whether mail is observed on this site

    def slugs_without(self, slug: str) -> list[str]:
        """Return the slugs of all organisations but one."""
        return [each for each in self.slugs if each != slug]


EventSubject = Statement | Adoption | Assessment | Observation | Ref | None


@dataclass(frozen=True)
class TimelineEntry:
    """An event with the entity that it is about."""

    event: TimelineEvent
    subject: EventSubject


@dataclass(frozen=True)
class YearCounts:
    """One bar of the chart: the events of a year by kind, and its height in percent of the highest bar."""

    year: str
    counts: dict[str, int]
    height: int

    @property
    def total(self) -> int:
        """The number of events."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class TimelinePage(Page):
    """A page of the timeline."""

    template = "views/timeline.html"
    entries: Slice[TimelineEntry]
    year_counts: tuple[YearCounts, ...]
    kinds: tuple[tuple[str, int], ...]  # each with its number of events under the other filters
    dated_kinds: tuple[tuple[str, int], ...]  # of other entities with dates, each with their number
    kind: str
    organisation: Ref | None
    product: Ref | None
    products: tuple[Ref, ...]
    year: str
    sort: str
    name_query: str  # the name of an organisation that was looked up
    candidates: tuple[Ref, ...]
    is_truncated: bool  # whether more events exist than are read
    lanes: LaneChart | None  # of the statuses among the events
    arguments: dict[str, str]

    @property
    def entries_by_year(self) -> list[tuple[str, list[TimelineEntry]]]:
        """The entries of this page by year, in the order of the page; those without a date under ""."""
        years: dict[str, list[TimelineEntry]] = {}
        for entry in self.entries.items:
            years.setdefault(entry.event.year, []).append(entry)
        return sorted(years.items(), key=lambda year: year[0], reverse=self.sort == "newest")

    def with_arguments(self, **changed: str) -> dict[str, str]:
        """Return the arguments of the URL with some changed; empty ones are dropped."""
        return {name: value for name, value in (self.arguments | changed).items() if value}
