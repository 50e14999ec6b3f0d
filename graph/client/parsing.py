"""Reads the JSON of a server into values; raises KeyError, TypeError or ValueError for what is otherwise."""

from typing import Any, Final

from pydantic import TypeAdapter

from graph.client.answers import Answer, Entity, Evidence, Hit, SearchAnswer
from graph.evidence.standings import Standing
from graph.rdf.results import results_of_document

Members = dict[str, Any]
_EVIDENCE: Final = TypeAdapter(tuple[Evidence, ...])
_STANDINGS: Final = TypeAdapter(tuple[Standing, ...])


def parse_evidence(members: Members) -> tuple[Evidence, ...]:
    """Return the evidence in a document, which may have none."""
    return _EVIDENCE.validate_python(members.get("evidence", ()))


def parse_standings(members: Members) -> tuple[Standing, ...]:
    """Return where organisations stand on products according to a document."""
    return _STANDINGS.validate_python(members.get("standings", ()))


def parse_search(members: Members) -> SearchAnswer:
    """Return one page of what a search finds."""
    return SearchAnswer(
        total=members["total"],
        page=members["page"],
        pages=members["pages"],
        hits=tuple(map(_hit, members["hits"])),
        suggestion=members["suggestion"],
        question=members["answer"],
    )


def parse_answer(members: Members) -> Answer:
    """Return the rows or the boolean of a query, with the evidence if the document has it."""
    found = results_of_document(members)
    return Answer(
        columns=found.columns,
        rows=found.rows,
        boolean=found.boolean,
        evidence=parse_evidence(members),
        evidence_of_rows=tuple(map(tuple, members.get("evidenceOfRows", ()))),
        standings=parse_standings(members),
    )


def parse_entity(members: Members) -> Entity:
    """Return what is said of an entity."""
    return Entity(
        iri=members["id"],
        types=tuple(members["types"]),
        labels=members["labels"],
        values=members["values"],
        incoming=members["incoming"],
        evidence=parse_evidence(members),
        evidence_total=members["evidencePage"]["total"] if "evidencePage" in members else 0,
        standings=parse_standings(members),
        other_products=members.get("otherProducts"),
    )


def parse_evidence_page(members: Members) -> tuple[tuple[Evidence, ...], int]:
    """Return one page of the evidence of an entity, and how many pages there are."""
    return parse_evidence(members), members["evidencePage"]["pages"] if "evidencePage" in members else 0


def _hit(members: Members) -> Hit:
    own = [members["evidence"]] if "evidence" in members else []
    evidence = next(iter(_EVIDENCE.validate_python(own)), None)
    return Hit(members["id"], members["kind"], members["labels"], evidence)
