"""Sends the parts of a release in order, and reports how far that is: small graphs together, others alone.

A graph that is not in the store yet and has no blank nodes goes with others into one request of N-Quads,
where the store takes these: replacing graphs one by one costs some engines three times as much.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from graph.replication.graph_sender import GraphSender
from graph.replication.release_parts import Part, ReleaseParts

_SMALL: Final = 5_000  # triples of a graph that is sent with others
Sent = Callable[[str, int, int], None]
"""Takes the key of a part, how many of its lines have been sent, and how many triples in all."""


@dataclass
class _Batch:
    """Lines of N-Quads of whole graphs, of which the last has this key and so many lines."""

    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    key: str = ""
    last: int = 0


class ReleaseSender:
    """What sends parts with `sender`; graphs that are `absent` from the store may be sent together."""

    def __init__(
        self, sender: GraphSender, expected: dict[str, int], absent: Collection[str], sent: Sent
    ) -> None:
        """Take how many triples each graph has, and what is called with the progress."""
        self._sender, self._expected, self._absent, self._sent = sender, expected, absent, sent
        self._batch = _Batch()
        self._done = 0

    def send(self, parts: ReleaseParts, key: str, lines: int) -> int:
        """Send the parts from that with `key` on, of which `lines` have been sent; return how many triples.

        All has been received when this returns. Raise the errors of GraphStore.
        """
        count = 0
        for part in parts:
            expected = self._expected.get(part.graph, 0)
            if part.key >= key:
                skip = lines if part.key == key else 0
                self._send(part, expected, skip)
                count += expected - skip
            self._done += expected
        self._flush()
        self._sender.drain()
        return count

    def _send(self, part: Part, expected: int, skip: int) -> None:
        triples = part.triples
        if part.graph in self._absent and expected <= _SMALL and not skip:
            found = list(triples)
            if not any(is_blank for _, is_blank in found):
                self._add(part, [line for line, _ in found])
                return
            triples = iter(found)
        self._flush()
        before, key = self._done, part.key
        self._sender.send(part.graph, triples, skip, lambda lines: self._sent(key, lines, before + lines))

    def _add(self, part: Part, lines: list[bytes]) -> None:
        """Add a whole graph to the batch, which is sent when it is large enough."""
        batch, end = self._batch, f" <{part.graph}> .\n".encode()
        batch.lines += [line.removesuffix(b" .\n") + end for line in lines]
        batch.size += sum(map(len, lines)) + len(end) * len(lines)
        batch.key, batch.last = part.key, len(lines)
        if batch.size >= self._sender.limit:
            self._flush(len(lines))

    def _flush(self, more: int = 0) -> None:
        """Send the batch; `more` are its triples that are not among those that have been counted."""
        batch, self._batch = self._batch, _Batch()
        if batch.lines:
            done = self._done + more
            self._sender.send_quads(batch.lines, lambda: self._sent(batch.key, batch.last, done))
