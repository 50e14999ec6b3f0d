"""The envelope of a statement: what is said, whose words these are, and the passages that prove it.

Its members are those of `evidence.schema.json` and the context `evidence.jsonld` in `graph/parts/evidence`.
"""

from dataclasses import dataclass
from typing import Literal

Translations = dict[str, str]  # by language
SpeakerKind = Literal["person", "group", "source", "removed"]


@dataclass(frozen=True)
class Named:
    """An entity: its IRI and its names by language."""

    iri: str
    name: Translations


@dataclass(frozen=True)
class Speaker(Named):
    """A person or a group that says something, with the titles that the source gives, one after the other."""

    role: Translations


@dataclass(frozen=True)
class EnvelopeSource:
    """A source: its date as exactly as it is known, else the bounds of it."""

    iri: str
    title: Translations
    publisher: tuple[Named, ...]
    url: str | None
    issued: str | None
    issuedNotBefore: str | None  # noqa: N815 (the name in JSON)
    issuedNotAfter: str | None  # noqa: N815 (the name in JSON)
    reportedIn: Named | None  # noqa: N815 (the name in JSON)


@dataclass(frozen=True)
class EnvelopePassage:
    """A passage: the first character, the one after the last, and the SHA-256 of its text."""

    iri: str
    source: str | None
    paragraph: int | None
    start: int | None
    end: int | None
    digest: str


@dataclass(frozen=True)
class Envelope:
    """One statement with its evidence; `text` is our paraphrase, never a quotation."""

    statement: str
    text: Translations
    kind: Named | None
    speaker: Speaker | None
    speakerKind: SpeakerKind  # noqa: N815 (the name in JSON)
    onBehalfOf: tuple[Named, ...]  # noqa: N815 (the name in JSON)
    speechAct: Named | None  # noqa: N815 (the name in JSON)
    certainty: Named | None
    source: EnvelopeSource | None
    passages: tuple[EnvelopePassage, ...]
    read: bool
