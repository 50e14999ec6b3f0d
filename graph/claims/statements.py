"""Statements with their speaker, office, source and passages."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.core.namespaces import DCTERMS, OA, ORG, UTS
from graph.core.terms import Term, iri
from graph.index.protocol import EntityList
from graph.read.entities import Entities, Node, Office, Ref, cached_by_iri

STATEMENT_CLASS: Final = UTS + "Statement"
_MAX_OFFICES: Final = 20  # of one person, read one by one
_SHOWN_RELATIONS = ("about", "cites", "answers", "contrastsWith", "agreesWith", "keptOutOf", "carriedBy")


@dataclass(frozen=True)
class Passage:
    """A passage of a source's text: its position in characters, and the digest of its text."""

    iri: str
    source: Ref | None
    paragraph: int | None
    start: int | None
    end: int | None
    digest: str


@dataclass(frozen=True)
class ApproximateDate:
    """A date of any precision, or the bounds that it lies between; all None if nothing is known."""

    on: Term | None = None
    not_before: Term | None = None
    not_after: Term | None = None

    @property
    def sort_key(self) -> str:
        """The sort key: the date, else the latest or the earliest possible one, else ""."""
        known = self.on or self.not_after or self.not_before
        return known.value if known else ""


@dataclass(frozen=True)
class Statement:
    """A paraphrased statement with its speaker, the organisations it is made for, its subjects and evidence.

    Speaker and unit are both absent if the source itself makes the statement, and if the speaker's name was
    removed on request: `speaker_removed` has the day then. If the source's text is not
    available there are no passages, and `reported_in` is the register that reports the source.
    """

    iri: str
    texts: tuple[Term, ...]
    kind: Ref | None
    speaker: Ref | None
    unit: Ref | None
    offices: tuple[Office, ...]
    on_behalf_of: tuple[Ref, ...]
    source: Ref | None
    date: ApproximateDate
    passages: tuple[Passage, ...]
    relations: dict[str, tuple[Ref, ...]]
    reported_in: Ref | None = None
    speech_act: Ref | None = None
    certainty: Ref | None = None  # None if the source's words do not limit the claim
    publishers: tuple[Ref, ...] = ()  # of the source
    speaker_removed: Term | None = None

    @property
    def position(self) -> tuple[int, str]:
        """The sort key of the statement in its source: the offset of its first passage, then its IRI."""
        starts = [passage.start for passage in self.passages if passage.start is not None]
        return min(starts, default=0), self.iri


@cached_by_iri
def read_passage(entities: Entities, name: str) -> Passage:
    """Return the passage with the IRI `name`."""
    node = entities.node(iri(name))
    selector = next(iter(node.terms(OA + "hasSelector")), None)
    position = node if selector is None else entities.node(selector)
    digest = node.literal(UTS + "digest")
    return Passage(
        iri=name,
        source=entities.optional_ref(node.iri(OA + "hasSource")),
        paragraph=node.integer(UTS + "paragraph"),
        start=position.integer(OA + "start"),
        end=position.integer(OA + "end"),
        digest=digest.value if digest else "",
    )


def publication_date(node: Node) -> ApproximateDate:
    """Return the date of publication of the source `node`."""
    return ApproximateDate(
        node.literal(DCTERMS + "issued"),
        node.literal(UTS + "issuedNotBefore"),
        node.literal(UTS + "issuedNotAfter"),
    )


@cached_by_iri
def read_statement(entities: Entities, name: str) -> Statement:
    """Return the statement with the IRI `name`."""
    node = entities.node(iri(name))
    speaker, source = node.iri(UTS + "speaker"), node.iri(UTS + "saidIn")
    behalf = node.iris(UTS + "onBehalfOf")
    source_node = entities.node(iri(source)) if source else None
    return Statement(
        iri=name,
        texts=node.literals(UTS + "text"),
        kind=entities.optional_ref(node.iri(UTS + "kind")),
        speaker=entities.optional_ref(speaker),
        unit=entities.optional_ref(node.iri(UTS + "speakerUnit")),
        offices=_offices_in_source(entities, speaker, source, behalf),
        on_behalf_of=entities.refs(behalf),
        source=entities.optional_ref(source),
        date=publication_date(source_node) if source_node else ApproximateDate(),
        passages=tuple(read_passage(entities, evidence) for evidence in node.iris(UTS + "evidence")),
        relations={name: entities.refs(node.iris(UTS + name)) for name in _SHOWN_RELATIONS},
        reported_in=entities.optional_ref(source_node.iri(UTS + "reportedIn")) if source_node else None,
        speech_act=entities.optional_ref(node.iri(UTS + "speechAct")),
        certainty=entities.optional_ref(node.iri(UTS + "certainty")),
        publishers=entities.refs(source_node.iris(DCTERMS + "publisher")) if source_node else (),
        speaker_removed=node.literal(UTS + "speakerRemoved"),
    )


def statements_of(entities: Entities, name: str, *properties: str) -> EntityList[Statement]:
    """Return the statements that have the IRI `name` as value of one of `properties`, newest first."""
    found = entities.index.linking_to(name, *properties, kind="statement")
    return EntityList(found, partial(read_statement, entities))


def sort_newest_first(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return `statements` by date, the newest first, and those of one source in reading order."""
    in_order = sorted(statements, key=lambda each: (each.source.iri if each.source else "", each.position))
    return tuple(sorted(in_order, key=lambda each: each.date.sort_key, reverse=True))


def _offices_in_source(
    entities: Entities, speaker: str | None, source: str | None, behalf: tuple[str, ...]
) -> tuple[Office, ...]:
    """Return the offices of `speaker` according to `source`, preferably in an organisation of `behalf`."""
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
    """Return the offices of `speaker`, only those according to `source` if there are many."""
    count = len(entities.node(iri(speaker)).terms(ORG + "hasMembership"))
    if source is None or 0 < count <= _MAX_OFFICES:
        return entities.offices(speaker)
    held = entities.index.linking_to(speaker, ORG + "member")
    given = held & entities.index.linking_to(source, DCTERMS + "source") if held else held
    found = (entities.office(membership) for membership in given.page(0, _MAX_OFFICES))
    return tuple(office for office in found if office)
