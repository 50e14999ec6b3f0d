"""Where a source was published, how long its text is, and the passages of it in reading order."""

from dataclasses import dataclass
from typing import Final

from graph.claims.statements import ApproximateDate, Passage, publication_date, read_passage
from graph.core.namespaces import DCTERMS, OA, SCHEMA, UTS
from graph.core.terms import iri
from graph.index.protocol import EntityList
from graph.read.entities import Entities, Ref, cached_by_iri

MAX_PASSAGES: Final = 1000  # read of one source at once
_PARTS: Final = ("start", "early", "middle", "late", "end")  # fifths of a text


@dataclass(frozen=True)
class SourceOrigin:
    """A source with its publishers, its date and the web addresses it is published at."""

    source: Ref
    publishers: tuple[Ref, ...]
    date: ApproximateDate
    addresses: tuple[str, ...]
    reported_in: Ref | None  # the register that reports the source, if its text was not read as a whole


@dataclass(frozen=True)
class PassagePlace:
    """The place of a passage among the paragraphs and characters of its source's text.

    `paragraphs` is the number of the last paragraph that has a passage; the text may have more of them
    unless `is_last_known`. `share` is how far into the text the middle of the passage is, from 0 to 1, or
    None if the length of the text is unknown.
    """

    paragraph: int | None
    paragraphs: int
    is_last_known: bool
    share: float | None

    @property
    def part(self) -> str:
        """The part of the text that the passage is in: start, early, middle, late or end; "" if unknown."""
        return "" if self.share is None else _PARTS[min(int(self.share * len(_PARTS)), len(_PARTS) - 1)]


@cached_by_iri
def read_origin(entities: Entities, name: str) -> SourceOrigin:
    """Return where and when the source with the IRI `name` was published."""
    node = entities.node(iri(name))
    return SourceOrigin(
        source=entities.ref(name),
        publishers=entities.refs(node.iris(DCTERMS + "publisher")),
        date=publication_date(node),
        addresses=node.iris(SCHEMA + "url"),
        reported_in=entities.optional_ref(node.iri(UTS + "reportedIn")),
    )


def text_digest(entities: Entities, name: str) -> str:
    """Return the SHA-256 of the text of the source with the IRI `name`, or an empty string if unknown."""
    digest = entities.node(iri(name)).literal(UTS + "textDigest")
    return digest.value if digest else ""


def passages_of(entities: Entities, source: str) -> tuple[Passage, ...]:
    """Return the passages of `source` that have a position, in reading order, at most MAX_PASSAGES."""
    names = entities.index.linking_to(source, OA + "hasSource", kind="passage")
    found = EntityList(names, lambda name: read_passage(entities, name))[:MAX_PASSAGES]
    placed = (each for each in found if each.start is not None and each.end is not None)
    return tuple(sorted(placed, key=lambda each: (each.start or 0, each.end or 0)))


def place_of(entities: Entities, passage: Passage) -> PassagePlace:
    """Return the place of `passage` in the text of its source."""
    source = passage.source.iri if passage.source else ""
    length = entities.node(iri(source)).integer(UTS + "textLength") if source else None
    others = passages_of(entities, source) if source else ()
    last_end = max((each.end or 0 for each in others), default=0)
    is_placed = passage.start is not None and passage.end is not None
    return PassagePlace(
        paragraph=passage.paragraph,
        paragraphs=max((each.paragraph or 0 for each in others), default=0),
        is_last_known=bool(length) and last_end >= (length or 0) - 1,  # a final line break may follow
        share=min(((passage.start or 0) + (passage.end or 0)) / 2 / length, 1.0)
        if length and is_placed
        else None,
    )
