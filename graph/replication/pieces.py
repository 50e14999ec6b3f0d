"""Cuts the triples of a graph into pieces of bounded size: what is about one blank node stays in one piece.

Labels of blank nodes hold within one request only: https://www.w3.org/TR/rdf11-concepts/#section-blank-nodes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_LABEL: Final = b"_:"


@dataclass(frozen=True)
class Piece:
    """Lines of N-Triples, and whether they have blank nodes: then they may only be sent once."""

    lines: tuple[bytes, ...]
    is_blank: bool = False

    @property
    def body(self) -> bytes:
        """The lines as one text."""
        return b"".join(self.lines)

    def halves(self) -> tuple["Piece", "Piece"]:
        """Return the piece in two, for a service that takes less at a time."""
        middle = len(self.lines) // 2
        return Piece(self.lines[:middle]), Piece(self.lines[middle:])


def cut(triples: Iterable[tuple[bytes, bool]], limit: int) -> Iterator[Piece]:
    """Yield `triples` in pieces of about `limit` bytes.

    Each comes with whether it has blank nodes, and those that have come first. A piece with blank nodes is
    larger if what is connected by them is.
    """
    blank: list[bytes] = []
    ground: list[bytes] = []
    size = 0
    for line, is_blank in triples:
        if is_blank:
            blank.append(line)
            continue
        if blank:
            yield from _cut_connected(blank, limit)
            blank = []
        ground.append(line)
        size += len(line)
        if size >= limit:
            yield Piece(tuple(ground))
            ground, size = [], 0
    if blank:
        yield from _cut_connected(blank, limit)
    if ground:
        yield Piece(tuple(ground))


def _cut_connected(lines: list[bytes], limit: int) -> Iterator[Piece]:
    """Yield lines with blank nodes in pieces, those that are connected by blank nodes in one."""
    if sum(map(len, lines)) <= limit:
        yield Piece(tuple(lines), is_blank=True)
        return
    piece: list[bytes] = []
    size = 0
    for group in _components(lines):
        length = sum(map(len, group))
        if piece and size + length > limit:
            yield Piece(tuple(piece), is_blank=True)
            piece, size = [], 0
        piece += group
        size += length
    yield Piece(tuple(piece), is_blank=True)


def _components(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines that are connected by blank nodes, together: by union and find."""
    parents: dict[bytes, bytes] = {}

    def find(label: bytes) -> bytes:
        root = label
        while (above := parents.setdefault(root, root)) != root:
            root = above
        while (above := parents[label]) != root:
            parents[label], label = root, above
        return root

    for line in lines:
        first, *others = _labels(line)
        for other in others:
            parents[find(other)] = find(first)
    groups: dict[bytes, list[bytes]] = defaultdict(list)
    for line in lines:
        groups[find(_labels(line)[0])].append(line)
    yield from groups.values()


def _labels(line: bytes) -> list[bytes]:
    subject, _, value = line.split(b" ", 2)
    terms = (subject, value.removesuffix(b" .\n"))
    return [each for each in terms if each.startswith(_LABEL)]


def skolemised(line: bytes, prefix: bytes) -> bytes:
    """Return a line of N-Quads with IRIs that begin with `prefix` for its blank nodes.

    https://www.w3.org/TR/rdf11-concepts/#section-skolemization
    """
    subject, predicate, rest = line.split(b" ", 2)
    if subject.startswith(_LABEL):
        subject = b"<" + prefix + subject[2:] + b">"
    if rest.startswith(_LABEL):
        label, _, end = rest.partition(b" ")
        rest = b"<" + prefix + label[2:] + b"> " + end
    return b" ".join((subject, predicate, rest))
