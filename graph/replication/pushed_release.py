"""The release that an endpoint holds by a push: if it is kept here too, its index serves for the endpoint."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from graph.backends.remote import RemoteEndpoint
from graph.core.settings import Settings
from graph.index import INDEX_FILE, SqliteIndex
from graph.release.release import FORM, Release
from graph.release.releases import Releases
from graph.replication.graph_counts import count_default, count_graphs
from graph.replication.push_marker import MARKER, PushMarker
from graph.replication.store_probe import DEFAULT, NONE

_SECONDS = 300.0  # that a count may take, if the settings say no more


@dataclass(frozen=True)
class Holding:
    """What an endpoint holds: the marker of a push, and the release if it is kept here and all is there.

    `note` is for the operator, and `is_counted` says whether the triples were. A pending push means that no
    answer would be whole.
    """

    marker: PushMarker | None = None
    release: Release | None = None
    note: str = ""
    is_counted: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether a push is under way, or was interrupted."""
        return self.marker is not None and not self.marker.is_whole

    def url_of(self, endpoint: str) -> str:
        """Return the URL of the `endpoint` that asks the union of all graphs, unless it names others."""
        if not self.release or not self.marker or self.marker.union in {DEFAULT, NONE}:
            return endpoint
        query = urlsplit(endpoint).query
        if "default-graph-uri=" in query:
            return endpoint
        return f"{endpoint}{'&' if query else '?'}{urlencode({'default-graph-uri': self.marker.union})}"


def read_holding(url: str, releases: Releases, settings: Settings, before: Holding | None = None) -> Holding:
    """Return what the endpoint at `url` holds; the triples are counted unless the marker is as `before`.

    Raise the errors of requests.
    """
    patient = replace(settings, seconds=max(settings.seconds, _SECONDS))
    endpoint = RemoteEndpoint(url, patient)
    try:
        marker = PushMarker.read(endpoint)
        if before and before.marker == marker and (before.is_counted or before.is_pending):
            return before
        return _compare(marker, url, releases, patient) if marker else Holding()
    finally:
        endpoint.close()


def open_index(release: Release) -> SqliteIndex:
    """Return the order, links and facets of the entities of `release`, opened once."""
    return _open_index(release.path / INDEX_FILE)


@lru_cache(2)
def _open_index(path: Path) -> SqliteIndex:
    return SqliteIndex.open(path)


def _compare(marker: PushMarker, url: str, releases: Releases, settings: Settings) -> Holding:
    """Return what the endpoint holds by its `marker`, and whether the release is here and all is there."""
    name = marker.release
    if not marker.is_whole:
        return Holding(marker, note=f"push: the release {name} is being loaded; nothing is answered before")
    release = releases.find(name)
    if release is None or release.form != FORM:
        note = f"index: not used, since the release {name}, which the endpoint holds, is not kept here"
        return Holding(marker, note=f"{note}; utsaga pull or utsaga build makes it")
    found = Holding(marker, release)
    count = _count(found.url_of(url), marker, settings)
    if count != marker.triples:
        note = (
            f"index: not used, since the endpoint has {count:,} triples, and the release {marker.triples:,}"
        )
        return Holding(marker, note=f"{note}; utsaga push loads it again", is_counted=True)
    note = f"index: that of the release {name}, which the endpoint holds, is in use"
    return replace(found, note=note, is_counted=True)


def _count(url: str, marker: PushMarker, settings: Settings) -> int:
    """Return how many triples of the release the default graph of the endpoint at `url` has."""
    endpoint = RemoteEndpoint(url, settings)
    try:
        count = count_default(endpoint)
        own = count_graphs(endpoint, [MARKER]).get(MARKER, 0) if marker.union == NONE else 0
        return count - own
    finally:
        endpoint.close()
