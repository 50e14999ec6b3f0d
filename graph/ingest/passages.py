"""Checks that a passage is in a text, by its position in code points and the SHA-256 of its normalised words.

Positions follow https://www.w3.org/TR/annotation-model/#text-position-selector
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from graph.core.errors import Fault
from graph.core.namespaces import OA, RDF, UTS


@dataclass(frozen=True)
class Passage:
    """A passage in the graph; `start` and `end` count code points, `end` exclusive."""

    iri: str
    start: int
    end: int
    digest: str
    paragraph: int | None = None


def stated(quads: Iterable[Quad]) -> list[Passage]:
    """Return the passages in `quads` in the order of the text; they have passed their shape."""
    values: dict[tuple[str, str], str] = {}
    passages: list[str] = []
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            values[subject.value, predicate] = value.value
            if (predicate, value.value) == (RDF + "type", UTS + "Passage"):
                passages.append(subject.value)
    return sorted((_passage(iri, values) for iri in passages), key=lambda one: (one.start, one.end))


def _passage(iri: str, values: dict[tuple[str, str], str]) -> Passage:
    position = values.get((iri, OA + "hasSelector"), "")
    return Passage(
        iri,
        int(values.get((position, OA + "start"), -1)),
        int(values.get((position, OA + "end"), -1)),
        values.get((iri, UTS + "digest"), ""),
        int(values[iri, UTS + "paragraph"]) if (iri, UTS + "paragraph") in values else None,
    )


def digest(words: str) -> str:
    """Return the lower-case hex SHA-256 of `words` after NFC, white space folded and ends trimmed."""
    folded = " ".join(unicodedata.normalize("NFC", words).split())
    return hashlib.sha256(folded.encode()).hexdigest()


def same_text(text: str, quads: Iterable[Quad]) -> bool:
    """Return whether `text` is exactly the text that the source in `quads` was read from."""
    actual = hashlib.sha256(text.encode()).hexdigest()
    stated_digests = {
        q.object.value
        for q in quads
        if q.predicate.value == UTS + "textDigest" and isinstance(q.object, Literal)
    }
    return stated_digests == {actual}


def paragraph(text: str, position: int) -> int:
    """Return the number, from 1, of the non-empty line of `text` in which `position` lies."""
    before = text[:position].split("\n")
    return sum(1 for line in before[:-1] if line.strip()) + 1


def faults(text: str, passages: Iterable[Passage], lines: dict[str, str]) -> list[Fault]:
    """Return a fault for every passage that `text` does not prove; `lines` maps its IRI to file:line."""
    found = []
    for passage in passages:
        problem = _problem(text, passage)
        if problem:
            message, rule, remedy = problem
            found.append(Fault(lines.get(passage.iri, passage.iri), message, rule, remedy))
    return found


def _problem(text: str, passage: Passage) -> tuple[str, str, str] | None:
    if not 0 <= passage.start < passage.end <= len(text):
        return (
            f"characters {passage.start}–{passage.end} lie outside the text, which has {len(text)}",
            "passage range",
            "give a start and an end within the text, end after start",
        )
    actual = digest(text[passage.start : passage.end])
    if actual != passage.digest:
        return (
            f"the digest of {passage.start}–{passage.end} is {actual[:12]}…, not {passage.digest[:12]}…",
            "passage digest",
            f"read the passage again; if the range is right, write {actual}",
        )
    number = paragraph(text, passage.start)
    if passage.paragraph is not None and passage.paragraph != number:
        return (
            f"the passage begins in paragraph {number}, not {passage.paragraph}",
            "passage paragraph",
            f"write paragraph: {number}",
        )
    return None
