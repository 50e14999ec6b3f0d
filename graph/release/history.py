"""The history of the kept releases: the content of each, and its difference from the one before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.core.errors import NotFound
from graph.core.files import list_folder
from graph.index import SqliteIndex
from graph.release import change_log, dumps
from graph.release.dumps import Dump
from graph.release.release import Manifest, Release
from graph.release.releases import Releases

_ID: Final = re.compile(r"[0-9a-f]{12}")
_CACHED: Final = 64  # releases and pairs of them, which never change


@dataclass(frozen=True)
class Difference:
    """The IRIs of the statements that a release added, changed or removed."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """A kept release, its content, and its difference from the one before, if that is kept too."""

    manifest: Manifest
    before: Manifest | None
    since: Difference | None
    statuses: Mapping[str, int]  # how many adoptions by status, if it has tables
    dumps: tuple[Dump, ...]

    @property
    def graphs(self) -> tuple[tuple[str, int, int], ...]:
        """The graphs of another size than in the release before: the IRI, its triples before and here."""
        old, new = self.before.graphs if self.before else {}, self.manifest.graphs
        pairs = ((name, old.get(name, 0), new.get(name, 0)) for name in sorted(old.keys() | new.keys()))
        return tuple(pair for pair in pairs if self.before and pair[1] != pair[2])


class History:
    """The releases in one folder; differences are computed from the files beside each, and cached."""

    def __init__(self, releases: Releases) -> None:
        """Read `releases`."""
        self.releases = releases
        self._difference = lru_cache(_CACHED)(self._compare)
        self._statuses = lru_cache(_CACHED)(self._count)

    def manifests(self) -> list[Manifest]:
        """Return the manifests of the releases that are kept, newest first."""
        return [release.manifest for release in reversed(self.releases.all())]

    def edition(self, name: str) -> Edition:
        """Return the release with the id `name`; raise NotFound unless it is kept."""
        release = self.release(name)
        earlier = [each for each in self.releases.all() if each.manifest.created < release.manifest.created]
        before = earlier[-1] if earlier else None
        return Edition(
            release.manifest,
            before.manifest if before else None,
            self._difference(before.manifest.id, release.manifest.id) if before else None,
            self._statuses(release.manifest.id),
            tuple(dumps.listed(release.path)),
        )

    def release(self, name: str) -> Release:
        """Return the release with the id `name`, all of it; raise NotFound unless it is kept."""
        found = self.releases.find(name) if _ID.fullmatch(name) else None
        if found is None:
            raise NotFound(
                f"No release “{name[:40]}” is kept here",
                where="release",
                rule="release id",
                remedy="choose one of /releases",
            )
        return found

    def _compare(self, before: str, after: str) -> Difference:
        old, new = (change_log.read(self.release(name)) for name in (before, after))
        return Difference(
            tuple(sorted(new.keys() - old.keys())),
            tuple(sorted(name for name in new.keys() & old.keys() if new[name].digest != old[name].digest)),
            tuple(sorted(old.keys() - new.keys())),
        )

    def _count(self, name: str) -> Mapping[str, int]:
        """Return how many adoptions have which status, from the tables of a release, of whichever layout."""
        files = list_folder(self.release(name).path, "tables-*.sqlite")
        if not files:
            return {}
        tables = SqliteIndex.open(files[-1])
        try:
            counted = tables.facet_counts("adoption", ("status",), tables.of_kind("adoption"))["status"]
        finally:
            tables.close()
        return {each.value.value: each.count for each in counted}
