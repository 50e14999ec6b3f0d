"""The page of an organisation: where it stands and stood, why, what it says, and who speaks for it."""

from collections.abc import Iterable, Iterator, Sized
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
from graph.claims.statements import publication_date, read_statement
from graph.core.namespaces import CODE, DCTERMS, ORG, TYPE, UTS
from graph.core.organisations import organisation_model
from graph.core.partial_dates import PartialDate
from graph.core.site import SITE
from graph.core.terms import iri
from graph.index.protocol import EntityList
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Node, Ref
from graph.statistics.adoption_counts import count_adoptions
from web.entities import page_models as pages
from web.entities.entity_page import build_page, facts_of
from web.entities.evidence_pages import read_offices
from web.entities.legal_questions import MAX_ASSESSMENTS, read_questions
from web.entities.page_models import PeerComparison, ProductStanding
from web.html.facets import filter_statements
from web.html.page_models import MAX_CLAIMS, MAX_STATEMENTS, Slice

_SAFEGUARD: Final = CODE + "statement-kind/safeguard"


def organisation_page(entities: Entities, name: str, when: PartialDate | None) -> pages.OrganisationPage:
    """Return the page of the organisation with the IRI `name`, as of `when` if that is given."""
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
    model = organisation_model()
    code = node.literal(*model.codes)
    is_user = model.without_adoptions.isdisjoint(node.iris(TYPE))
    sources = index.linking_to(name, DCTERMS + "publisher", kind="source")
    subjects = entities.refs(tuple(each.value.value for each in counted))
    return build_page(
        entities,
        pages.OrganisationPage,
        "organisation",
        name,
        set(model.keys),
        keys=facts_of(entities, name, *model.keys),
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
            "adoption": _total(all_adoptions, MAX_CLAIMS),
            "assessment": _total(all_assessments, MAX_ASSESSMENTS),
            "observation": _total(observations, MAX_CLAIMS),
            "office": _total(memberships, MAX_CLAIMS),
        },
        expects_adoptions=SITE.offers("sections", "adoptions") and is_user,
        expects_statements=is_user,
        is_unit=bool(node.iris(ORG + "unitOf")),
    )


def _total(items: Sized, limit: int) -> int:
    """Return the number of `items`, or 0 if the page shows them all."""
    return len(items) if len(items) > limit else 0


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
    kinds = [each for each in organisation_model().registers if each in node.iris(TYPE)]
    for product in products if kinds else ():
        counted = count_adoptions(entities, product.iri, kinds[0], when)
        if counted.known > 1:
            yield PeerComparison(product, counted)
