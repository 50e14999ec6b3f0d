"""The index of an endpoint: the tables and the text index of a release, made from the endpoint's data.

Each build has a directory of its own, and the link `current` names the one to use, so that a server goes on
with the one it has opened while another is built.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from pyoxigraph import Store

from graph import index
from graph.backends.data_identity import DataIdentity, identify
from graph.backends.endpoint_reader import read_triples
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import NotFound, Unavailable
from graph.core.files import remove_unfinished, replace_link
from graph.core.locks import exclusive_lock
from graph.core.settings import Settings
from graph.index import INDEX_FILE, SqliteIndex
from graph.release.release import FORM
from graph.search import writer
from graph.search.text_index import TextIndex

_FORM: Final = [1, FORM]  # of the description, and of what is made of the data
_CURRENT: Final = "current"
_DESCRIPTION: Final = "index.json"
_SECONDS: Final = 300.0  # that one query of a build or a check may take, if the settings say no more
_TEMPORARY: Final = ".building-"  # before a random name
_KEPT: Final = 2  # builds, the newest ones


@dataclass(frozen=True)
class EndpointIndex:
    """One build on disk, with the identity of the data that it was made of."""

    path: Path
    created: str
    triples: int
    identity: DataIdentity

    @staticmethod
    def locate(home: Path) -> Path:
        """Return the directory of the newest build in `home`, which need not exist."""
        return (home / _CURRENT).resolve()

    @classmethod
    def open(cls, home: Path) -> Self:
        """Return the newest build in `home`; raise NotFound if there is none that this version can read."""
        path = cls.locate(home)
        try:
            found = json.loads((path / _DESCRIPTION).read_text())
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or found.get("form") != _FORM:
            raise NotFound(
                "The index was made by another version of this program"
                if found
                else "There is no index here",
                where=str(home),
                rule="index of an endpoint",
                remedy=f"run utsaga index --endpoint URL --out {home}",
            )
        identity = DataIdentity(**found["identity"])
        return cls(path, found["created"], found["triples"], identity)

    @cached_property
    def tables(self) -> SqliteIndex:
        """The order, links and facets of the entities."""
        return SqliteIndex.open(self.path / INDEX_FILE)

    @cached_property
    def text_index(self) -> TextIndex | None:
        """The text index; raise Unavailable if it is broken."""
        return TextIndex.open_beside(self.path / "store")

    def check(self, url: str, settings: Settings) -> None:
        """Check that the endpoint at `url` holds the data that the index was made from.

        Raise Unavailable if it holds other data, and the error of the request if it does not answer.
        """
        endpoint = _open_endpoint(url, settings)
        try:
            now = identify(endpoint, (self.identity.method,))
        finally:
            endpoint.close()
        if now != self.identity:
            raise Unavailable(
                f"The index was made of other data than the endpoint holds: of {self.identity.triples:,} "
                f"triples without blank nodes, where there are {now.triples:,} now",
                where=str(self.path.parent),
                rule="identity of the data",
                remedy="run utsaga index again",
            )


def build_index(
    url: str, home: Path, settings: Settings, progress: Callable[[int, int], None] = lambda read, total: None
) -> EndpointIndex:
    """Make the index of the default graph of the endpoint at `url`, in the directory `home`, and return it.

    `progress` is called with the number of triples read and the total. Raise Unavailable if the endpoint does
    not answer, does not return all triples, or changes during the build, and if another build is under way.
    """
    home.mkdir(parents=True, exist_ok=True)
    busy = Unavailable(
        "another index is being made here", where=str(home), rule="one build at a time", remedy="try again"
    )
    with exclusive_lock(home / ".lock", busy):
        _delete_left(home)
        with tempfile.TemporaryDirectory(dir=home, prefix=_TEMPORARY) as folder:
            return _adopt(home, _build(url, Path(folder), settings, progress))


def _delete_left(home: Path) -> None:
    """Delete what a build that was killed has left."""
    for left in home.glob(f"{_TEMPORARY}*"):
        if left.is_dir():
            shutil.rmtree(left)
    remove_unfinished(home)


def _build(url: str, folder: Path, settings: Settings, progress: Callable[[int, int], None]) -> EndpointIndex:
    endpoint = _open_endpoint(url, settings)
    try:
        identity = identify(endpoint)
        triples = _write(folder, endpoint, progress)
        if identify(endpoint, (identity.method,)) != identity:
            raise Unavailable(
                "The endpoint's data changed while they were read",
                where="endpoint",
                rule="identity of the data",
                remedy="try again while nothing is written to it",
            )
    finally:
        endpoint.close()
    return EndpointIndex(folder / "made", datetime.now(UTC).isoformat(timespec="seconds"), triples, identity)


def _write(folder: Path, endpoint: RemoteEndpoint, progress: Callable[[int, int], None]) -> int:
    """Write the tables and the text index into the directory `made`; return the number of triples."""
    made, place = folder / "made", folder / "store"
    made.mkdir()
    store = Store(str(place))
    store.bulk_extend(read_triples(endpoint, progress=progress))
    store.flush()
    index.write_index(made / INDEX_FILE, store)
    count = len(store)
    del store  # it holds the lock of its directory
    kinds = SqliteIndex.open(made / INDEX_FILE).kinds
    writer.write_text_index(made / writer.INDEX_FOLDER, place, kinds)
    return count


def _adopt(home: Path, built: EndpointIndex) -> EndpointIndex:
    """Move a build to the others, make it the current one, and delete all but the newest."""
    path = home / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")  # in the order of time
    description = {key: value for key, value in asdict(built).items() if key != "path"}
    text = json.dumps({"form": _FORM, **description}, indent=2)
    (built.path / _DESCRIPTION).write_text(f"{text}\n")
    built.path.rename(path)
    replace_link(home / _CURRENT, path.name)
    others = sorted(each.parent for each in home.glob(f"*/{_DESCRIPTION}") if not each.parent.is_symlink())
    others.remove(path)  # which is not the last in the order of names after the clock was set back
    for old in others[: 1 - _KEPT]:
        shutil.rmtree(old)
    return replace(built, path=path)


def _open_endpoint(url: str, settings: Settings) -> RemoteEndpoint:
    """Return the endpoint at `url`, with a time limit that a build needs."""
    return RemoteEndpoint(url, replace(settings, seconds=max(settings.seconds, _SECONDS)))
