"""Sends the triples of a graph in pieces: the first replaces what is there, the others add to it."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain

from graph.core.errors import TooLarge
from graph.curation.retry import RetryPolicy
from graph.replication.graph_store import GraphStore
from graph.replication.pieces import Piece, cut
from graph.replication.release_parts import Triples
from graph.replication.request_window import RequestWindow


class GraphSender:
    """What sends graphs to a store, in pieces of at most about so many bytes, several at a time."""

    def __init__(
        self, store: GraphStore, policy: RetryPolicy, window: RequestWindow, piece_bytes: int
    ) -> None:
        """Take the store, when what failed is sent again, what runs requests, and the size of pieces."""
        self._store, self._policy, self._window, self.limit = store, policy, window, piece_bytes

    def send(self, graph: str, triples: Triples, skip: int, sent: Callable[[int], None]) -> None:
        """Send `triples` as the content of `graph`, but for the first `skip` lines, which have been.

        `sent` is called with the number of lines that have been, after each piece; some pieces may still be
        under way when this returns. Pieces with blank nodes come first, and all of them are sent again if one
        fails: nobody knows then whether it was received. What else is sent twice is there once. Raise the
        errors of GraphStore.
        """
        blank, others = _split(cut(triples, self.limit))
        done = sum(len(each.lines) for each in blank)
        replaces = not done
        if blank and skip < done:
            self._submit(lambda: self._policy.run(lambda: self._send_blank(graph, blank)), sent, done)
            replaces = True
        for piece in others:
            before, done = done, done + len(piece.lines)
            if done <= skip:
                replaces = False
                continue
            if before and replaces:  # the request that replaces the graph is under way
                self._window.drain()
                replaces = False
            self._submit(partial(self._send_ground, graph, piece, is_first=not before), sent, done)

    def send_quads(self, lines: list[bytes], sent: Callable[[], None]) -> None:
        """Add lines of N-Quads without blank nodes to their graphs; `sent` is called when they have been."""
        self._window.submit(partial(self._send_quads, lines), sent)

    def drain(self) -> None:
        """Wait until all that was sent has been received; raise the errors of GraphStore."""
        self._window.drain()

    def _submit(self, request: Callable[[], None], sent: Callable[[int], None], lines: int) -> None:
        self._window.submit(request, partial(sent, lines))

    def _send_quads(self, lines: list[bytes]) -> None:
        """Send lines of N-Quads; in two halves if they are too many for the store."""
        try:
            self._store.add_quads(b"".join(lines))
        except TooLarge:
            if len(lines) == 1:
                raise
            middle = len(lines) // 2
            self._send_quads(lines[:middle])
            self._send_quads(lines[middle:])

    def _send_blank(self, graph: str, blank: list[Piece]) -> None:
        """Send the pieces with blank nodes, none of them twice."""
        self._store.once.put(graph, blank[0].body)
        for piece in blank[1:]:
            self._store.once.add(graph, piece.body)

    def _send_ground(self, graph: str, piece: Piece, *, is_first: bool) -> None:
        """Send a piece without blank nodes; in two halves if it is too large for the store."""
        try:
            if is_first:
                self._store.put(graph, piece.body)
            else:
                self._store.add(graph, piece.body)
        except TooLarge:
            if len(piece.lines) == 1:
                raise
            self.limit = max(1, min(self.limit, len(piece.body)) // 2)  # of later graphs
            first, second = piece.halves()
            self._send_ground(graph, first, is_first=is_first)
            self._send_ground(graph, second, is_first=False)


def _split(all_pieces: Iterator[Piece]) -> tuple[list[Piece], Iterator[Piece]]:
    """Return the pieces with blank nodes, which come first, and the others."""
    blank: list[Piece] = []
    for piece in all_pieces:
        if not piece.is_blank:
            return blank, chain([piece], all_pieces)
        blank.append(piece)
    return blank, iter(())
