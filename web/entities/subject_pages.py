"""Pages of organisations, people, products and laws, and of any other entity."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Final

from graph.claims.claims import (
    Adoption,
    Assessment,
    Observation,
    adoptions_of,
    assessments_of,
    observations_of,
)
from graph.claims.reasons import assessments_behind
from graph.claims.statements import publication_date, read_passage, read_statement
from graph.core.namespaces import CODE, DCTERMS, ELI, ORG, SOSA, TYPE, UTS
from graph.core.partial_dates import PartialDate
from graph.core.terms import iri
from graph.index.protocol import EntityList
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Node, Ref
from graph.read.legal_force import read_act, read_succession, text_urls
from graph.read.product_lines import predecessors, product_line
from graph.statistics.adoption_counts import REGISTERS, count_adoptions
from web.entities import page_models as pages
from web.entities.entity_page import build_page, facts_of
from web.entities.evidence_pages import EVIDENCE_PAGES, read_offices
from web.entities.legal_questions import MAX_ASSESSMENTS, group_by_question, read_questions
from web.entities.page_models import PeerComparison, ProductStanding
from web.html.facets import filter_statements
from web.html.page_models import MAX_CLAIMS, MAX_STATEMENTS, EntityPage, Slice

_SAFEGUARD: Final = CODE + "statement-kind/safeguard"
_TYPES_WITHOUT_ADOPTIONS: Final = {UTS + name for name in ("Company", "NewsPublisher", "Unit", "Board")}
_ORGANISATION_KEYS: Final = (
    *(UTS + each for each in ("municipalityCode", "countyCode", "organisationNumber", "inCounty")),
    UTS + "population",
    ORG + "unitOf",
)
_PRODUCT_KEYS: Final = (UTS + "vendor", UTS + "deployment")
_RELATED_PRODUCTS: Final = tuple(UTS + each for each in ("variantOf", "hasVariant", "partOf"))
MAX_PRODUCT_ASSESSMENTS: Final = 50  # the list has the rest
MAX_ORGANISATIONS: Final = 500  # of a county, in its tally
_MAX_LINKED: Final = 5  # adoptions of a predecessor or a successor
_LAW_KEYS: Final = (
    ELI + "title_short",
    ELI + "id_local",
    ELI + "is_part_of",
    UTS + "celex",
    ELI + "first_date_entry_in_force",
    ELI + "date_applicability",
    ELI + "date_no_longer_in_force",
)


def build_entity_page(
    entities: Entities, kind: str, name: str, when: PartialDate | None = None
) -> EntityPage:
    """Return the page of the entity of `kind` with the IRI `name`; as of `when` for a kind with validity."""
    if kind in _PAGES_AS_OF:
        return _PAGES_AS_OF[kind](entities, name, when)
    return _PAGES.get(kind, _other_entity)(entities, kind, name)


def _other_entity(entities: Entities, kind: str, name: str) -> EntityPage:
    return build_page(entities, EntityPage, kind, name, set())


def _organisation(entities: Entities, name: str, when: PartialDate | None) -> pages.OrganisationPage:
    all_adoptions = adoptions_of(entities, name, UTS + "adopter", when=when)
    all_assessments = assessments_of(entities, name, UTS + "assessor", when=when)
    adoptions, assessments = all_adoptions[:MAX_CLAIMS], all_assessments[:MAX_ASSESSMENTS]
    observations = observations_of(entities, name, when)
    products = dict.fromkeys(each.product for each in adoptions if each.product)
    index, view = entities.index, AsOfIndex(entities.index, when)
    statements = view.linking_to(name, UTS + "onBehalfOf", UTS + "speakerUnit", kind="statement")
    units = entities.subjects(name, ORG + "unitOf")
    mentions = view.linking_to(name, UTS + "about", kind="statement") - statements
    safeguards = statements & index.linking_to(_SAFEGUARD, UTS + "kind", kind="statement")
    memberships = index.linking_to(name, ORG + "organization")
    offices = read_offices(entities, memberships)
    counted = index.facet_counts("statement", ("about",), statements)["about"]
    node = entities.node(iri(name))
    code = node.literal(UTS + "municipalityCode", UTS + "countyCode")
    sources = index.linking_to(name, DCTERMS + "publisher", kind="source")
    subjects = entities.refs(tuple(each.value.value for each in counted))
    return build_page(
        entities,
        pages.OrganisationPage,
        "organisation",
        name,
        set(_ORGANISATION_KEYS),
        keys=facts_of(entities, name, *_ORGANISATION_KEYS),
        code=code.value if code else "",
        products_without_status=tuple(
            ref for ref in subjects if _is_product(entities, ref) and ref not in products
        ),
        comparisons=tuple(_peer_comparisons(entities, node, products, when)),
        safeguards=Slice.first(EntityList(safeguards, partial(read_statement, entities)), MAX_ASSESSMENTS),
        former_names=node.literals(UTS + "formerName"),
        standings=tuple(
            ProductStanding(product, _explained(entities, adoptions, product)) for product in products
        ),
        assessments=assessments,
        questions=tuple(
            each for each in read_questions(entities, assessments, when) if len(each.answers) > 1
        ),
        units=entities.refs(units),
        assessed_by_others=_assessed_by_others(entities, (name, *units), when),
        statements=filter_statements(entities, statements, "kind", "year", "about", "speaker", "law"),
        mentions=Slice.first(EntityList(mentions, partial(read_statement, entities)), MAX_STATEMENTS),
        offices=tuple(
            sorted((each for each in offices if each.held_at(when)), key=lambda office: office.person.labels)
        ),
        mail=tuple(_mail_findings(observations[:MAX_CLAIMS])),
        sources=index.count_values("statement", "source", statements),
        published=Slice.first(  # what it published is not of a time
            () if when else EntityList(sources, partial(_published_source, entities)), MAX_CLAIMS
        ),
        totals={
            "adoption": len(all_adoptions) if len(all_adoptions) > MAX_CLAIMS else 0,
            "assessment": len(all_assessments) if len(all_assessments) > MAX_ASSESSMENTS else 0,
            "observation": len(observations) if len(observations) > MAX_CLAIMS else 0,
            "office": len(memberships) if len(memberships) > MAX_CLAIMS else 0,
        },
        expects_adoptions=not _TYPES_WITHOUT_ADOPTIONS & set(node.iris(TYPE)),
        is_unit=bool(node.iris(ORG + "unitOf")),
    )


def _explained(
    entities: Entities, adoptions: Iterable[Adoption], product: Ref
) -> tuple[pages.ExplainedAdoption, ...]:
    """Return those of `adoptions` that are of `product`, each with the assessments behind it."""
    return tuple(
        pages.ExplainedAdoption(each, assessments_behind(entities, each))
        for each in adoptions
        if each.product == product
    )


def _mail_findings(observations: Iterable[Observation]) -> Iterator[tuple[Observation, ...]]:
    """Yield groups of `observations`, each of those that found the same one after the other."""
    for _, group in groupby(observations, lambda each: (each.provider, each.domain, each.evidence)):
        yield tuple(group)


def _assessed_by_others(
    entities: Entities, names: Iterable[str], when: PartialDate | None
) -> tuple[Assessment, ...]:
    """Return the assessments that concern one of the organisations and units `names`, each once."""
    found = (assessments_of(entities, each, UTS + "concerns", when=when)[:MAX_ASSESSMENTS] for each in names)
    return tuple({each.iri: each for slice_ in found for each in slice_}.values())


def _published_source(entities: Entities, name: str) -> pages.PublishedSource:
    return pages.PublishedSource(entities.ref(name), publication_date(entities.node(iri(name))))


def _is_product(entities: Entities, ref: Ref) -> bool:
    return UTS + "Product" in entities.node(iri(ref.iri)).iris(TYPE)


def _peer_comparisons(
    entities: Entities, node: Node, products: Iterable[Ref], when: PartialDate | None
) -> Iterator[PeerComparison]:
    """Yield the adoption of each of `products` among organisations of the same type as `node`."""
    kinds = [each for each in REGISTERS if each in node.iris(TYPE)]
    for product in products if kinds else ():
        counted = count_adoptions(entities, product.iri, kinds[0], when)
        if counted.known > 1:
            yield PeerComparison(product, counted)


def _person(entities: Entities, kind: str, name: str) -> pages.PersonPage:
    statements = entities.index.linking_to(name, UTS + "speaker", kind="statement")
    mentions = entities.index.linking_to(name, UTS + "about", kind="statement") - statements
    offices = entities.offices(name)
    return build_page(
        entities,
        pages.PersonPage,
        kind,
        name,
        {ORG + "hasMembership"},
        offices=tuple(
            (office, tuple(read_passage(entities, proof) for proof in office.evidence))
            for office in offices[:MAX_CLAIMS]
        ),
        more_offices=max(len(offices) - MAX_CLAIMS, 0),
        statements=filter_statements(entities, statements, "kind", "year", "about"),
        mentions=Slice.first(EntityList(mentions, partial(read_statement, entities)), MAX_STATEMENTS),
    )


def _product(entities: Entities, name: str, when: PartialDate | None) -> pages.ProductPage:
    adoptions = adoptions_of(entities, name, UTS + "product", when=when)
    assessments = assessments_of(entities, name, UTS + "product", when=when)
    index = entities.index
    statuses = index.facet_counts("adoption", ("status",), adoptions.members)["status"]
    properties = (UTS + "about", UTS + "keptOutOf", UTS + "carriedBy")
    counted = (count_adoptions(entities, name, kind, when) for kind in REGISTERS)
    return build_page(
        entities,
        pages.ProductPage,
        "product",
        name,
        {*_PRODUCT_KEYS, *_RELATED_PRODUCTS, UTS + "successorOf"},
        keys=facts_of(entities, name, *_PRODUCT_KEYS),
        related_products=facts_of(entities, name, *_RELATED_PRODUCTS),
        line=tuple(_linked_products(entities, name, when)),
        adoptions=Slice.first(adoptions, MAX_CLAIMS),
        peers=tuple(each for each in counted if each.known),
        questions=group_by_question(assessments[:MAX_PRODUCT_ASSESSMENTS]),
        assessments_total=len(assessments),
        statements=filter_statements(
            entities,
            AsOfIndex(index, when).linking_to(name, *properties, kind="statement"),
            "kind",
            "year",
            "organisation",
            "law",
        ),
        status_counts=tuple((entities.ref(each.value.value), each.count) for each in statuses),
    )


def _linked_products(
    entities: Entities, name: str, when: PartialDate | None
) -> Iterator[pages.LinkedProduct]:
    """Yield the products that have succeeded the one with the IRI `name`, then those it has succeeded."""
    line = [(each, True) for each in product_line(entities, name)[1:]]
    line += [(each, False) for each in predecessors(entities, name)]
    for each, is_successor in line:
        adoptions = adoptions_of(entities, each, UTS + "product", when=when)
        yield pages.LinkedProduct(entities.ref(each), is_successor, Slice.first(adoptions, _MAX_LINKED))


def _law(entities: Entities, name: str, when: PartialDate | None) -> pages.LawPage:
    before, after = read_succession(entities, name)
    assessments = assessments_of(entities, name, UTS + "underAct", UTS + "provision", when=when)
    return build_page(
        entities,
        pages.LawPage,
        "law",
        name,
        {*_LAW_KEYS, UTS + "successorOf", ELI + "repeals", ELI + "repealed_by"},
        act=read_act(entities, name),
        predecessors=before,
        successors=after,
        text_urls=text_urls(entities.node(iri(name))),
        keys=facts_of(entities, name, *_LAW_KEYS),
        questions=group_by_question(assessments[:MAX_ASSESSMENTS]),
        assessments=len(assessments),
        statements=filter_statements(
            entities,
            AsOfIndex(entities.index, when).linking_to(name, UTS + "cites", UTS + "about", kind="statement"),
            "kind",
            "year",
            "organisation",
            "about",
        ),
    )


def _place(entities: Entities, kind: str, name: str) -> pages.PlacePage:
    index = entities.index
    here = index.linking_to(name, UTS + "inCounty", kind="organisation")
    names = here.page(0, MAX_ORGANISATIONS)
    tally = tuple(
        (key, sum(bool(index.linking_to(each, property_, kind=of)) for each in names))
        for key, property_, of in (
            ("place.with_statements", UTS + "onBehalfOf", "statement"),
            ("place.with_status", UTS + "adopter", "adoption"),
            ("place.with_mail", SOSA + "hasFeatureOfInterest", "observation"),
        )
    )
    return build_page(entities, pages.PlacePage, kind, name, set(), organisations=len(here), tally=tally)


_PAGES_AS_OF: Final[dict[str, Callable[[Entities, str, PartialDate | None], EntityPage]]] = {
    "organisation": _organisation,
    "product": _product,
    "law": _law,
}
"""Kinds whose pages can be shown as of a date."""
_PAGES: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {
    "person": _person,
    "place": _place,
    **EVIDENCE_PAGES,
}
