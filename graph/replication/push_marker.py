"""What a push writes about itself into an engine: the release, whether all is there, and where its union is.

It is a graph of its own, so that a server of the endpoint knows what it serves.
"""

from dataclasses import dataclass
from typing import Final, Self

from graph.backends.remote import RemoteEndpoint
from graph.core.namespaces import DCAT, VOID
from graph.release.release import is_release_id

MARKER: Final = "urn:x-utsaga:push"
_STATE: Final = f"{MARKER}:state"
_UNION: Final = f"{MARKER}:union"
_WHOLE: Final = "whole"
_PENDING: Final = "pending"
_QUERY: Final = f"SELECT ?p ?o WHERE {{ GRAPH <{MARKER}> {{ <{MARKER}> ?p ?o }} }}"


@dataclass(frozen=True)
class PushMarker:
    """The release that an engine holds, by id; where the union is; its triples; whether all is there.

    `union` is a place as in `store_probe`.
    """

    release: str
    union: str
    triples: int
    is_whole: bool = False

    @classmethod
    def read(cls, endpoint: RemoteEndpoint) -> Self | None:
        """Return the marker of `endpoint`, or None if no push has written one; raise a request's error."""
        found = {row["p"].value: row["o"].value for row in endpoint.select(_QUERY) if len(row) == 2}
        release, triples = found.get(f"{DCAT}version", ""), found.get(f"{VOID}triples", "")
        if not is_release_id(release) or not triples.isdecimal():
            return None
        return cls(release, found.get(_UNION, ""), int(triples), found.get(_STATE) == _WHOLE)

    def body(self) -> bytes:
        """Return the marker as N-Triples."""
        values = [
            (f"{DCAT}version", f'"{self.release}"'),
            (f"{VOID}triples", f'"{self.triples}"'),
            (_STATE, f'"{_WHOLE if self.is_whole else _PENDING}"'),
            (_UNION, f'"{self.union}"'),
        ]
        return "".join(f"<{MARKER}> <{name}> {value} .\n" for name, value in values).encode()
