"""Draws the page of each kind of entity from what the graph says of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from graph.core.namespaces import CODE, DCTERMS, ELI, ORG, TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index.protocol import EntityList
from graph.read.adoption_counts import REGISTERS, count_adoptions
from graph.read.as_of import AsOfIndex
from graph.read.claims import adoptions_of, assessments_of, observations_of
from graph.read.entities import Entities, Node, Ref
from graph.read.legal_force import read_act, read_succession, text_urls
from graph.read.statements import publication_date, read_passage, read_statement
from web.entities import page_models as pages
from web.entities.entity_page import facts_of, outline
from web.entities.evidence_pages import EVIDENCE, offices_of
from web.entities.legal_questions import MOST_VIEWS, questions, same_questions
from web.entities.page_models import Comparison, Standing
from web.html.facets import narrowed
from web.html.page_models import MOST_CLAIMS, MOST_STATEMENTS, EntityPage, Slice

_SAFEGUARD: Final = CODE + "statement-kind/safeguard"
_UNDECIDING: Final = {UTS + "Company", UTS + "NewsPublisher"}
_ORGANISATION_KEYS: Final = tuple(
    UTS + each for each in ("municipalityCode", "countyCode", "organisationNumber", "inCounty", "population")
)
_PRODUCT_KEYS: Final = (UTS + "vendor", UTS + "deployment")
_FAMILY: Final = tuple(UTS + each for each in ("variantOf", "hasVariant", "successorOf", "partOf"))
_LAW_KEYS: Final = (
    ELI + "title_short",
    ELI + "id_local",
    UTS + "celex",
    ELI + "first_date_entry_in_force",
    ELI + "date_applicability",
    ELI + "date_no_longer_in_force",
)


def draw(entities: Entities, kind: str, name: str, when: PartialDate | None = None) -> EntityPage:
    """Return the page of the entity of `kind` with the IRI `name`, at a time if it is of `TIMED`."""
    if kind in _TIMED:
        return _TIMED[kind](entities, name, when)
    return _PORTRAITS.get(kind, _anything)(entities, kind, name)


def _anything(entities: Entities, kind: str, name: str) -> EntityPage:
    return outline(entities, EntityPage, kind, name, set())


def _organisation(entities: Entities, name: str, when: PartialDate | None) -> pages.OrganisationPage:
    adoptions = adoptions_of(entities, name, UTS + "adopter", when=when)[:MOST_CLAIMS]
    assessments = assessments_of(entities, name, UTS + "assessor", when=when)[:MOST_VIEWS]
    products = dict.fromkeys(each.product for each in adoptions if each.product)
    index, view = entities.index, AsOfIndex(entities.index, when)
    said = view.linking_to(name, UTS + "onBehalfOf", kind="statement")
    others = view.linking_to(name, UTS + "about", kind="statement") - said
    safeguards = said & index.linking_to(_SAFEGUARD, UTS + "kind", kind="statement")
    offices = offices_of(entities, index.linking_to(name, ORG + "organization"))
    counted = index.facet_counts("statement", ("about",), said, MOST_CLAIMS)["about"]
    node = entities.node(iri(name))
    code = node.literal(UTS + "municipalityCode", UTS + "countyCode")
    issued = index.linking_to(name, DCTERMS + "publisher", kind="source")
    spoken_of = entities.refs(tuple(each.value.value for each in counted))
    return outline(
        entities,
        pages.OrganisationPage,
        "organisation",
        name,
        set(_ORGANISATION_KEYS),
        keys=facts_of(entities, name, *_ORGANISATION_KEYS),
        code=code.value if code else "",
        unclear=tuple(ref for ref in spoken_of if _is_product(entities, ref) and ref not in products),
        comparisons=tuple(_compare(entities, node, products, when)),
        safeguards=Slice.first(EntityList(safeguards, partial(read_statement, entities)), MOST_VIEWS),
        former_names=node.literals(UTS + "formerName"),
        standings=tuple(
            Standing(product, tuple(each for each in adoptions if each.product == product))
            for product in products
        ),
        questions=same_questions(entities, assessments, when),
        statements=narrowed(entities, said, "kind", "year", "about", "speaker", "law"),
        mentions=Slice.first(EntityList(others, partial(read_statement, entities)), MOST_STATEMENTS),
        offices=tuple(
            sorted((each for each in offices if each.held_at(when)), key=lambda office: office.person.labels)
        ),
        observations=observations_of(entities, name, when)[:MOST_CLAIMS],
        sources=index.count_values("statement", "source", said),
        published=Slice.first(EntityList(issued, partial(_published, entities)), MOST_CLAIMS),
        decides=not _UNDECIDING & set(node.iris(TYPE)),
    )


def _published(entities: Entities, name: str) -> pages.Published:
    return pages.Published(entities.ref(name), publication_date(entities.node(iri(name))))


def _is_product(entities: Entities, ref: Ref) -> bool:
    return UTS + "Product" in entities.node(iri(ref.iri)).iris(TYPE)


def _compare(
    entities: Entities, node: Node, products: Iterable[Ref], when: PartialDate | None
) -> Iterator[Comparison]:
    """Yield how others of the kind that `node` is stand on each of `products`."""
    kinds = [each for each in REGISTERS if each in node.iris(TYPE)]
    for product in products if kinds else ():
        counted = count_adoptions(entities, product.iri, kinds[0], when)
        if counted.known > 1:
            yield Comparison(product, counted)


def _person(entities: Entities, kind: str, name: str) -> pages.PersonPage:
    said = entities.index.linking_to(name, UTS + "speaker", kind="statement")
    others = entities.index.linking_to(name, UTS + "about", kind="statement") - said
    return outline(
        entities,
        pages.PersonPage,
        kind,
        name,
        {ORG + "hasMembership"},
        offices=tuple(
            (office, tuple(read_passage(entities, proof) for proof in office.evidence))
            for office in entities.offices(name)[:MOST_CLAIMS]
        ),
        statements=narrowed(entities, said, "kind", "year", "about"),
        mentions=Slice.first(EntityList(others, partial(read_statement, entities)), MOST_STATEMENTS),
    )


def _product(entities: Entities, name: str, when: PartialDate | None) -> pages.ProductPage:
    adoptions = adoptions_of(entities, name, UTS + "product", when=when)
    index = entities.index
    statuses = index.facet_counts("adoption", ("status",), adoptions.members)["status"]
    concerned = (UTS + "about", UTS + "keptOutOf", UTS + "carriedBy")
    counted = (count_adoptions(entities, name, kind, when) for kind in REGISTERS)
    return outline(
        entities,
        pages.ProductPage,
        "product",
        name,
        {*_PRODUCT_KEYS, *_FAMILY},
        keys=facts_of(entities, name, *_PRODUCT_KEYS),
        family=facts_of(entities, name, *_FAMILY),
        adoptions=Slice.first(adoptions, MOST_CLAIMS),
        peers=tuple(each for each in counted if each.known),
        questions=questions(assessments_of(entities, name, UTS + "product", when=when)[:MOST_VIEWS]),
        statements=narrowed(
            entities,
            AsOfIndex(index, when).linking_to(name, *concerned, kind="statement"),
            "kind",
            "year",
            "organisation",
            "law",
        ),
        counts=tuple((entities.ref(each.value.value), each.count) for each in statuses),
    )


def _law(entities: Entities, name: str, when: PartialDate | None) -> pages.LawPage:
    before, after = read_succession(entities, name)
    return outline(
        entities,
        pages.LawPage,
        "law",
        name,
        {*_LAW_KEYS, UTS + "successorOf", ELI + "repeals", ELI + "repealed_by"},
        act=read_act(entities, name),
        before=before,
        after=after,
        texts=text_urls(entities.node(iri(name))),
        keys=facts_of(entities, name, *_LAW_KEYS),
        questions=questions(assessments_of(entities, name, UTS + "underAct", when=when)[:MOST_VIEWS]),
        statements=narrowed(
            entities,
            AsOfIndex(entities.index, when).linking_to(name, UTS + "cites", UTS + "about", kind="statement"),
            "kind",
            "year",
            "organisation",
            "about",
        ),
    )


_TIMED: Final[dict[str, Callable[[Entities, str, PartialDate | None], EntityPage]]] = {
    "organisation": _organisation,
    "product": _product,
    "law": _law,
}
"""The kinds whose pages can be had as they were at a time."""
_PORTRAITS: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {"person": _person, **EVIDENCE}
