"""RDF files become a store with an identity, and the load says how it goes."""

import bz2
import gzip
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.core.errors import BadInput, Unavailable
from graph.index import INDEX_FILE, SqliteIndex
from graph.loading import data_loader, file_loading
from graph.loading.data_loader import load_files
from graph.loading.watched_file import digest_file
from graph.search.text_index import TextIndex

LINE = '<https://a.example/{0}> <http://www.w3.org/2000/01/rdf-schema#label> "Name {0}" .\n'
Reports = list[tuple[str, int, int, int]]


def ignore(*_: object) -> None:
    """Report nothing."""


def write(path: Path, count: int) -> Path:
    path.write_text("".join(LINE.format(number) for number in range(count)))
    return path


def test_what_is_loaded_is_the_content_of_all_files(tmp_path: Path) -> None:
    write(tmp_path / "a.nt", 3)
    (tmp_path / "b.nt.gz").write_bytes(gzip.compress(LINE.format("gz").encode()))
    (tmp_path / "c.nt.zst").write_bytes(zstandard.compress(LINE.format("zst").encode()))
    (tmp_path / "d.nt.bz2").write_bytes(bz2.compress(LINE.format("bz2").encode()))
    names = ("a.nt", "b.nt.gz", "c.nt.zst", "d.nt.bz2")
    loaded = load_files(tuple(tmp_path / name for name in names), tmp_path / "place", ignore)
    assert len(Store.read_only(str(loaded.store))) == 6
    assert SqliteIndex.open(loaded.place / INDEX_FILE)
    found = TextIndex.open_beside(loaded.store)
    assert found
    assert found.search("Name zst").hits[0].iri == "https://a.example/zst"
    assert [each.digest for each in loaded.files] == [digest_file(tmp_path / name) for name in names]


def test_the_id_is_that_of_content_names_and_union(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.nt", 3), write(tmp_path / "b.nt", 4)

    def identify(*paths: Path, union: bool = False) -> str:
        place = tmp_path / f"place-{len(list(tmp_path.iterdir()))}"
        return load_files(paths, place, ignore, union=union).id

    first = identify(one, other)
    assert identify(other, one) == first
    assert identify(one, other, union=True) != first
    assert identify(one) != first
    write(one, 3)
    assert identify(one, other) == first
    write(one, 2)
    assert identify(one, other) != first


def test_blank_nodes_of_different_files_stay_apart(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(f'_:x <https://a.example/p> "{name}" .\n')
    loaded = load_files((tmp_path / "a.nt", tmp_path / "b.nt"), tmp_path / "place", ignore)
    assert len({quad.subject for quad in Store.read_only(str(loaded.store))}) == 2


def test_a_union_has_each_triple_once_also_across_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_loading, "_CHUNK_QUADS", 2)
    triple = "<https://a.example/s> <https://a.example/p> <https://a.example/o>"
    lines = [f"{triple} <https://a.example/graph-{number}> .\n" for number in range(5)]
    (tmp_path / "a.nq").write_text("".join(lines) + lines[0])
    store = Store.read_only(str(load_files((tmp_path / "a.nq",), tmp_path / "b", ignore, union=True).store))
    found = Quad(*(NamedNode(f"https://a.example/{each}") for each in "spo"))
    assert list(store.quads_for_pattern(None, None, None, DefaultGraph())) == [found]
    assert len(store) == 6


@pytest.mark.parametrize("small_bytes", [1 << 20, 0])
def test_a_load_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_bytes: int) -> None:
    """In this process, and in one of its own."""
    monkeypatch.setattr(data_loader, "_SMALL_BYTES", small_bytes)
    path = write(tmp_path / "a.nt", 11_000)
    reports: Reports = []
    load_files((path,), tmp_path / "place", lambda *report: reports.append(report))
    size = path.stat().st_size
    loads = [each for each in reports if each[0] == "load"]
    assert [each[1] for each in loads] == sorted(each[1] for each in loads)
    assert loads[-1] == ("load", size, size, 11_000)
    assert ("index", 10_000, 11_000, 10_000) in reports
    steps = [*dict.fromkeys(each[0] for each in reports)]
    assert [each for each in steps if each != "arrange"] == ["load", "index", "text index"]


def test_what_the_process_of_a_load_finds_wrong_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_loader, "_SMALL_BYTES", 0)
    (tmp_path / "bad.nt").write_text(LINE.format(1) + "<a> nonsense\n")
    with pytest.raises(BadInput, match=r"bad\.nt:2"):
        load_files((tmp_path / "bad.nt",), tmp_path / "place", ignore)
    (tmp_path / "cut.nt.gz").write_bytes(gzip.compress(LINE.format(1).encode())[:-12])
    with pytest.raises(BadInput, match="cannot be read"):
        load_files((tmp_path / "cut.nt.gz",), tmp_path / "other", ignore)


@pytest.mark.slow
def test_a_large_load_writes_both_indexes_at_once(tmp_path: Path) -> None:
    loaded = load_files((write(tmp_path / "a.nt", 30_000),), tmp_path / "place", ignore)
    found = TextIndex.open_beside(loaded.store)
    assert found
    assert found.search("Name 29999").hits[0].iri == "https://a.example/29999"


def test_faults_say_file_and_line_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bad.nt").write_text(LINE.format(1) + "<a> nonsense\n")
    with pytest.raises(BadInput, match=r"bad\.nt:2"):
        load_files((tmp_path / "bad.nt",), tmp_path / "place", ignore)
    with pytest.raises(BadInput, match="cannot be read"):
        load_files((tmp_path / "missing.nt",), tmp_path / "other", ignore)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be stored"):
        load_files((write(tmp_path / "a.nt", 1),), tmp_path / "file" / "place", ignore)
