"""Adoptions and assessments, which are derived from statements, and observations, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from graph.claims.statements import Passage, Statement, read_statement, sort_newest_first
from graph.core.namespaces import DCTERMS, SKOS, SOSA, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri
from graph.index.protocol import DeferredList, EntityList
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Node, Ref, cached_by_iri


@dataclass(frozen=True)
class SpeakerPassages:
    """The first statement of one speaker, and the passages of all statements of that speaker."""

    statement: Statement
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Adoption:
    """An organisation's status on a product at a point in time."""

    iri: str
    adopter: Ref | None
    product: Ref | None
    status: Ref | None
    scope: tuple[Term, ...]
    as_of: Term | None
    valid_from: Term | None
    valid_until: Term | None
    deployment: Ref | None
    statements: Sequence[Statement]

    @property
    def last_known(self) -> Term | None:
        """The latest time that anything is known of it for."""
        return _latest(self.as_of, self.valid_from, self.valid_until)


@dataclass(frozen=True)
class Assessment:
    """The outcome of an organisation's legal assessment of a product."""

    iri: str
    assessor: Ref | None
    product: Ref | None
    act: Ref | None
    outcome: Ref | None
    type: Ref | None
    concerns: tuple[Ref, ...]
    conditions: tuple[Term, ...]
    act_is_inferred: bool  # by us: the source names no law
    made_in: Term | None
    as_of: Term | None  # a time at which it stood
    valid_from: Term | None
    valid_until: Term | None
    date_notes: tuple[Term, ...]
    statements: tuple[Statement, ...]

    @property
    def last_known(self) -> Term | None:
        """The latest time that anything is known of it for."""
        return _latest(self.made_in, self.as_of, self.valid_from, self.valid_until)

    @property
    def speakers(self) -> tuple[SpeakerPassages, ...]:
        """The speakers of the statements, each once, with one passage per paragraph."""
        by_speaker: dict[object, list[Statement]] = {}
        for each in self.statements:
            by_speaker.setdefault(
                (each.speaker, each.unit, each.speaker_removed, each.reported_in), []
            ).append(each)
        return tuple(SpeakerPassages(made[0], _first_of_each_paragraph(made)) for made in by_speaker.values())


@dataclass(frozen=True)
class Observation:
    """A dated technical fact about an organisation's mail, which says nothing of a decision."""

    iri: str
    organisation: Ref | None
    provider: Term | None
    evidence: Ref | None
    evidence_means: tuple[Term, ...]
    as_of: Term | None
    domain: Term | None
    source: Ref | None


def _latest(*times: Term | None) -> Term | None:
    return max((time for time in times if time), key=lambda time: time.value, default=None)


def _first_of_each_paragraph(statements: Iterable[Statement]) -> tuple[Passage, ...]:
    """Return the first passage of each paragraph that is evidence of `statements`, in reading order."""
    passages = {passage.iri: passage for each in statements for passage in each.passages}.values()
    ordered = sorted(passages, key=lambda each: (each.source.iri if each.source else "", each.start or 0))
    first = {(each.source, each.paragraph): each for each in reversed(ordered)}
    return tuple(each for each in ordered if each in first.values())


@cached_by_iri
def read_adoption(entities: Entities, name: str) -> Adoption:
    """Return the adoption with the IRI `name`."""
    node = entities.node(iri(name))
    return Adoption(
        iri=name,
        adopter=entities.optional_ref(node.iri(UTS + "adopter")),
        product=entities.optional_ref(node.iri(UTS + "product")),
        status=entities.optional_ref(node.iri(UTS + "status")),
        scope=node.literals(UTS + "scope"),
        as_of=node.literal(UTS + "asOf"),
        valid_from=node.literal(UTS + "validFrom"),
        valid_until=node.literal(UTS + "validUntil"),
        deployment=entities.optional_ref(node.iri(UTS + "deployment")),
        statements=DeferredList(
            len(node.iris(UTS + "derivedFrom")), partial(_source_statements, entities, node)
        ),
    )


@cached_by_iri
def read_assessment(entities: Entities, name: str) -> Assessment:
    """Return the assessment with the IRI `name`."""
    node = entities.node(iri(name))
    return Assessment(
        iri=name,
        assessor=entities.optional_ref(node.iri(UTS + "assessor")),
        product=entities.optional_ref(node.iri(UTS + "product")),
        act=entities.optional_ref(node.iri(UTS + "underAct")),
        outcome=entities.optional_ref(node.iri(UTS + "outcome")),
        type=entities.optional_ref(node.iri(UTS + "assessmentType")),
        concerns=entities.refs(node.iris(UTS + "concerns")),
        conditions=node.literals(UTS + "condition"),
        act_is_inferred=_is_true(node.literal(UTS + "actInferred")),
        made_in=node.literal(UTS + "madeIn"),
        as_of=node.literal(UTS + "asOf"),
        valid_from=node.literal(UTS + "validFrom"),
        valid_until=node.literal(UTS + "validUntil"),
        date_notes=node.literals(UTS + "dateNote"),
        statements=_source_statements(entities, node),
    )


@cached_by_iri
def read_observation(entities: Entities, name: str) -> Observation:
    """Return the observation with the IRI `name`."""
    node = entities.node(iri(name))
    evidence = node.iri(UTS + "observationEvidence")
    return Observation(
        iri=name,
        organisation=entities.optional_ref(node.iri(SOSA + "hasFeatureOfInterest")),
        provider=node.literal(UTS + "mailProvider"),
        evidence=entities.optional_ref(evidence),
        evidence_means=entities.node(iri(evidence)).literals(SKOS + "definition") if evidence else (),
        as_of=node.literal(UTS + "asOf"),
        domain=node.literal(UTS + "internetDomain"),
        source=entities.optional_ref(node.iri(DCTERMS + "source")),
    )


def adoptions_of(
    entities: Entities, name: str, *properties: str, when: PartialDate | None = None
) -> EntityList[Adoption]:
    """Return the adoptions that have the IRI `name` as value of one of `properties`, newest first.

    With `when`, only those valid at that time.
    """
    found = AsOfIndex(entities.index, when).linking_to(name, *properties, kind="adoption")
    return EntityList(found, partial(read_adoption, entities))


def assessments_of(
    entities: Entities, name: str, *properties: str, when: PartialDate | None = None
) -> EntityList[Assessment]:
    """Return the assessments with the IRI `name` as value of one of `properties`, like `adoptions_of`."""
    found = AsOfIndex(entities.index, when).linking_to(name, *properties, kind="assessment")
    return EntityList(found, partial(read_assessment, entities))


def observations_of(
    entities: Entities, name: str, when: PartialDate | None = None
) -> EntityList[Observation]:
    """Return the observations of the organisation with the IRI `name`, like `adoptions_of`."""
    found = AsOfIndex(entities.index, when).linking_to(
        name, SOSA + "hasFeatureOfInterest", kind="observation"
    )
    return EntityList(found, partial(read_observation, entities))


def _is_true(value: Term | None) -> bool:
    return value is not None and value.value in {"true", "1"}


def _source_statements(entities: Entities, node: Node) -> tuple[Statement, ...]:
    return sort_newest_first(read_statement(entities, name) for name in node.iris(UTS + "derivedFrom"))
