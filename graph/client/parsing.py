"""Reads the JSON of a server into values; raises KeyError, TypeError or ValueError for what is otherwise."""

from dataclasses import fields
from typing import Any

from graph.client.answers import Entity, Evidence, Hit, SearchAnswer
from graph.evidence.envelope import EnvelopePassage, EnvelopeSource, Named, Speaker
from graph.evidence.standings import Standing, StandingAdoption

Members = dict[str, Any]


def parse_evidence(members: Members) -> Evidence:
    """Return the evidence that an envelope holds."""
    source = members["source"]
    given = {each.name: members[each.name] for each in fields(Evidence)}
    return Evidence(
        **given
        | {each: _named(members[each]) for each in ("kind", "speechAct", "certainty", "attributedTo")}
        | {
            "speaker": Speaker(**members["speaker"]) if members["speaker"] else None,
            "onBehalfOf": tuple(Named(**each) for each in members["onBehalfOf"]),
            "source": _source(source) if source else None,
            "passages": tuple(_passage(each) for each in members["passages"]),
        }
    )


def parse_standing(members: Members) -> Standing:
    """Return where an organisation stands on a product."""
    adoption = members["adoption"]
    return Standing(
        organisation=Named(**members["organisation"]),
        product=Named(**members["product"]),
        answer=members["answer"],
        adoption=StandingAdoption(**adoption | {"status": _named(adoption["status"])}) if adoption else None,
        statements=tuple(members["statements"]),
    )


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


def parse_entity(members: Members) -> Entity:
    """Return what is said of an entity."""
    evidence = tuple(parse_evidence(each) for each in members.get("evidence", ()))
    return Entity(
        iri=members["id"],
        types=tuple(members["types"]),
        labels=members["labels"],
        values=members["values"],
        incoming=members["incoming"],
        evidence=evidence,
        evidence_total=members["evidencePage"]["total"] if "evidencePage" in members else 0,
        standings=tuple(parse_standing(each) for each in members.get("standings", ())),
        other_products=members.get("otherProducts"),
    )


def _hit(members: Members) -> Hit:
    evidence = parse_evidence(members["evidence"]) if "evidence" in members else None
    return Hit(members["id"], members["kind"], members["labels"], evidence)


def _named(members: Members | None) -> Named | None:
    return Named(**members) if members else None


def _source(members: Members) -> EnvelopeSource:
    publishers = tuple(Named(**each) for each in members["publisher"])
    return EnvelopeSource(**members | {"publisher": publishers, "reportedIn": _named(members["reportedIn"])})


def _passage(members: Members) -> EnvelopePassage:
    return EnvelopePassage(**{each.name: members[each.name] for each in fields(EnvelopePassage)})
