"""Finds statements whose speaker is named, by name or office, nowhere in the paragraphs of the passages."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from graph.core.errors import Fault
from graph.core.namespaces import ORG, RDFS, SCHEMA, UTS
from graph.ingest import passages
from graph.ingest.facts import Facts, where

_SPEAKER, _EVIDENCE, _NOTE = UTS + "speaker", UTS + "evidence", UTS + "speakerNote"


def warnings(text: str, source: Facts, known: Iterable[Facts]) -> list[Fault]:
    """Return a warning for every statement of `source` whose speaker no paragraph of its passages names.

    A paragraph is a line of `text`. Names and titles of the speakers are taken from the facts `known`. A
    statement with a note on its speaker, uts:speakerNote, has answered the warning.
    """
    words = {each.iri: _fold(_paragraphs(text, each)) for each in passages.stated(source.quads)}
    speakers = dict(_links(source.quads, _SPEAKER))
    answered = {quad.subject for quad in source.quads if quad.predicate.value == _NOTE}
    evidence: dict[NamedNode, list[str]] = {}
    for statement, passage in _links(source.quads, _EVIDENCE):
        evidence.setdefault(statement, []).append(words.get(passage.value, ""))
    names = _names([quad for one in known for quad in one.quads], set(speakers.values()))
    return [
        Fault(
            where(source.lines, statement.value, _SPEAKER),
            f"the paragraphs of the passages name neither {names[speaker][0]} nor the office",
            "speaker",
            "check who says it; if it is right, write in speakerNote where the text names the speaker",
        )
        for statement, speaker in speakers.items()
        if statement not in answered
        and statement in evidence
        and not any(_fold(name) in passage for name in names[speaker][1] for passage in evidence[statement])
    ]


def _names(quads: Sequence[Quad], people: set[NamedNode]) -> dict[NamedNode, tuple[str, set[str]]]:
    """Return by person the label, and what a text may call the person by: surname and titles."""
    labels = dict(_texts(quads, RDFS + "label"))
    titles: dict[NamedNode, set[str]] = {}
    for office, title in _texts(quads, SCHEMA + "roleName"):
        titles.setdefault(office, set()).add(title)
    found = {
        person: (labels.get(person, person.value), {labels.get(person, person.value).rpartition(" ")[2]})
        for person in people
    }
    for office, person in _links(quads, ORG + "member"):
        if person in found:
            found[person][1].update(titles.get(office, ()))
    return found


def _paragraphs(text: str, passage: passages.Passage) -> str:
    """Return the lines of `text` that `passage` lies in, whole."""
    start = text.rfind("\n", 0, passage.start) + 1
    end = text.find("\n", passage.end)
    return text[start:] if end < 0 else text[start:end]


def _links(quads: Iterable[Quad], predicate: str) -> Iterator[tuple[NamedNode, NamedNode]]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        wanted = quad.predicate.value == predicate
        if wanted and isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            yield subject, value


def _texts(quads: Iterable[Quad], predicate: str) -> Iterator[tuple[NamedNode, str]]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        wanted = quad.predicate.value == predicate
        if wanted and isinstance(subject, NamedNode) and isinstance(value, Literal):
            yield subject, value.value


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
