"""Pages of people, products and laws, and of any other entity; which function makes which page."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from graph.claims.claims import (
    adoptions_of,
    assessments_of,
)
from graph.claims.statements import read_passage, read_statement
from graph.core.extensions import extension
from graph.core.namespaces import ELI, ORG, UTS
from graph.core.organisations import organisation_model
from graph.core.partial_dates import PartialDate
from graph.core.site import SITE
from graph.core.terms import iri
from graph.index.protocol import EntityList
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities
from graph.read.legal_force import read_act, read_succession, text_urls
from graph.read.product_lines import predecessors, product_line
from graph.statistics.adoption_counts import count_adoptions
from web.entities import page_models as pages
from web.entities.entity_page import build_page, facts_of
from web.entities.evidence_pages import EVIDENCE_PAGES
from web.entities.legal_questions import MAX_ASSESSMENTS, group_by_question
from web.entities.organisation_page import organisation_page
from web.html.facets import filter_statements
from web.html.page_models import MAX_CLAIMS, MAX_STATEMENTS, EntityPage, Slice

_SITE_PAGES: Final = extension("entity_pages", dict[str, Callable[[Entities, str, str], EntityPage]]())
_PRODUCT_KEYS: Final = (UTS + "vendor", UTS + "deployment")
_RELATED_PRODUCTS: Final = tuple(UTS + each for each in ("variantOf", "hasVariant", "partOf"))
MAX_PRODUCT_ASSESSMENTS: Final = 50  # the list has the rest
_MAX_LINKED: Final = 5  # adoptions of a predecessor or a successor
_LAW_KEYS: Final = (
    UTS + "shortName",
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
    if kind in _SITE_PAGES:
        return _SITE_PAGES[kind](entities, kind, name)
    if not entities.index.kinds.has_part_page(kind):
        return _other_entity(entities, kind, name)
    if kind in _PAGES_AS_OF:
        return _PAGES_AS_OF[kind](entities, name, when)
    return _PAGES.get(kind, _other_entity)(entities, kind, name)


def _other_entity(entities: Entities, kind: str, name: str) -> EntityPage:
    return build_page(entities, EntityPage, kind, name, set())


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
    counted = (count_adoptions(entities, name, kind, when) for kind in organisation_model().registers)
    return build_page(
        entities,
        pages.ProductPage,
        "product",
        name,
        {*_PRODUCT_KEYS, *_RELATED_PRODUCTS, UTS + "successorOf"},
        keys=facts_of(entities, name, *_PRODUCT_KEYS),
        related_products=facts_of(entities, name, *_RELATED_PRODUCTS),
        line=tuple(_linked_products(entities, name, when)),
        has_adopters=SITE.offers("sections", "adoptions"),
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


_PAGES_AS_OF: Final[dict[str, Callable[[Entities, str, PartialDate | None], EntityPage]]] = {
    "organisation": organisation_page,
    "product": _product,
    "law": _law,
}
"""Kinds whose pages can be shown as of a date."""
_PAGES: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {
    "person": _person,
    **EVIDENCE_PAGES,
}
