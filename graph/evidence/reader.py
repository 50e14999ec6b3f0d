"""Reads the envelopes of statements, many at a time.

The nodes that they lead to are read by three queries for every 200 nodes: statements, what these name, and
what that names.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from graph.claims.source_texts import SourceOrigin, read_origin
from graph.claims.statements import Passage, Statement, read_statement
from graph.core.namespaces import DCTERMS, OA, ORG, UTS
from graph.core.terms import Term, iri
from graph.evidence.envelope import (
    Envelope,
    EnvelopePassage,
    EnvelopeSource,
    Named,
    Speaker,
    SpeakerKind,
    Translations,
)
from graph.read.entities import Entities, Ref, cached_by_iri

_OF_STATEMENT: Final = tuple(
    UTS + name
    for name in (
        *("evidence", "saidIn", "speaker", "speakerUnit", "onBehalfOf", "kind", "speechAct", "certainty"),
        *("about", "cites", "answers", "contrastsWith", "agreesWith", "keptOutOf", "carriedBy"),
    )
)
_OF_THOSE: Final = (
    OA + "hasSelector",
    DCTERMS + "publisher",
    UTS + "reportedIn",
    ORG + "hasMembership",
)


def read_envelopes(entities: Entities, statements: Iterable[str]) -> tuple[Envelope, ...]:
    """Return the envelopes of the `statements`, IRIs, in their order."""
    names = tuple(statements)
    entities.preload(names)
    linked = _values(entities, names, _OF_STATEMENT)
    entities.preload(linked)
    entities.preload(_values(entities, linked, _OF_THOSE))
    return tuple(read_envelope(entities, name) for name in names)


@cached_by_iri
def read_envelope(entities: Entities, name: str) -> Envelope:
    """Return the envelope of the statement with the IRI `name`."""
    statement = read_statement(entities, name)
    return Envelope(
        statement=name,
        text=_by_language(statement.texts),
        kind=_optional(statement.kind),
        speaker=_speaker(statement),
        speakerKind=_speaker_kind(statement),
        onBehalfOf=tuple(map(named, statement.on_behalf_of)),
        speechAct=_optional(statement.speech_act),
        certainty=_optional(statement.certainty),
        source=_source(read_origin(entities, statement.source.iri)) if statement.source else None,
        passages=tuple(map(_passage, statement.passages)),
        read=bool(statement.passages) and statement.reported_in is None,
    )


def _values(entities: Entities, names: Sequence[str], properties: tuple[str, ...]) -> tuple[str, ...]:
    """Return the IRIs that the nodes `names` have as values of `properties`, each once."""
    found = (value for name in names for value in entities.node(iri(name)).iris(*properties))
    return tuple(dict.fromkeys(found))


def _speaker(statement: Statement) -> Speaker | None:
    ref = statement.speaker or statement.unit
    if ref is None:
        return None
    titles = [_by_language(office.titles) for office in statement.offices]
    languages = dict.fromkeys(language for each in titles for language in each)
    role = {tag: ", ".join(each[tag] for each in titles if tag in each) for tag in languages}
    return Speaker(ref.iri, _by_language(ref.labels), role)


def _speaker_kind(statement: Statement) -> SpeakerKind:
    if statement.speaker_removed and not (statement.speaker or statement.unit):
        return "removed"
    return "person" if statement.speaker else "group" if statement.unit else "source"


def _source(origin: SourceOrigin) -> EnvelopeSource:
    date = origin.date
    return EnvelopeSource(
        iri=origin.source.iri,
        title=_by_language(origin.source.labels),
        publisher=tuple(map(named, origin.publishers)),
        url=next(iter(origin.addresses), None),
        issued=literal_value(date.on),
        issuedNotBefore=literal_value(date.not_before),
        issuedNotAfter=literal_value(date.not_after),
        reportedIn=_optional(origin.reported_in),
    )


def _passage(passage: Passage) -> EnvelopePassage:
    return EnvelopePassage(
        iri=passage.iri,
        source=passage.source.iri if passage.source else None,
        paragraph=passage.paragraph,
        start=passage.start,
        end=passage.end,
        digest=passage.digest,
    )


def _optional(ref: Ref | None) -> Named | None:
    return named(ref) if ref else None


def named(ref: Ref) -> Named:
    """Return the IRI and the names of an entity."""
    return Named(ref.iri, _by_language(ref.labels))


def _by_language(texts: Iterable[Term]) -> Translations:
    """Return the text in each language: the first in alphabetical order; "und" is for none."""
    found: Translations = {}
    for each in texts:
        found.setdefault(each.language or "und", each.value)
    return found


def literal_value(term: Term | None) -> str | None:
    """Return the text of a literal, or None for none."""
    return term.value if term else None
