"""The record of every release that was made in a directory, also of those that are no longer kept."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from filelock import FileLock

from graph.core.errors import Unavailable
from graph.core.files import replace_text

FILE: Final = "made.jsonl"  # one object a line: the id and when it was made


def record(home: Path, made: Iterable[tuple[str, str]]) -> None:
    """Add the releases `made`, each with its id and time, to the record in `home`, unless they are in it."""
    with FileLock(home / f".{FILE}.lock"):
        known = read(home)
        added = {name: when for name, when in made if name not in known}
        if added:
            both = known | added
            lines = (json.dumps({"id": name, "created": when}) + "\n" for name, when in both.items())
            replace_text(home / FILE, "".join(lines))


def read(home: Path) -> dict[str, str]:
    """Return when each release in the record of `home` was made, by id; nothing if there is no record.

    Raise Unavailable if the record is damaged.
    """
    path = home / FILE
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            entry = json.loads(line)
            found[entry["id"]] = entry["created"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable(
                f"the record of releases that were made is damaged: line {number} cannot be read",
                where=FILE,
                rule="record of releases",
                remedy="delete this line",
            ) from error
    return found
