"""What the page of each kind of entity knows: the contexts of their templates."""

from dataclasses import dataclass
from typing import ClassVar

from graph.claims import Adoption, Assessment, Observation
from graph.describe import Office, Ref
from graph.iris import KINDS
from graph.namespaces import BASE
from graph.statements import Dated, Passage, Statement
from graph.terms import Term
from web.pages import Page, Slice


@dataclass(frozen=True)
class Nested:
    """A node without a page of its own, shown where it is mentioned."""

    facts: tuple["Fact", ...]


@dataclass(frozen=True)
class Fact:
    """A property and its values; `more` says how many values are left out."""

    property: Ref
    values: tuple[Term | Ref | Nested, ...]
    more: int = 0


@dataclass(frozen=True)
class Backlinks:
    """How many entities link here by `property`, and the first few of them."""

    property: Ref
    count: int
    first: tuple[Ref, ...]


@dataclass(frozen=True)
class EntityPage(Page):
    """An entity of any class: its names, what is said of it, what it links to and what links to it."""

    template = "entity.html"
    kind: str  # a kind of graph.iris.KINDS, "code", or "resource" for anything else
    ref: Ref
    types: tuple[Ref, ...]
    also: tuple[Term, ...]  # other names
    notes: tuple[tuple[Term, ...], ...]  # its definitions, its notes, its comments
    facts: tuple[Fact, ...]
    elsewhere: tuple[Fact, ...]  # the same thing in other collections, by relation
    backlinks: tuple[Backlinks, ...]
    tells_backlinks: ClassVar[bool] = False  # whether the page's own sections say what links here

    @property
    def has_list(self) -> bool:
        """Whether there is a list of the entities of this kind."""
        return self.kind in KINDS

    @property
    def is_foreign(self) -> bool:
        """Whether its identifier is someone else's."""
        return not self.ref.iri.startswith(BASE)


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands on a product, newest first."""

    product: Ref
    adoptions: tuple[Adoption, ...]


@dataclass(frozen=True)
class Question:
    """The assessments of one product, side by side: the same question, and the answers to it."""

    product: Ref
    answers: tuple[Assessment, ...]


@dataclass(frozen=True)
class OrganisationPage(EntityPage):
    """An organisation: where it stands, what it found, what it and others say, what its mail shows."""

    template = "organisation.html"
    tells_backlinks = True
    former_names: tuple[Term, ...]
    standings: tuple[Standing, ...]
    questions: tuple[Question, ...]
    statements: Slice[Statement]  # on its behalf
    mentions: Slice[Statement]  # about it, by others
    offices: tuple[Office, ...]
    observations: tuple[Observation, ...]
    sources: int  # how many sources its statements come from


@dataclass(frozen=True)
class PersonPage(EntityPage):
    """A person: offices and statements, nothing else, and not for search engines."""

    template = "person.html"
    tells_backlinks = True
    indexed = False
    offices: tuple[Office, ...]
    statements: Slice[Statement]


@dataclass(frozen=True)
class ProductPage(EntityPage):
    """A product: who uses, weighs or refuses it, the legal views on it, what is said of it."""

    template = "product.html"
    tells_backlinks = True
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    statements: Slice[Statement]
    counts: tuple[tuple[Ref, int], ...]  # adoptions by status


@dataclass(frozen=True)
class LawPage(EntityPage):
    """A law: its identifiers, what relates to it, who relies on it."""

    template = "law.html"
    tells_backlinks = True
    assessments: tuple[Assessment, ...]
    statements: Slice[Statement]


@dataclass(frozen=True)
class StatementPage(EntityPage):
    """A statement: our words in both languages, who said it, its evidence, what it supports and meets."""

    template = "statement.html"
    tells_backlinks = True
    statement: Statement
    adoptions: tuple[Adoption, ...]
    assessments: tuple[Assessment, ...]
    answered_by: tuple[Statement, ...]
    answers: tuple[Statement, ...]
    contrasts: tuple[Statement, ...]


@dataclass(frozen=True)
class SourcePage(EntityPage):
    """A source: how its date is known, what it was read from, its statements in reading order."""

    template = "source.html"
    tells_backlinks = True
    dated: Dated
    date_notes: tuple[Term, ...]
    statements: Slice[Statement]
    passages: int


@dataclass(frozen=True)
class PassagePage(EntityPage):
    """A passage: where it is, its digest, how to verify it, what it is evidence of."""

    template = "passage.html"
    tells_backlinks = True
    passage: Passage
    statements: Slice[Statement]


@dataclass(frozen=True)
class AdoptionPage(EntityPage):
    """An adoption and the statements it is derived from."""

    template = "adoption.html"
    adoption: Adoption


@dataclass(frozen=True)
class AssessmentPage(EntityPage):
    """An assessment, the statements it is derived from, and the other answers to its question."""

    template = "assessment.html"
    assessment: Assessment
    question: Question | None


@dataclass(frozen=True)
class ObservationPage(EntityPage):
    """An observation, and how strong its evidence is."""

    template = "observation.html"
    observation: Observation
