"""What follows from statements (adoptions, assessments) and what has been observed, as pages show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from graph.core.namespaces import DCTERMS, SKOS, SOSA, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri
from graph.index.protocol import DeferredList, EntityList
from graph.read.as_of import View
from graph.read.entities import Entities, Node, Ref, remembered
from graph.read.statements import Passage, Statement, newest_first, statement


@dataclass(frozen=True)
class Voice:
    """Those of several statements that one speaker makes, by the first of them, and where they all stand."""

    said: Statement
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Adoption:
    """How far an organisation has come with a product, at a point in time."""

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


@dataclass(frozen=True)
class Assessment:
    """What an organisation found when it tried a product against a law."""

    iri: str
    assessor: Ref | None
    product: Ref | None
    act: Ref | None
    outcome: Ref | None
    conditions: tuple[Term, ...]
    made_in: Term | None
    date_notes: tuple[Term, ...]
    statements: tuple[Statement, ...]

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Who speaks for the assessment, each once, with one passage for every paragraph."""
        by_speaker: dict[object, list[Statement]] = {}
        for said in self.statements:
            by_speaker.setdefault((said.speaker, said.group, said.reported_in), []).append(said)
        return tuple(Voice(each[0], _by_paragraph(each)) for each in by_speaker.values())


@dataclass(frozen=True)
class Observation:
    """A dated technical fact about an organisation's mail; never a decision."""

    iri: str
    organisation: Ref | None
    provider: Term | None
    evidence: Ref | None
    evidence_means: tuple[Term, ...]
    as_of: Term | None
    domain: Term | None
    source: Ref | None


def _by_paragraph(statements: Iterable[Statement]) -> tuple[Passage, ...]:
    """Return the first passage of each paragraph that `statements` rest on, in reading order."""
    passages = {each.iri: each for said in statements for each in said.passages}.values()
    ordered = sorted(passages, key=lambda each: (each.source.iri if each.source else "", each.start or 0))
    first = {(each.source, each.paragraph): each for each in reversed(ordered)}
    return tuple(each for each in ordered if each in first.values())


@remembered
def adoption(entities: Entities, name: str) -> Adoption:
    """Return the adoption with the IRI `name`."""
    node = entities.node(iri(name))
    return Adoption(
        iri=name,
        adopter=entities.optional(node.iri(UTS + "adopter")),
        product=entities.optional(node.iri(UTS + "product")),
        status=entities.optional(node.iri(UTS + "status")),
        scope=node.literals(UTS + "scope"),
        as_of=node.literal(UTS + "asOf"),
        valid_from=node.literal(UTS + "validFrom"),
        valid_until=node.literal(UTS + "validUntil"),
        deployment=entities.optional(node.iri(UTS + "deployment")),
        statements=DeferredList(len(node.iris(UTS + "derivedFrom")), partial(_origins, entities, node)),
    )


@remembered
def assessment(entities: Entities, name: str) -> Assessment:
    """Return the assessment with the IRI `name`."""
    node = entities.node(iri(name))
    return Assessment(
        iri=name,
        assessor=entities.optional(node.iri(UTS + "assessor")),
        product=entities.optional(node.iri(UTS + "product")),
        act=entities.optional(node.iri(UTS + "underAct")),
        outcome=entities.optional(node.iri(UTS + "outcome")),
        conditions=node.literals(UTS + "condition"),
        made_in=node.literal(UTS + "madeIn"),
        date_notes=node.literals(UTS + "dateNote"),
        statements=_origins(entities, node),
    )


@remembered
def observation(entities: Entities, name: str) -> Observation:
    """Return the observation with the IRI `name`."""
    node = entities.node(iri(name))
    evidence = node.iri(UTS + "observationEvidence")
    return Observation(
        iri=name,
        organisation=entities.optional(node.iri(SOSA + "hasFeatureOfInterest")),
        provider=node.literal(UTS + "mailProvider"),
        evidence=entities.optional(evidence),
        evidence_means=entities.node(iri(evidence)).literals(SKOS + "definition") if evidence else (),
        as_of=node.literal(UTS + "asOf"),
        domain=node.literal(UTS + "internetDomain"),
        source=entities.optional(node.iri(DCTERMS + "source")),
    )


def adoptions_of(
    entities: Entities, name: str, *properties: str, when: PartialDate | None = None
) -> EntityList[Adoption]:
    """Return the adoptions that have the IRI `name` as value of one of `properties`, newest first.

    With `when`, they are those that held at that time; so it is with the two functions below.
    """
    found = View(entities.index, when).linking_to(name, *properties, kind="adoption")
    return EntityList(found, partial(adoption, entities))


def assessments_of(
    entities: Entities, name: str, *properties: str, when: PartialDate | None = None
) -> EntityList[Assessment]:
    """Return the assessments that have the IRI `name` as value of one of `properties`, newest first."""
    found = View(entities.index, when).linking_to(name, *properties, kind="assessment")
    return EntityList(found, partial(assessment, entities))


def observations_of(
    entities: Entities, name: str, when: PartialDate | None = None
) -> EntityList[Observation]:
    """Return the observations of the organisation with the IRI `name`, newest first."""
    found = View(entities.index, when).linking_to(name, SOSA + "hasFeatureOfInterest", kind="observation")
    return EntityList(found, partial(observation, entities))


def _origins(entities: Entities, node: Node) -> tuple[Statement, ...]:
    return newest_first(statement(entities, name) for name in node.iris(UTS + "derivedFrom"))
