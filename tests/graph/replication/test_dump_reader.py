"""A dump is read graph by graph, whatever its size, with blank nodes first."""

import random
from pathlib import Path

import pytest

from graph.core.errors import Unavailable
from graph.replication import dump_reader
from graph.replication.dump_reader import SortedDump, split_quad, union_triples
from graph.replication.pieces import skolemised

LITERALS = [
    '"plain"',
    '"with <urn:g> ."',
    '"with _:b ."',
    r'"a \"quoted\" <urn:x>"',
    r'"ends with \\"',
    '"x"@sv-SE',
    '"<urn:a>"^^<urn:type>',
    '""',
]


@pytest.mark.parametrize("value", [*LITERALS, "<urn:o>", "_:b1"])
@pytest.mark.parametrize("graph", ["<urn:g>", "_:g", ""])
def test_a_line_is_split_whatever_its_terms_hold(value: str, graph: str) -> None:
    line = f"<urn:s> <urn:p> {value} {graph + ' ' if graph else ''}.\n".encode()
    triple, name, is_blank = split_quad(line)
    assert triple == f"<urn:s> <urn:p> {value} .\n".encode()
    assert name == graph.encode()
    assert is_blank == (value == "_:b1")


@pytest.mark.parametrize(
    "line", [b"", b"<urn:s> <urn:p> .\n", b'<urn:s> <urn:p> "x .\n', b"s p o .\n", b"# x\n"]
)
def test_a_line_that_is_none_is_reported(line: bytes) -> None:
    with pytest.raises(Unavailable, match="not canonical N-Quads"):
        split_quad(line)


@pytest.mark.parametrize("run_bytes", [1, 500, 1 << 20])
def test_graphs_come_whole_and_in_order_from_runs_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int
) -> None:
    monkeypatch.setattr(dump_reader, "_RUN_BYTES", run_bytes)
    chance = random.Random(2)  # noqa: S311 (no secret)
    quads = {
        (
            chance.choice(["<urn:s>", "_:s"]),
            chance.choice(LITERALS),
            chance.choice(["<urn:a>", "<urn:a/b>", "_:g"]),
        )
        for _ in range(300)
    }
    lines = sorted(f"{s} <urn:p> {o} {g} .\n".encode() for s, o, g in quads)
    found = {graph: list(triples) for graph, triples in SortedDump(lines, tmp_path).graphs()}
    assert list(found) == sorted(found)
    for graph, triples in found.items():
        there = {f"{s} <urn:p> {o} .\n".encode() for s, o, g in quads if g.encode() == graph}
        assert {line for line, _ in triples} == there
        assert len(triples) == len(there)
        assert [not is_blank for _, is_blank in triples] == sorted(not is_blank for _, is_blank in triples)
    assert bool(list(tmp_path.iterdir())) == (run_bytes < 1 << 20)


def test_the_union_has_each_triple_once(tmp_path: Path) -> None:
    lines = [b"<urn:s> <urn:p> <urn:o> <urn:g%d> .\n" % each for each in range(3)]
    lines += [b"_:b <urn:p> <urn:o> <urn:g%d> .\n" % each for each in range(3)]
    assert list(union_triples(lines)) == [b"<urn:s> <urn:p> <urn:o> .\n"]
    assert SortedDump(lines, tmp_path).blank_triples == [b"_:b <urn:p> <urn:o> .\n"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"_:a <urn:p> _:b <urn:g> .\n", b"<urn:x-a> <urn:p> <urn:x-b> <urn:g> .\n"),
        (b'_:a <urn:p> "_:b" <urn:g> .\n', b'<urn:x-a> <urn:p> "_:b" <urn:g> .\n'),
        (b"<urn:s> <urn:p> <urn:o> .\n", b"<urn:s> <urn:p> <urn:o> .\n"),
    ],
)
def test_blank_nodes_become_iris(line: bytes, expected: bytes) -> None:
    assert skolemised(line, b"urn:x-") == expected
