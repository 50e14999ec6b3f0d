"""The share of a source's text that is covered by passages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import OA, UTS
from graph.core.terms import iri
from graph.read.entities import Entities

TextSpan = tuple[int, int]
_MAX_PASSAGES: Final = 5000
_PASSAGES: Final = f"""
PREFIX oa: <{OA}>
SELECT ?source ?passage ?start ?end WHERE {{
  ?passage oa:hasSource ?source ; oa:hasSelector ?selector .
  ?selector oa:start ?start ; oa:end ?end .
}} LIMIT {_MAX_PASSAGES}"""


@dataclass(frozen=True)
class Coverage:
    """The spans of a text of `length` characters that are evidence, in reading order, without overlap."""

    length: int
    passages: int
    spans: tuple[TextSpan, ...]

    @property
    def covered(self) -> int:
        """How many characters are evidence."""
        return sum(end - start for start, end in self.spans)

    @property
    def percent(self) -> int:
        """How many hundredths of the text are evidence."""
        return round(100 * self.covered / self.length)


def read_coverage(entities: Entities, source: str) -> Coverage | None:
    """Return the coverage of the source with the IRI `source`, or None if its length is unknown."""
    length = entities.node(iri(source)).integer(UTS + "textLength")
    rows = entities.select(_PASSAGES, source=iri(source)) if length else []
    offsets = [(row["start"].value, row["end"].value) for row in rows]
    spans = [(int(start), int(end)) for start, end in offsets if _is_offset(start) and _is_offset(end)]
    clipped = [(start, min(end, length or 0)) for start, end in spans if start < min(end, length or 0)]
    return Coverage(length, len(rows), merge_spans(clipped)) if length and clipped else None


def _is_offset(value: str) -> bool:
    """Return whether `value` is a decimal number of fewer than 10 digits."""
    return value.isdecimal() and len(value) < 10


def merge_spans(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """Return `spans` in order, adjacent and overlapping ones merged."""
    found: list[TextSpan] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)
