"""How far a push has come, in a small file for each endpoint, and which graphs pushes may have left there."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from graph.core.files import replace_text

_FOLDER: Final = "pushes"
_SECONDS: Final = 1.0  # between two writes: what is sent again after that is no harm


@dataclass(frozen=True)
class Position:
    """The release that is pushed, and how; the part that is sent, by its key, and how many lines have been.

    It is done when all parts have been sent and verified.
    """

    release: str
    union: str
    skolemises: bool
    key: str = ""
    lines: int = 0
    is_done: bool = False


class PushState:
    """The files about the graph store at one URL."""

    def __init__(self, home: Path, url: str) -> None:
        """Keep them in the folder of releases `home`."""
        name = self._name = sha256(url.encode()).hexdigest()[:16]
        self._folder = home / _FOLDER
        self._position, self._graphs = self._folder / f"{name}.json", self._folder / f"{name}.graphs"
        self.lock = self._folder / f".{name}.lock"
        self._url, self._written = url, 0.0
        self._folder.mkdir(parents=True, exist_ok=True)

    def read(self) -> Position | None:
        """Return how far the last push came; None if there was none."""
        try:
            found = json.loads(self._position.read_text(encoding="utf-8"))
            return Position(**{key: value for key, value in found.items() if key != "url"})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def write(self, position: Position, *, now: bool = True) -> None:
        """Replace the position; if not `now`, then only if the last time is a while ago."""
        if now or time.monotonic() - self._written >= _SECONDS:
            replace_text(self._position, json.dumps({"url": self._url, **asdict(position)}) + "\n")
            self._written = time.monotonic()

    def graphs(self) -> set[str]:
        """Return the names of all graphs that pushes may have left in the store."""
        if not self._graphs.exists():
            return set()
        return set(self._graphs.read_text(encoding="utf-8").splitlines())

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Yield a folder for the time of a push; delete it, and what killed pushes have left."""
        for left in self._folder.glob(f"{self._name}-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=f"{self._name}-") as folder:
            yield Path(folder)

    def set_graphs(self, names: Iterable[str]) -> None:
        """Replace the names of those graphs."""
        replace_text(self._graphs, "".join(f"{name}\n" for name in sorted(names)))
