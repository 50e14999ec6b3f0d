"""The state of an application: the data that it serves, and the readers of its views."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol, Self

from flask import Flask, current_app

from graph.backends.protocol import Backend
from graph.claims.comparison import ComparisonReader
from graph.claims.timeline import Timeline
from graph.core.settings import DEFAULTS, Settings
from graph.matching.name_resolver import NameResolver
from graph.matching.reconciler import Reconciler
from graph.query import stored
from graph.query.stored import StoredQuery
from graph.query_builder.derived_model import complete_model
from graph.query_builder.model import BuilderModel
from graph.query_builder.read_model import read_model
from graph.questions.finder import QuestionFinder
from graph.rdf.query_types import QueryResponse
from graph.read.entities import Entities
from graph.read.lists import ListReader
from graph.release.publication import Publication
from graph.release.release import Manifest
from graph.search.text_index import TextIndex
from graph.statistics.map_shapes import Boundaries
from graph.vocabulary import vocabulary
from graph.vocabulary.terms_in_use import TermsInUse
from graph.vocabulary.vocabulary_usage import TermUsage, count_usage
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.report_limit import ReportLimit

_KEY: Final = "utsaga"


class DataVersion(Protocol):
    """What names the content that is served, and when it was made."""

    @property
    def id(self) -> str:
        """A digest of the content."""

    @property
    def created(self) -> str:
        """When it was made, as ISO 8601 has it."""


@dataclass(frozen=True, kw_only=True)
class AppState:
    """The immutable state of one application. Begin with `of`."""

    backend: Backend  # answers the queries of clients
    settings: Settings  # the limits, and the public address
    release: Manifest | None  # of the release that is served; None for files or an endpoint
    version: DataVersion | None  # of data that do not change: the release, or what was loaded from files
    publication: Publication | None  # the release's description, feeds and files to download
    metrics: Metrics  # shared by all applications of one server
    throttle: Throttle  # the budgets of clients, shared by all applications of one server
    report_limit: ReportLimit  # of the reports that each client sends, shared by all applications too
    entities: Entities  # reads names, links and facts of an entity
    lists: ListReader  # entities of one kind, filtered by facets
    timeline: Timeline  # events by year
    comparisons: ComparisonReader  # organisations side by side
    boundaries: Callable[[], Boundaries]  # reads the outlines on the map; none by default
    terms_in_use: TermsInUse  # the terms that occur in the data, for completion in the editor
    stored_queries: Mapping[str, StoredQuery]  # by name
    text_index: TextIndex | None  # None if the release has none
    reconciler: Reconciler | None  # matches names with entities by means of the text index
    names: NameResolver  # finds what a typed name means
    stored_answers: dict[tuple[str, str], QueryResponse] = field(default_factory=dict)
    """A cache: the answer to a stored query without parameters, by its name and the media type."""

    @classmethod
    def of(  # noqa: PLR0913 (one for each part that is made elsewhere)
        cls,
        backend: Backend,
        *,
        settings: Settings = DEFAULTS,
        release: Manifest | None = None,
        publication: Publication | None = None,
        metrics: Metrics | None = None,
        throttle: Throttle | None = None,
        report_limit: ReportLimit | None = None,
        boundaries: Callable[[], Boundaries] = Boundaries,
        text_index: TextIndex | None = None,
        stored_queries: Mapping[str, StoredQuery] | None = None,
        version: DataVersion | None = None,
    ) -> Self:
        """Return the state of an application on `backend`, with metrics and limits of its own by default.

        `version` is that of data that are no release and do not change.

        Raise BadInput for a stored query with a faulty header.
        """
        entities = Entities(backend)
        reconciler = Reconciler(entities, text_index) if text_index else None
        return cls(
            backend=backend,
            settings=settings,
            release=release,
            version=release or version,
            publication=publication,
            metrics=metrics or Metrics(),
            throttle=Throttle.of(settings) if throttle is None else throttle,  # an empty one is false
            report_limit=report_limit or ReportLimit.of(settings),
            entities=entities,
            lists=ListReader(entities),
            timeline=Timeline(backend),
            comparisons=ComparisonReader(entities),
            boundaries=boundaries,
            terms_in_use=TermsInUse(backend, entities),
            stored_queries=stored.load_queries() if stored_queries is None else stored_queries,
            text_index=text_index,
            reconciler=reconciler,
            names=NameResolver(backend, entities, reconciler),
        )

    @property
    def release_id(self) -> str:
        """The id of the release that is served, or "" for files or an endpoint."""
        return self.release.id if self.release else ""

    @cached_property
    def vocabulary_usage(self) -> Mapping[str, TermUsage]:
        """How the terms of the vocabulary are used, by IRI; raises Unavailable if the data cannot be read."""
        return count_usage(self.backend, self.entities, vocabulary.read_vocabulary())

    @cached_property
    def builder_model(self) -> BuilderModel:
        """What the query builder offers: by the shapes of the ontology, or else by what the data have."""
        return complete_model(read_model(), self.entities)

    @cached_property
    def question_finder(self) -> QuestionFinder:
        """What reads questions in words, made when the first one is asked."""
        return QuestionFinder.of(self.entities, self.stored_queries)


def register(app: Flask, state: AppState) -> None:
    """Set the state of `app`."""
    app.extensions[_KEY] = state


def app_state() -> AppState:
    """Return the state of the application that handles the current request."""
    state: AppState = current_app.extensions[_KEY]
    return state
