"""Template contexts of the pages of entities, one for each kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from graph.claims.claims import Adoption, Assessment, Observation
from graph.claims.quantities import Quantity
from graph.claims.source_texts import PassagePlace, SourceOrigin
from graph.claims.source_visits import SourceVisit
from graph.claims.statements import ApproximateDate, Passage, Statement
from graph.claims.stopped_uses import NO_OBSTACLES
from graph.core.iris import last_segment
from graph.core.terms import Term
from graph.read.entities import Office, Ref
from graph.read.legal_force import LegalAct
from graph.statistics.adoption_counts import AdoptionCounts
from graph.statistics.coverage import Coverage
from web.html.facets import FilteredStatements
from web.html.page_models import EntityPage, Fact, Slice


@dataclass(frozen=True)
class ExplainedAdoption:
    """An adoption, and the assessments behind it."""

    adoption: Adoption
    reasons: tuple[Assessment, ...]


@dataclass(frozen=True)
class ProductStanding:
    """The adoptions of a product by one organisation, newest first."""

    product: Ref
    adoptions: tuple[ExplainedAdoption, ...]


@dataclass(frozen=True)
class PeerComparison:
    """The adoption of a product among the organisations of one kind."""

    product: Ref
    peers: AdoptionCounts


@dataclass(frozen=True)
class LegalQuestion:
    """The assessments of one product under one law: a question and the answers to it."""

    product: Ref
    act: Ref | None
    answers: tuple[Assessment, ...]
    total: int  # of the answers, of which `answers` may be the newest only

    @property
    def is_disputed(self) -> bool:
        """Whether one organisation sees an obstacle to the product, and another none."""
        return any(
            one != other for one in self._who_see(("obstacle",)) for other in self._who_see(NO_OBSTACLES)
        )

    def _who_see(self, outcomes: Collection[str]) -> set[Ref | None]:
        return {
            each.assessor
            for each in self.answers
            if each.outcome and last_segment(each.outcome.iri) in outcomes
        }


@dataclass(frozen=True)
class PublishedSource:
    """A source that an organisation has published, with its date."""

    source: Ref
    date: ApproximateDate


@dataclass(frozen=True)
class OrganisationPage(EntityPage):
    """An organisation: its adoptions and assessments, statements by and about it, its mail provider."""

    template = "entities/organisation.html"
    has_backlink_sections = True
    former_names: tuple[Term, ...]
    keys: tuple[Fact, ...]  # its codes and other identifying properties
    code: str  # of its area on the map
    standings: tuple[ProductStanding, ...]
    products_without_status: tuple[Ref, ...]  # products in its statements without an adoption by it
    comparisons: tuple[PeerComparison, ...]
    safeguards: Slice[Statement]
    assessments: tuple[Assessment, ...]  # its own
    questions: tuple[LegalQuestion, ...]  # that it and at least one other have answered
    units: tuple[Ref, ...]  # its boards and administrations
    assessed_by_others: tuple[Assessment, ...]  # assessments that concern it or one of its units
    statements: FilteredStatements  # on its behalf, or by it as a unit
    mentions: Slice[Statement]  # about it, by others
    offices: tuple[Office, ...]
    mail: tuple[tuple[Observation, ...], ...]  # by what they found, newest first
    sources: int  # how many sources its statements come from
    published: Slice[PublishedSource]
    totals: Mapping[str, int]  # by kind: how many there are where the page may show the first only
    expects_adoptions: bool  # false for vendors, news publishers and units, and where there are no adoptions
    expects_statements: bool  # false for vendors, news publishers and units
    is_unit: bool  # a board or administration

    def status_on(self, product: Ref) -> Ref | None:
        """Return the latest status of its adoption of `product`, or None."""
        standing = next((each for each in self.standings if each.product == product), None)
        return standing.adoptions[0].adoption.status if standing and standing.adoptions else None

    @property
    def has_statements(self) -> bool:
        """Whether it has a section of statements, if only to say that there are none."""
        return self.expects_statements or bool(self.statements.unfiltered_total)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The anchors of the sections in the order that readers ask, each with the key of its heading."""
        is_shown = {
            ("status", "organisation.standing"): self.expects_adoptions or self.standings or self.mail,
            ("why", "organisation.why"): self.assessments,
            ("assessed", "organisation.assessed"): self.assessed_by_others,
            ("statements", "organisation.statements"): self.has_statements,
            ("people", "organisation.people"): self.offices,
            ("mentions", "organisation.mentions"): self.mentions.total,
            ("assessments", "assessment.question"): self.questions,
            ("safeguards", "organisation.safeguards"): self.safeguards.total,
            ("compared", "organisation.compared"): self.comparisons,
            ("units", "organisation.units"): self.units,
            ("sources", "organisation.published"): self.published.total,
            ("facts", "entity.facts"): self.facts,
        }
        return tuple(section for section, shown in is_shown.items() if shown)


