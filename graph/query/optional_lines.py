"""The lines of a stored query that belong to one of its parameters, and are left out if that has no value.

    #~ with asof
    FILTER (BOUND(?asofLast) || NOT EXISTS { ?adoption uts:validUntil ?until })
    #~ without asof
    # FILTER NOT EXISTS { ?adoption uts:validUntil ?until }
    #~ end

The lines after `with` are in the query if the parameter has a value, those after `without` if it has none.
The latter are comments in the file, so that it runs as it stands.
"""

import re
from collections.abc import Collection

from graph.core.errors import BadInput

_MARK = re.compile(r"\s*#~ (?:(?P<word>with|without) (?P<parameter>\w+)|end)\s*\Z", re.ASCII)
_COMMENT = re.compile(r"^(\s*)# ?")
_PREFIXED_NAME = re.compile(r"(?<![\w-])[\w-]*+:", re.ASCII)
_PREFIX = re.compile(r"PREFIX\s+(?P<name>[\w-]*:)\s*<[^<>]*>\s*\Z", re.IGNORECASE | re.ASCII)


def select_lines(text: str, given: Collection[str], file: str = "the query") -> str:
    """Return the query `text` without marks, with the lines for the parameters that are `given`.

    Declarations of prefixes that are not used in it are left out too, if any line is. Raise BadInput, naming
    the `file`, for a mark that cannot be read, or a block without its end.
    """
    kept: list[str] = []
    word, is_wanted = "", True
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#~"):
            mark = _MARK.match(line)
            if mark is None or (mark["word"] == "with") == bool(word):
                raise _unreadable(file, number, f"“{line.strip()}” is no mark that may stand here")
            word = mark["word"] or ""
            is_wanted = not word or (mark["parameter"] in given) == (word == "with")
        elif is_wanted:
            kept.append(_COMMENT.sub(r"\1", line) if word == "without" else line)
    if word:
        raise _unreadable(file, len(text.splitlines()), f"the block “{word}” has no end")
    selected = "".join(f"{line}\n" for line in kept)
    return selected if len(kept) == len(text.splitlines()) else _without_unused_prefixes(selected)


def _without_unused_prefixes(text: str) -> str:
    lines = text.splitlines(keepends=True)
    used = {name for line in lines if not _PREFIX.match(line) for name in _PREFIXED_NAME.findall(line)}
    return "".join(line for line in lines if not (found := _PREFIX.match(line)) or found["name"] in used)


def _unreadable(file: str, line: int, message: str) -> BadInput:
    remedy = "write “#~ with name”, perhaps “#~ without name”, and “#~ end”, each on a line of its own"
    return BadInput(
        message, where=f"{file}, line {line} after the header", rule="optional lines", remedy=remedy
    )
