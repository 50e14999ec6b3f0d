"""Draws the page of each kind of entity from what the graph says of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from graph import claims
from graph.claims import adoptions_of, assessments_of, observations_of
from graph.describe import Entities, Ref
from graph.namespaces import DCTERMS, OA, ORG, SOSA, UTS
from graph.statements import Statement, dated, passage, statement, statements_of
from graph.terms import iri
from web import entity_pages as pages
from web.entity_pages import EntityPage, Question, Standing
from web.outline import outline
from web.pages import Slice

MOST_STATEMENTS: Final = 30
Item = TypeVar("Item")


def draw(entities: Entities, kind: str, name: str) -> EntityPage:
    """Return the page of the entity of `kind` with the IRI `name`."""
    return _PORTRAITS.get(kind, _anything)(entities, kind, name)


def cut(items: Iterable[Item], most: int = MOST_STATEMENTS) -> Slice[Item]:
    """Return the first `most` of `items`, and how many there are."""
    every = tuple(items)
    return Slice(every[:most], len(every))


def _question(entities: Entities, product: Ref) -> Question:
    return Question(product, assessments_of(entities, product.iri, UTS + "product"))


def _anything(entities: Entities, kind: str, name: str) -> EntityPage:
    return outline(entities, EntityPage, kind, name, set())


def _organisation(entities: Entities, kind: str, name: str) -> pages.OrganisationPage:
    adoptions = adoptions_of(entities, name, UTS + "adopter")
    assessments = assessments_of(entities, name, UTS + "assessor")
    products = dict.fromkeys(each.product for each in adoptions if each.product)
    questions = dict.fromkeys(each.product for each in assessments if each.product)
    said = statements_of(entities, name, UTS + "onBehalfOf")
    own = {each.iri for each in said}
    about = (each for each in statements_of(entities, name, UTS + "about") if each.iri not in own)
    memberships = entities.subjects(name, ORG + "organization")
    offices = [office for membership in memberships if (office := entities.office(membership))]
    return outline(
        entities,
        pages.OrganisationPage,
        kind,
        name,
        set(),
        former_names=entities.node(iri(name)).literals(UTS + "formerName"),
        standings=tuple(
            Standing(product, tuple(each for each in adoptions if each.product == product))
            for product in products
        ),
        questions=tuple(_question(entities, product) for product in questions),
        statements=cut(said),
        mentions=cut(about),
        offices=tuple(sorted(offices, key=lambda office: office.person.labels)),
        observations=observations_of(entities, name),
        sources=len({each.source.iri for each in said if each.source}),
    )


def _person(entities: Entities, kind: str, name: str) -> pages.PersonPage:
    return outline(
        entities,
        pages.PersonPage,
        kind,
        name,
        {ORG + "hasMembership"},
        offices=entities.offices(name),
        statements=cut(statements_of(entities, name, UTS + "speaker")),
    )


def _product(entities: Entities, kind: str, name: str) -> pages.ProductPage:
    adoptions = adoptions_of(entities, name, UTS + "product")
    statuses = Counter(each.status for each in adoptions if each.status)
    return outline(
        entities,
        pages.ProductPage,
        kind,
        name,
        set(),
        adoptions=adoptions,
        assessments=assessments_of(entities, name, UTS + "product"),
        statements=cut(statements_of(entities, name, UTS + "about", UTS + "keptOutOf", UTS + "carriedBy")),
        counts=tuple(sorted(statuses.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _law(entities: Entities, kind: str, name: str) -> pages.LawPage:
    return outline(
        entities,
        pages.LawPage,
        kind,
        name,
        set(),
        assessments=assessments_of(entities, name, UTS + "underAct"),
        statements=cut(statements_of(entities, name, UTS + "cites", UTS + "about")),
    )


def _statement(entities: Entities, kind: str, name: str) -> pages.StatementPage:
    this = statement(entities, name)

    def related(relation: str) -> tuple[Statement, ...]:
        return tuple(statement(entities, ref.iri) for ref in this.relations[relation])

    contrasting = {
        each.iri: each
        for each in (*related("contrastsWith"), *statements_of(entities, name, UTS + "contrastsWith"))
    }
    shown = {"text", "kind", "speaker", "speakerGroup", "onBehalfOf", "saidIn", "evidence"}
    shown |= {"answers", "contrastsWith"}
    return outline(
        entities,
        pages.StatementPage,
        kind,
        name,
        {UTS + property_ for property_ in shown},
        statement=this,
        adoptions=adoptions_of(entities, name, UTS + "derivedFrom"),
        assessments=assessments_of(entities, name, UTS + "derivedFrom"),
        answers=related("answers"),
        answered_by=statements_of(entities, name, UTS + "answers"),
        contrasts=tuple(contrasting.values()),
    )


def _source(entities: Entities, kind: str, name: str) -> pages.SourcePage:
    node = entities.node(iri(name))
    said = statements_of(entities, name, UTS + "saidIn")
    return outline(
        entities,
        pages.SourcePage,
        kind,
        name,
        {DCTERMS + "issued", UTS + "issuedNotBefore", UTS + "issuedNotAfter", UTS + "dateNote"}
        | {UTS + "hasStatement"},
        dated=dated(node),
        date_notes=node.literals(UTS + "dateNote"),
        statements=cut(said, 4 * MOST_STATEMENTS),
        passages=entities.counts(name).get(OA + "hasSource", 0),
    )


def _passage(entities: Entities, kind: str, name: str) -> pages.PassagePage:
    return outline(
        entities,
        pages.PassagePage,
        kind,
        name,
        {OA + "hasSource", OA + "hasSelector", UTS + "digest", UTS + "paragraph"},
        passage=passage(entities, name),
        statements=cut(statements_of(entities, name, UTS + "evidence")),
    )


def _adoption(entities: Entities, kind: str, name: str) -> pages.AdoptionPage:
    shown = {UTS + each for each in ("adopter", "product", "status", "scope", "asOf", "derivedFrom")}
    return outline(entities, pages.AdoptionPage, kind, name, shown, adoption=claims.adoption(entities, name))


def _assessment(entities: Entities, kind: str, name: str) -> pages.AssessmentPage:
    this = claims.assessment(entities, name)
    shown = {"assessor", "product", "underAct", "outcome", "condition", "madeIn", "dateNote", "derivedFrom"}
    return outline(
        entities,
        pages.AssessmentPage,
        kind,
        name,
        {UTS + each for each in shown},
        assessment=this,
        question=_question(entities, this.product) if this.product else None,
    )


def _observation(entities: Entities, kind: str, name: str) -> pages.ObservationPage:
    shown = {SOSA + "hasFeatureOfInterest", UTS + "mailProvider", UTS + "observationEvidence", UTS + "asOf"}
    return outline(
        entities, pages.ObservationPage, kind, name, shown, observation=claims.observation(entities, name)
    )


_PORTRAITS: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {
    "organisation": _organisation,
    "person": _person,
    "product": _product,
    "law": _law,
    "statement": _statement,
    "source": _source,
    "passage": _passage,
    "adoption": _adoption,
    "assessment": _assessment,
    "observation": _observation,
}
