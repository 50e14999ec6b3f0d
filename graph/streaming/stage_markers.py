"""Which stages of a build are done, so that a build that was interrupted goes on where it stopped.

A stage has a key, the digest of all that it depends on. Its marker is written when its files are complete.
With another key, or without a marker, it is done again.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from graph.core.files import replace_text

FOLDER: Final = ".stages"


class StageMarkers:
    """The markers in the folder of a build."""

    def __init__(self, place: Path) -> None:
        """Keep markers in the folder `place`."""
        self._folder = place / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)

    def result(self, stage: str, key: str) -> Any:
        """Return what `stage` gave when it was done with `key`; None if it is not done."""
        try:
            found = json.loads((self._folder / f"{stage}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found["result"] if found.get("key") == key else None

    def finish(self, stage: str, key: str, result: Any = True) -> None:
        """Note that `stage` is done with `key` and gave `result`, which JSON can hold and is not None."""
        replace_text(self._folder / f"{stage}.json", json.dumps({"key": key, "result": result}))

    def forget(self, *stages: str) -> None:
        """Have `stages` done again."""
        for stage in stages:
            (self._folder / f"{stage}.json").unlink(missing_ok=True)


def key_of(*parts: object) -> str:
    """Return the key of what depends on `parts`, which must print as what they are."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
