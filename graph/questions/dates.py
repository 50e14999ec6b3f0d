"""Dates in the words of a question: a day, a month or a year, in Swedish, English or ISO 8601."""

from collections.abc import Iterator, Sequence
from typing import Final

from graph.core import partial_dates
from graph.questions.tokens import Token

_MONTHS: Final = {
    name: number
    for names in (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


def read_dates(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, str]]:
    """Yield the longest date that begins at the word `at`: the position after it, and its ISO form."""
    words = [token.folded for token in tokens[at : at + 3]]
    for count in range(len(words), 0, -1):
        if found := _read(words[:count]):
            yield at + count, found
            return


def _read(words: Sequence[str]) -> str:
    """Return the date that all of `words` denote, or "" if they denote none."""
    match words:
        case [year]:
            parts = [year]
        case [month, year] if month in _MONTHS:
            parts = [year, f"{_MONTHS[month]:02}"]
        case [year, month]:
            parts = [year, month]
        case [day, month, year] if month in _MONTHS:
            parts = [year, f"{_MONTHS[month]:02}", day.zfill(2)]
        case [month, day, year] if month in _MONTHS:
            parts = [year, f"{_MONTHS[month]:02}", day.zfill(2)]
        case _:
            parts = list(words)
    try:
        found = partial_dates.validate("-".join(parts))
    except ValueError:
        return ""
    return found if _FIRST_YEAR <= int(found[:4]) <= _LAST_YEAR else ""
