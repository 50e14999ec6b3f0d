"""Pages of statements, their sources and passages, and the claims that are derived from them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from graph.claims import claims
from graph.claims.claims import adoptions_of, assessments_of
from graph.claims.quantities import quantities_of
from graph.claims.source_texts import place_of, read_origin
from graph.claims.source_visits import VISIT_PROPERTIES, read_source_visit
from graph.claims.statements import Statement, publication_date, read_passage, read_statement, statements_of
from graph.core.namespaces import DCTERMS, ID, OA, PROV, SCHEMA, UTS
from graph.core.site import SITE
from graph.core.terms import iri
from graph.index.protocol import EntityList, EntitySet
from graph.read.entities import Entities, Office, Ref
from graph.read.legal_force import read_act
from graph.statistics.coverage import read_coverage
from web.entities import page_models as pages
from web.entities.citations import cite
from web.entities.entity_page import build_page
from web.entities.legal_questions import read_questions
from web.evidence.cited_records import claim_record, statement_record
from web.html.facets import filter_statements
from web.html.page_models import MAX_CLAIMS, MAX_STATEMENTS, EntityPage, Slice


def read_offices(entities: Entities, memberships: EntitySet) -> tuple[Office, ...]:
    """Return the offices of `memberships`, as many as a page shows."""
    found = (entities.office(membership) for membership in memberships.page(0, MAX_CLAIMS))
    return tuple(office for office in found if office)


def _statement(entities: Entities, kind: str, name: str) -> pages.StatementPage:
    statement = read_statement(entities, name)
    has_laws, has_evidence = (SITE.offers("sections", section) for section in ("laws", "evidence"))
    cited = statement.relations["cites"] if has_laws else ()

    def related(relation: str) -> tuple[Statement, ...]:
        return tuple(read_statement(entities, ref.iri) for ref in statement.relations[relation])

    def related_both_ways(relation: str) -> tuple[Statement, ...]:
        found = (*related(relation), *statements_of(entities, name, UTS + relation))
        return tuple({each.iri: each for each in found}.values())

    shown = {
        "text",
        "kind",
        "speaker",
        "speakerRemoved",
        "speakerUnit",
        "onBehalfOf",
        "answers",
        "contrastsWith",
    }
    shown |= {"agreesWith", "speechAct", "certainty", "quantity"}
    shown |= ({"saidIn", "evidence"} if has_evidence else set()) | ({"cites"} if has_laws else set())
    return build_page(
        entities,
        pages.StatementPage,
        kind,
        name,
        {UTS + property_ for property_ in shown}
        | {PROV + "wasAttributedTo"},  # whose words: the page says it
        statement=statement,
        has_evidence=has_evidence,
        adoptions=adoptions_of(entities, name, UTS + "derivedFrom"),
        assessments=assessments_of(entities, name, UTS + "derivedFrom"),
        answers=related("answers"),
        answered_by=statements_of(entities, name, UTS + "answers"),
        contrasts=related_both_ways("contrastsWith"),
        agreements=related_both_ways("agreesWith"),
        cited_acts=tuple(read_act(entities, ref.iri) for ref in cited if ref.iri.startswith(ID + "law/")),
        cited_decisions=tuple(ref for ref in cited if not ref.iri.startswith(ID + "law/")),
        quantities=quantities_of(entities, name),
        origin=read_origin(entities, statement.source.iri) if statement.source else None,
        citation=cite(statement_record(entities, statement)),
    )


def _source(entities: Entities, kind: str, name: str) -> pages.SourcePage:
    node = entities.node(iri(name))
    statements = statements_of(entities, name, UTS + "saidIn")
    return build_page(
        entities,
        pages.SourcePage,
        kind,
        name,
        {DCTERMS + "issued", UTS + "issuedNotBefore", UTS + "issuedNotAfter", UTS + "dateNote"}
        | {DCTERMS + "publisher", SCHEMA + "url", UTS + "hasStatement", UTS + "reportedIn"}
        | VISIT_PROPERTIES,
        date=publication_date(node),
        date_notes=node.literals(UTS + "dateNote"),
        statements=filter_statements(
            entities,
            statements.members,
            "kind",
            "organisation",
            "speaker",
            per_page=2 * MAX_STATEMENTS,
            is_sortable=False,
        ),
        passages=entities.link_counts(name).get(OA + "hasSource", 0),
        coverage=read_coverage(entities, name),
        visit=read_source_visit(entities, name),
        origin=read_origin(entities, name),
    )


def _passage(entities: Entities, kind: str, name: str) -> pages.PassagePage:
    dependents = entities.index.linking_to(name, UTS + "evidence")
    statements = entities.index.linking_to(name, UTS + "evidence", kind="statement")
    passage = read_passage(entities, name)
    source = passage.source
    shown = Slice.first(EntityList(statements, partial(read_statement, entities)), MAX_STATEMENTS)
    return build_page(
        entities,
        pages.PassagePage,
        kind,
        name,
        {OA + "hasSource", OA + "hasSelector", UTS + "digest", UTS + "paragraph"},
        passage=passage,
        statements=shown,
        offices=read_offices(entities, dependents - statements),
        more_offices=max(len(dependents - statements) - MAX_CLAIMS, 0),
        origin=read_origin(entities, source.iri) if source else None,
        place=place_of(entities, passage),
        speakers=_speakers(shown),
        text_length=entities.node(iri(source.iri)).integer(UTS + "textLength") if source else None,
    )


def _speakers(statements: Slice[Statement]) -> tuple[Ref, ...]:
    """Return who makes `statements`, each once; not those that the source itself makes."""
    found = (each.speaker or each.unit for each in statements.items)
    return tuple(dict.fromkeys(each for each in found if each))


def _adoption(entities: Entities, kind: str, name: str) -> pages.AdoptionPage:
    shown = {"adopter", "product", "status", "scope", "derivedFrom"}
    shown |= {"asOf", "validFrom", "validUntil", "lastConfirmed"}
    adoption = claims.read_adoption(entities, name)
    return build_page(
        entities,
        pages.AdoptionPage,
        kind,
        name,
        {UTS + each for each in shown},
        adoption=adoption,
        citation=cite(claim_record(entities, adoption)),
    )


def _assessment(entities: Entities, kind: str, name: str) -> pages.AssessmentPage:
    this = claims.read_assessment(entities, name)
    shown = {"assessor", "product", "underAct", "outcome", "condition", "madeIn", "dateNote", "derivedFrom"}
    shown |= {"assessmentType", "concerns", "actInferred", "asOf", "validFrom", "validUntil"}
    return build_page(
        entities,
        pages.AssessmentPage,
        kind,
        name,
        {UTS + each for each in shown},
        assessment=this,
        citation=cite(claim_record(entities, this)),
        question=next(iter(read_questions(entities, (this,))), None),
    )


EVIDENCE_PAGES: Final[dict[str, Callable[[Entities, str, str], EntityPage]]] = {
    "statement": _statement,
    "source": _source,
    "passage": _passage,
    "adoption": _adoption,
    "assessment": _assessment,
}
"""By kind of entity: the function that returns the page of an IRI."""