@dataclass(frozen=True)
class PersonPage(EntityPage):
    """A person: offices and statements; not indexed by search engines."""

    template = "entities/person.html"
    has_backlink_sections = True
    indexed = False
    offices: tuple[tuple[Office, tuple[Passage, ...]], ...]  # each with its evidence
    more_offices: int  # how many are left out
    statements: FilteredStatements
    mentions: Slice[Statement]  # about the person, by others


@dataclass(frozen=True)
class LinkedProduct:
    """A predecessor or a successor of a product, with the newest adoptions of it."""

    product: Ref
    is_successor: bool
    adoptions: Slice[Adoption]


@dataclass(frozen=True)
class ProductPage(EntityPage):
    """A product: its adoptions, the assessments of it, and the statements about it."""

    template = "entities/product.html"
    has_backlink_sections = True
    keys: tuple[Fact, ...]  # its vendor and its deployment
    related_products: tuple[Fact, ...]  # its variants and parts
    line: tuple[LinkedProduct, ...]  # its predecessors and successors
    has_adopters: bool  # whether it has a section of those who use it, if only to say that nobody is known to
    adoptions: Slice[Adoption]
    peers: tuple[AdoptionCounts, ...]  # by kind of organisation
    questions: tuple[LegalQuestion, ...]
    assessments_total: int  # how many there are, of which `questions` have the newest
    statements: FilteredStatements
    status_counts: tuple[tuple[Ref, int], ...]  # adoptions by status


@dataclass(frozen=True)
class LawPage(EntityPage):
    """A law: its identifiers, the acts before and after it, the assessments and statements that cite it."""

    template = "entities/law.html"
    has_backlink_sections = True
    act: LegalAct
    predecessors: tuple[LegalAct, ...]
    successors: tuple[LegalAct, ...]
    text_urls: tuple[str, ...]  # where its text is
    keys: tuple[Fact, ...]
    questions: tuple[LegalQuestion, ...]
    assessments: int  # how many there are; `questions` may have the newest only
    statements: FilteredStatements


@dataclass(frozen=True)
class Citation:
    """The citation of a record as a line of text and of HTML, and as files by extension."""

    text: str
    html: Markup
    files: Mapping[str, str]


@dataclass(frozen=True)
class StatementPage(EntityPage):
    """A statement: its text, speaker and evidence, the claims derived from it, and related statements."""

    template = "entities/statement.html"
    has_backlink_sections = True
    statement: Statement
    has_evidence: bool  # whether it has a section of what proves it
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    answered_by: tuple[Statement, ...]
    answers: tuple[Statement, ...]
    contrasts: tuple[Statement, ...]
    agreements: tuple[Statement, ...]
    cited_acts: tuple[LegalAct, ...]
    cited_decisions: tuple[Ref, ...]  # judgments and decisions
    quantities: tuple[Quantity, ...]
    origin: SourceOrigin | None
    citation: Citation


@dataclass(frozen=True)
class SourcePage(EntityPage):
    """A source: its date, its coverage by passages, its statements in reading order, its address."""

    template = "entities/source.html"
    has_backlink_sections = True
    date: ApproximateDate
    date_notes: tuple[Term, ...]
    statements: FilteredStatements
    passages: int
    coverage: Coverage | None
    visit: SourceVisit | None
    origin: SourceOrigin


@dataclass(frozen=True)
class PassagePage(EntityPage):
    """A passage: its position and digest, and the statements and offices it is evidence of."""

    template = "entities/passage.html"
    has_backlink_sections = True
    passage: Passage
    statements: Slice[Statement]
    offices: tuple[Office, ...]
    more_offices: int  # how many are left out
    origin: SourceOrigin | None
    place: PassagePlace
    speakers: tuple[Ref, ...]  # people, groups and organisations that speak there
    text_length: int | None


@dataclass(frozen=True)
class AdoptionPage(EntityPage):
    """An adoption and the statements it is derived from."""

    template = "entities/adoption.html"
    adoption: Adoption
    citation: Citation


@dataclass(frozen=True)
class AssessmentPage(EntityPage):
    """An assessment, the statements it is derived from, and the other answers to its question."""

    template = "entities/assessment.html"
    assessment: Assessment
    question: LegalQuestion | None
    citation: Citation
