"""Loads a release into another engine: its named graphs and their union, in pieces, verified by counts.

A graph of its own in the engine says that a push is under way, and at last that it is whole. A push
that was interrupted goes on at the piece where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Unavailable
from graph.core.locks import exclusive_lock
from graph.curation.retry import RetryPolicy
from graph.release.release import Release
from graph.release.releases import Releases
from graph.replication.graph_counts import count_default, count_graphs, differences
from graph.replication.graph_sender import GraphSender
from graph.replication.graph_store import GraphStore
from graph.replication.push_marker import MARKER, PushMarker
from graph.replication.push_state import Position, PushState
from graph.replication.release_parts import ReleaseParts
from graph.replication.release_sender import ReleaseSender
from graph.replication.request_window import RequestWindow
from graph.replication.store_probe import AUTO, DEFAULT, NONE, choose_union, takes_quads

_ALL_SENT: Final = "~~"  # the key of a position after all parts
_SHOWN: Final = 5
Report = Callable[[str, int, int, int], None]
"""Takes the name of a step, how many of how many quads are done, and how many again."""


@dataclass(frozen=True)
class PushOptions:
    """How a release is pushed: where its union goes, how large pieces are, and how many are sent at a time.

    If `skolemises`, blank nodes become IRIs; if `overwrites`, triples of others in the default graph are
    replaced; if `restarts`, what an interrupted push has sent is sent again.
    """

    union: str = AUTO
    piece_bytes: int = 4 << 20
    connections: int = 4
    skolemises: bool = False
    overwrites: bool = False
    restarts: bool = False


@dataclass(frozen=True)
class Pushed:
    """What a push did: where the union is, the quads and graphs that are there, and what had to be done."""

    release: Release
    union: str
    graphs: int
    quads: int
    sent: int
    deleted: int
    repaired: int


class Push:
    """One push of a release into an engine, by its SPARQL endpoint and its graph store."""

    def __init__(
        self,
        release: Release,
        endpoint: RemoteEndpoint,
        store: GraphStore,
        policy: RetryPolicy,
        report: Report,
    ) -> None:
        """Take what is pushed where, when requests are repeated, and what is called with the progress."""
        self._release, self._endpoint, self._store = release, endpoint, store
        self._policy, self._report = policy, report
        self._home = release.path.parent
        self._state = PushState(self._home, store.url)
        self._sent = 0

    def run(self, options: PushOptions) -> Pushed:
        """Push, verify, and return what was done.

        Raise the errors of GraphStore, those of requests to the endpoint, BadInput for data of others, and
        Unavailable if another push is under way or a graph does not get the triples that it has here.
        """
        busy = Unavailable(
            "another push into this engine is under way",
            where=self._store.url,
            rule="one push at a time",
            remedy="try again when it has ended",
        )
        with exclusive_lock(self._state.lock, busy), self._state.folder() as folder:
            return self._run(options, folder)

    def _run(self, options: PushOptions, folder: Path) -> Pushed:
        position = self._begin(options)
        union = position.union
        expected = self._expected(union)
        parts = ReleaseParts(
            self._release,
            folder,
            union,
            skolemises=options.skolemises,
            progress=self._report_sorted,
        )
        with RequestWindow(options.connections) as window:
            sender = GraphSender(self._store, self._policy, window, options.piece_bytes)
            if not position.is_done and position.key != _ALL_SENT:
                self._write_marker(union, is_whole=False)
                self._send_all(parts, sender, position)
                position = replace(position, key=_ALL_SENT, lines=0)
                self._state.write(position)
            deleted = self._delete_others(set(expected))
            repaired = self._verify(parts, sender, expected)
        self._write_marker(union, is_whole=True)
        self._state.write(replace(position, is_done=True))
        counts = len(self._release.manifest.graphs), sum(expected.values())
        return Pushed(self._release, union, *counts, self._sent, deleted, repaired)

    def _begin(self, options: PushOptions) -> Position:
        """Return where to go on: where a push of this release was interrupted, or at the beginning."""
        name, marker = self._release.manifest.id, PushMarker.read(self._endpoint)
        known = self._state.read()
        is_same = known and known.release == name and known.skolemises == options.skolemises
        is_wanted = known and options.union in {AUTO, known.union} and not options.restarts
        if known and is_same and is_wanted and marker and marker.release == name:
            return known
        union = choose_union(
            self._endpoint,
            self._store,
            self._endpoint.dialect,
            options.union,
            overwrites=options.overwrites or marker is not None,
        )
        before = Releases(self._home).find(marker.release) if marker else None
        graphs = self._state.graphs() | set(before.manifest.graphs if before else ())
        self._state.set_graphs({*graphs, *self._expected(union)})
        position = Position(name, union, options.skolemises)
        self._state.write(position)
        return position

    def _report_sorted(self, count: int) -> None:
        self._report("sort", count, sum(self._release.manifest.graphs.values()), count)

    def _expected(self, union: str) -> dict[str, int]:
        """Return how many triples each graph shall have; "" is the default graph."""
        manifest = self._release.manifest
        if union == NONE:
            return dict(manifest.graphs)
        return {**manifest.graphs, "" if union == DEFAULT else union: manifest.triples}

    def _send_all(self, parts: ReleaseParts, sender: GraphSender, position: Position) -> None:
        """Send the parts from `position` on, and record how far that is."""
        expected = self._expected(position.union)
        total = sum(expected.values())

        def sent(key: str, lines: int, done: int) -> None:
            self._state.write(replace(position, key=key, lines=lines), now=False)
            self._report("push", done, total, done)

        absent = self._absent(expected) if takes_quads(self._endpoint, self._store) else set[str]()
        self._sent += ReleaseSender(sender, expected, absent, sent).send(parts, position.key, position.lines)

    def _absent(self, expected: dict[str, int]) -> set[str]:
        """Return the names of the graphs that the engine does not have."""
        names = {name for name in expected if name}
        return names - count_graphs(self._endpoint, names).keys()

    def _verify(self, parts: ReleaseParts, sender: GraphSender, expected: dict[str, int]) -> int:
        """Compare the counts of all graphs, and send those once more that differ; return how many did.

        Raise Unavailable if one differs then too.
        """
        wrong = self._compare(expected)
        if wrong:
            for part in parts:
                if part.graph in wrong:
                    sender.send(part.graph, part.triples, 0, lambda lines: None)
                    self._sent += expected[part.graph]
            sender.drain()
            if still := self._compare({name: expected[name] for name in wrong}):
                raise self._mismatch(still)
        return len(wrong)

    def _compare(self, expected: dict[str, int]) -> dict[str, tuple[int, int]]:
        """Return the graphs with another number of triples than `expected`: that, and what there are."""
        self._report("count", 0, 0, sum(expected.values()))
        found = count_graphs(self._endpoint, [name for name in expected if name])
        if "" in expected:
            found[""] = count_default(self._endpoint)
        return differences(expected, found)

    def _mismatch(self, wrong: dict[str, tuple[int, int]]) -> Unavailable:
        shown = "; ".join(
            f"{name or 'the default graph'}: {found:,} triples, not {count:,}"
            for name, (count, found) in list(wrong.items())[:_SHOWN]
        )
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        return Unavailable(
            f"the engine does not hold what was sent: {shown}{more}",
            where=self._store.url,
            rule="counts",
            remedy="see the log of the engine: it may change terms, or another program write into it",
        )

    def _delete_others(self, current: set[str]) -> int:
        """Delete the graphs that earlier pushes have left and this release has not; return how many."""
        others = self._state.graphs() - current
        for number, name in enumerate(sorted(others), 1):
            self._store.delete(name)
            self._report("delete", number, len(others), number)
        self._state.set_graphs(current)
        return len(others)

    def _write_marker(self, union: str, *, is_whole: bool) -> None:
        manifest = self._release.manifest
        marker = PushMarker(manifest.id, union, manifest.triples, is_whole)
        self._store.put(MARKER, marker.body())
