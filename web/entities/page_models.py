"""What the page of each kind of entity knows: the contexts of their templates."""

from dataclasses import dataclass

from graph.core.terms import Term
from graph.read.adoption_counts import AdoptionCounts
from graph.read.claims import Adoption, Assessment, Observation
from graph.read.coverage import Coverage
from graph.read.entities import Office, Ref
from graph.read.legal_force import LegalAct
from graph.read.statements import ApproximateDate, Passage, Statement
from web.html.facets import Narrowed
from web.html.page_models import EntityPage, Fact, Slice


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands on a product, newest first."""

    product: Ref
    adoptions: tuple[Adoption, ...]


@dataclass(frozen=True)
class Comparison:
    """How the organisations of a kind stand on a product."""

    product: Ref
    peers: AdoptionCounts


@dataclass(frozen=True)
class Question:
    """The assessments of one product under one law, side by side: the same question, the answers to it."""

    product: Ref
    act: Ref | None
    answers: tuple[Assessment, ...]


@dataclass(frozen=True)
class Published:
    """A source that an organisation has published, and when."""

    source: Ref
    dated: ApproximateDate


@dataclass(frozen=True)
class OrganisationPage(EntityPage):
    """An organisation: where it stands, what it found, what it and others say, what its mail shows."""

    template = "entities/organisation.html"
    tells_backlinks = True
    former_names: tuple[Term, ...]
    keys: tuple[Fact, ...]  # its codes and what else tells it apart
    code: str  # of the municipality, or of the county of a region
    standings: tuple[Standing, ...]
    unclear: tuple[Ref, ...]  # products that it speaks of, without anything saying where it stands
    comparisons: tuple[Comparison, ...]
    safeguards: Slice[Statement]
    questions: tuple[Question, ...]
    statements: Narrowed  # on its behalf
    mentions: Slice[Statement]  # about it, by others
    offices: tuple[Office, ...]
    observations: tuple[Observation, ...]
    sources: int  # how many sources its statements come from
    published: Slice[Published]
    decides: (
        bool  # whether one would look for where it stands: a vendor or a paper only speaks and is spoken of
    )

    def status_on(self, product: Ref) -> Ref | None:
        """Return its latest status on `product`, if any is known."""
        standing = next((each for each in self.standings if each.product == product), None)
        return standing.adoptions[0].status if standing and standing.adoptions else None


@dataclass(frozen=True)
class PersonPage(EntityPage):
    """A person: offices and statements, nothing else, and not for search engines."""

    template = "entities/person.html"
    tells_backlinks = True
    indexed = False
    offices: tuple[tuple[Office, tuple[Passage, ...]], ...]  # each with what proves it
    statements: Narrowed
    mentions: Slice[Statement]  # about the person, by others


@dataclass(frozen=True)
class ProductPage(EntityPage):
    """A product: who uses, weighs or refuses it, the legal views on it, what is said of it."""

    template = "entities/product.html"
    tells_backlinks = True
    keys: tuple[Fact, ...]  # who makes it and where it runs
    family: tuple[Fact, ...]  # its variants, parts, forerunners
    adoptions: Slice[Adoption]
    peers: tuple[AdoptionCounts, ...]  # by kind of organisation
    questions: tuple[Question, ...]
    statements: Narrowed
    counts: tuple[tuple[Ref, int], ...]  # adoptions by status


@dataclass(frozen=True)
class LawPage(EntityPage):
    """A law: its identifiers, what relates to it, who relies on it."""

    template = "entities/law.html"
    tells_backlinks = True
    act: LegalAct
    before: tuple[LegalAct, ...]
    after: tuple[LegalAct, ...]
    texts: tuple[str, ...]  # addresses of its text
    keys: tuple[Fact, ...]
    questions: tuple[Question, ...]
    statements: Narrowed


@dataclass(frozen=True)
class Citation:
    """How to cite a statement: a line of text, and what reference managers read."""

    text: str
    bibtex: str
    csl: str


@dataclass(frozen=True)
class StatementPage(EntityPage):
    """A statement: our words in both languages, who said it, its evidence, what it supports and meets."""

    template = "entities/statement.html"
    tells_backlinks = True
    statement: Statement
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    answered_by: tuple[Statement, ...]
    answers: tuple[Statement, ...]
    contrasts: tuple[Statement, ...]
    acts: tuple[LegalAct, ...]  # the laws that it cites
    citation: Citation


@dataclass(frozen=True)
class SourcePage(EntityPage):
    """A source: how its date is known, what it was read from, its statements in reading order."""

    template = "entities/source.html"
    tells_backlinks = True
    dated: ApproximateDate
    date_notes: tuple[Term, ...]
    statements: Narrowed
    passages: int
    coverage: Coverage | None


@dataclass(frozen=True)
class PassagePage(EntityPage):
    """A passage: where it is, its digest, how to verify it, the statements and offices it is evidence of."""

    template = "entities/passage.html"
    tells_backlinks = True
    passage: Passage
    statements: Slice[Statement]
    offices: tuple[Office, ...]


@dataclass(frozen=True)
class AdoptionPage(EntityPage):
    """An adoption and the statements it is derived from."""

    template = "entities/adoption.html"
    adoption: Adoption


@dataclass(frozen=True)
class AssessmentPage(EntityPage):
    """An assessment, the statements it is derived from, and the other answers to its question."""

    template = "entities/assessment.html"
    assessment: Assessment
    question: Question | None


@dataclass(frozen=True)
class ObservationPage(EntityPage):
    """An observation, and how strong its evidence is."""

    template = "entities/observation.html"
    observation: Observation
