"""Statements with who said them, in which office and where: what every page of the graph turns on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.core.namespaces import DCTERMS, OA, ORG, UTS
from graph.core.terms import Term, iri
from graph.index.protocol import EntityList
from graph.read.entities import Entities, Node, Office, Ref, remembered

STATEMENT: Final = UTS + "Statement"
_FEW_OFFICES: Final = 20  # of one person, that are looked through one by one
_SHOWN_RELATIONS = ("about", "cites", "answers", "contrastsWith", "keptOutOf", "carriedBy")


@dataclass(frozen=True)
class Passage:
    """A stretch of a source's text: where it is, and the digest that proves what it says."""

    iri: str
    source: Ref | None
    paragraph: int | None
    start: int | None
    end: int | None
    digest: str


@dataclass(frozen=True)
class Dated:
    """When a source was published: a date as exact as is known, or the bounds of one."""

    on: Term | None = None
    not_before: Term | None = None
    not_after: Term | None = None

    @property
    def key(self) -> str:
        """What sorts sources by date: the date, or else the last day it can have been."""
        known = self.on or self.not_after or self.not_before
        return known.value if known else ""


@dataclass(frozen=True)
class Statement:
    """One thing said: our paraphrase, who said it and for whom, what it is about, and the evidence.

    Speaker and group are both absent where the words are the source's own. Where the source's text was not
    read there are no passages, and `reported_in` is the register that reports the source.
    """

    iri: str
    texts: tuple[Term, ...]
    kind: Ref | None
    speaker: Ref | None
    group: tuple[Term, ...]
    offices: tuple[Office, ...]
    on_behalf_of: tuple[Ref, ...]
    source: Ref | None
    dated: Dated
    passages: tuple[Passage, ...]
    relations: dict[str, tuple[Ref, ...]]
    reported_in: Ref | None = None

    @property
    def position(self) -> tuple[int, str]:
        """Where in its source the statement is made."""
        starts = [passage.start for passage in self.passages if passage.start is not None]
        return min(starts, default=0), self.iri


@remembered
def passage(entities: Entities, name: str) -> Passage:
    """Return the passage with the IRI `name`."""
    node = entities.node(iri(name))
    selector = next(iter(node.terms(OA + "hasSelector")), None)
    position = node if selector is None else entities.node(selector)
    digest = node.literal(UTS + "digest")
    return Passage(
        iri=name,
        source=entities.optional(node.iri(OA + "hasSource")),
        paragraph=node.integer(UTS + "paragraph"),
        start=position.integer(OA + "start"),
        end=position.integer(OA + "end"),
        digest=digest.value if digest else "",
    )


def dated(node: Node) -> Dated:
    """Return when the source `node` was published."""
    return Dated(
        node.literal(DCTERMS + "issued"),
        node.literal(UTS + "issuedNotBefore"),
        node.literal(UTS + "issuedNotAfter"),
    )


@remembered
def statement(entities: Entities, name: str) -> Statement:
    """Return the statement with the IRI `name`."""
    node = entities.node(iri(name))
    speaker, source = node.iri(UTS + "speaker"), node.iri(UTS + "saidIn")
    behalf = node.iris(UTS + "onBehalfOf")
    told = entities.node(iri(source)) if source else None
    return Statement(
        iri=name,
        texts=node.literals(UTS + "text"),
        kind=entities.optional(node.iri(UTS + "kind")),
        speaker=entities.optional(speaker),
        group=node.literals(UTS + "speakerGroup"),
        offices=_offices_then(entities, speaker, source, behalf),
        on_behalf_of=entities.refs(behalf),
        source=entities.optional(source),
        dated=dated(told) if told else Dated(),
        passages=tuple(passage(entities, evidence) for evidence in node.iris(UTS + "evidence")),
        relations={name: entities.refs(node.iris(UTS + name)) for name in _SHOWN_RELATIONS},
        reported_in=entities.optional(told.iri(UTS + "reportedIn")) if told else None,
    )


def statements_of(entities: Entities, name: str, *properties: str) -> EntityList[Statement]:
    """Return the statements that have the IRI `name` as value of one of `properties`, newest first."""
    found = entities.index.linking_to(name, *properties, kind="statement")
    return EntityList(found, partial(statement, entities))


def newest_first(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return `statements` with the latest source first, and those of one source in reading order."""
    in_order = sorted(statements, key=lambda each: (each.source.iri if each.source else "", each.position))
    return tuple(sorted(in_order, key=lambda each: each.dated.key, reverse=True))


def _offices_then(
    entities: Entities, speaker: str | None, source: str | None, behalf: tuple[str, ...]
) -> tuple[Office, ...]:
    """Return the offices of `speaker` that `source` gives, those in the organisation spoken for if any."""
    if speaker is None:
        return ()
    given = [
        office
        for office in _offices(entities, speaker, source)
        if office.source and office.source.iri == source
    ]
    own = [office for office in given if office.organisation and office.organisation.iri in behalf]
    return tuple(own or given)


def _offices(entities: Entities, speaker: str, source: str | None) -> tuple[Office, ...]:
    """Return the offices of `speaker`, or of one who has many of them those that `source` gives."""
    known = len(entities.node(iri(speaker)).terms(ORG + "hasMembership"))
    if source is None or 0 < known <= _FEW_OFFICES:
        return entities.offices(speaker)
    held = entities.index.linking_to(speaker, ORG + "member")
    given = held & entities.index.linking_to(source, DCTERMS + "source") if held else held
    found = (entities.office(membership) for membership in given.page(0, _FEW_OFFICES))
    return tuple(office for office in found if office)
