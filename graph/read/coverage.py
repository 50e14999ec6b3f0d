"""How much of a source's text is evidence of something: the share that its passages cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import OA, UTS
from graph.core.terms import iri
from graph.read.entities import Entities

Span = tuple[int, int]
_MOST: Final = 5000
_PASSAGES: Final = f"""
PREFIX oa: <{OA}>
SELECT ?source ?passage ?start ?end WHERE {{
  ?passage oa:hasSource ?source ; oa:hasSelector ?selector .
  ?selector oa:start ?start ; oa:end ?end .
}} LIMIT {_MOST}"""


@dataclass(frozen=True)
class Coverage:
    """The parts of a text of `length` characters that are evidence, in reading order and apart."""

    length: int
    passages: int
    spans: tuple[Span, ...]

    @property
    def covered(self) -> int:
        """How many characters are evidence."""
        return sum(end - start for start, end in self.spans)

    @property
    def percent(self) -> int:
        """How many hundredths of the text are evidence."""
        return round(100 * self.covered / self.length)


def coverage(entities: Entities, source: str) -> Coverage | None:
    """Return the coverage of the source with the IRI `source`, or None if its length is not known."""
    length = entities.node(iri(source)).integer(UTS + "textLength")
    rows = entities.select(_PASSAGES, source=iri(source)) if length else []
    ends = [(row["start"].value, row["end"].value) for row in rows]
    spans = [(int(start), int(end)) for start, end in ends if _counts(start) and _counts(end)]
    inside = [(start, min(end, length or 0)) for start, end in spans if start < min(end, length or 0)]
    return Coverage(length, len(rows), merged(inside)) if length and inside else None


def _counts(value: str) -> bool:
    """Tell whether `value` is a number that a text can be long."""
    return value.isdecimal() and len(value) < 10


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return `spans` in order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)
