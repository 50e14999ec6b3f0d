"""The record of every release that was made in a directory, also of those that are no longer kept."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from filelock import FileLock

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
    """Return when each release in the record of `home` was made, by id; nothing if there is no record."""
    path = home / FILE
    if not path.exists():
        return {}
    entries = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {entry["id"]: entry["created"] for entry in entries}
