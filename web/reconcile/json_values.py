"""Readers of the values in the JSON of a request.

Each raises BadInput, or TooLarge, that says where the request is wrong and what to write there.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from graph.core.errors import BadInput, TooLarge
from graph.matching.reconciliation_request import ConditionValue
from graph.search.analysis import exceeds_length

RULE: Final = "reconciliation"
MAX_VALUES: Final = 50
_MAX_TEXT_LENGTH: Final = 1000  # characters of a name, a value or an identifier, after Unicode normalisation

T = TypeVar("T")


def invalid(message: str, where: str, remedy: str = "") -> BadInput:
    """Return the error that a value at `where` is not what the API allows."""
    return BadInput(message, where=where, rule=RULE, remedy=remedy)


def parse_json(text: str, where: str) -> Any:
    """Return the JSON document in `text`."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise invalid(f"It is not JSON: {error}", where, "send a JSON document in UTF-8") from error


def _refuse_constant(written: str) -> None:
    raise ValueError(f"{written} is no number")


def read_object(given: Any, where: str) -> dict[str, Any]:
    """Return `given`, which has to be an object."""
    if not isinstance(given, dict):
        raise invalid("it is no JSON object", where, "write { … }")
    return given


def read_list(given: Any, where: str) -> list[Any]:
    """Return `given`, which has to be an array."""
    if not isinstance(given, list):
        raise invalid("it is no JSON array", where, "write [ … ]")
    return given


def check_members(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Check that an object has only the members that are `allowed`."""
    for name in sorted(set(given) - allowed):
        raise invalid(f"“{name[:40]}” is not known", where, f"use {', '.join(sorted(allowed))}")


def read_text(given: Any, where: str) -> str:
    """Return `given`, which has to be a text of some characters, without white space around it."""
    if (
        not isinstance(given, str)
        or not given.strip()
        or exceeds_length(given, _MAX_TEXT_LENGTH)
        or not _is_encodable(given)
    ):
        raise invalid(
            "it is no text that can be read",
            where,
            f"write 1 to {_MAX_TEXT_LENGTH} characters, counted in Unicode NFKC",
        )
    return given.strip()


def _is_encodable(text: str) -> bool:
    """Return whether `text` can be encoded as UTF-8: JSON allows single surrogates."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def one_of(given: Any, allowed: tuple[Any, ...], where: str) -> Any:
    """Return `given`, which has to be one of those `allowed`."""
    if given not in allowed:
        raise invalid(f"“{str(given)[:40]}” is not known", where, f"use one of {', '.join(allowed)}")
    return given


def whole_number(given: Any, least: int, where: str) -> int:
    """Return `given`, which has to be a whole number from `least`."""
    if not _is_number(given) or given != int(given) or given < least:
        raise invalid(f"“{str(given)[:20]}” is no limit", where, f"write a whole number from {least}")
    return int(given)


def _is_number(given: Any) -> bool:
    """Return whether `given` is a finite number; an integer may be too large for a float."""
    if isinstance(given, float):
        return math.isfinite(given)
    return isinstance(given, int) and not isinstance(given, bool)


def check_length(listed: list[T], most: int, where: str) -> list[T]:
    """Return `listed`, which may have `most` items."""
    if len(listed) > most:
        raise TooLarge(f"There are {len(listed)}", where=where, rule=RULE, remedy=f"give at most {most}")
    return listed


def read_each(given: Any, read: Callable[[Any], T]) -> list[T]:
    """Return the items of an array, or the one that is given instead, as `read`."""
    listed = given if isinstance(given, list) else [given]
    return [read(each) for each in check_length(listed, MAX_VALUES, "values")]


def read_values(given: Any, where: str) -> tuple[ConditionValue, ...]:
    """Return the values of a condition, of which there has to be one."""
    found = tuple(read_each(given, lambda each: _value(each, where)))
    if not found:
        raise invalid("there is no value", where, "give at least one")
    return found


def _value(given: Any, where: str) -> ConditionValue:
    if isinstance(given, dict):
        id_ = read_text(given.get("id"), f"{where}.id")
        return ConditionValue(read_text(given.get("name", id_), f"{where}.name"), id_)
    if isinstance(given, bool):
        return ConditionValue(str(given).lower())
    if _is_number(given):
        given = str(int(given)) if given == int(given) else str(given)
    return ConditionValue(read_text(given, where))
