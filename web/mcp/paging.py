"""Answers of a few kilobytes: as many parts as fit, and a cursor to the rest. Nothing is cut off silently."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.core.errors import BadInput

SIZE: Final = 4_096
LEAST_SIZE: Final = 2_048
MOST_SIZE: Final = 65_536
_CURSOR: Final = re.compile(r"(\d{1,9})\.([A-Za-z0-9]*)")
_ROOM: Final = 300  # bytes for the cursor, and for what is said of a part that does not fit by itself


@dataclass(frozen=True)
class Part:
    """A part of an answer: a value in the list called `member`."""

    member: str
    value: Any


@dataclass(frozen=True)
class Place:
    """Where an answer begins, and how many bytes it may have."""

    position: int
    size: int
    release: str | None

    @property
    def cursor(self) -> str:
        """The place as text, for the next call."""
        return f"{self.position}.{self.release or ''}"


def place_of(cursor: str, size: int, release: str | None) -> Place:
    """Return the place that `cursor` names; raise BadInput if it is none, or one of another release."""
    match = _CURSOR.fullmatch(cursor or f"0.{release or ''}")
    if match is None:
        raise BadInput(
            f"“{cursor[:40]}” is no cursor",
            where="cursor",
            rule="cursor",
            remedy="give the member `next` of the answer before, or leave it out to begin",
        )
    if match[2] != (release or ""):
        raise BadInput(
            f"The answer before was of release {match[2][:40]}; now it is {release}",
            where="cursor",
            rule="cursor",
            remedy="begin again without a cursor, or ask for that release by the argument release",
        )
    return Place(int(match[1]), size, release)


def answer_page(
    head: dict[str, Any], members: Iterable[str], parts: Iterable[Part], place: Place, *, whole: bool = True
) -> dict[str, Any]:
    """Return an answer with `head`, and of `parts`, which begin at `place`, as many as fit, by member.

    Its `complete` is true if nothing follows; else `next` is the cursor of the next part. `whole` is whether
    what follows the last part can be asked for at all. A part that is too large by itself is named in
    `omitted`, with the size to ask for.
    """
    answer: dict[str, Any] = {"release": place.release, "complete": whole, "next": None, **head}
    answer |= {member: [] for member in members}
    used, position = len(encode(answer)) + _ROOM, place.position
    for part in parts:
        needed = len(encode(part.value)) + 1
        if used + needed > place.size:
            if position == place.position:
                position += 1
                answer["omitted"] = _omission(part, place, used + needed)
            following = Place(position, place.size, place.release)
            return answer | {"complete": False, "next": following.cursor}
        answer[part.member].append(part.value)
        used += needed
        position += 1
    return answer


def encode(value: Any) -> bytes:
    """Return `value` as JSON in UTF-8 without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _omission(part: Part, place: Place, size: int) -> dict[str, Any]:
    if size > MOST_SIZE:
        remedy = "it is larger than an answer here may be: read it at the address of the document"
    else:
        remedy = f"call again with cursor={place.cursor} and size={size}"
    return {"member": part.member, "bytes": size, "remedy": remedy}
