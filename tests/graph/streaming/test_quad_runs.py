"""A file of plain RDF becomes sorted runs, which are the same whenever it is read."""

import heapq
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store, parse

from graph.core.errors import BadInput, Unavailable
from graph.loading.watched_file import digest_file
from graph.streaming import quad_runs
from graph.streaming.plain_rdf import PlainFile, find_files
from graph.streaming.quad_runs import Run, write_runs
from graph.streaming.run_loading import LoadRun

GRAPH = "https://a.example/graph"


def ignore(done: int, count: int) -> None:
    """Report nothing."""


def runs_of(path: Path, folder: Path) -> list[Run]:
    return list(write_runs(PlainFile(path, path.name, GRAPH), digest_file(path), folder, ignore))


@pytest.fixture(autouse=True)
def small_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quad_runs, "RUN_QUADS", 40)
    monkeypatch.setattr(quad_runs, "_BATCH_QUADS", 7)


def test_runs_are_sorted_and_together_the_file(tmp_path: Path) -> None:
    lines = [f'<https://a.example/{number}> <https://a.example/p> "{number}" .\n' for number in range(100)]
    (tmp_path / "a.nt").write_text("".join(lines))
    runs = runs_of(tmp_path / "a.nt", tmp_path / "runs")
    assert [run.quads for run in runs] == [40, 40, 20]
    for run in runs:
        found = run.path.read_bytes().splitlines()
        assert found == sorted(found)
    parts = (run.path.read_bytes().splitlines(keepends=True) for run in runs)
    merged = b"".join(heapq.merge(*parts)).decode()
    assert merged == "".join(sorted(line.replace(" .\n", f" <{GRAPH}> .\n") for line in lines))


def test_reading_goes_on_after_the_runs_that_are_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    graph = "<https://a.example/g>"
    path.write_text(
        "".join(f"<https://a.example/{n}> <https://a.example/p> _:x {graph} .\n" for n in range(90))
    )
    first = runs_of(path, tmp_path / "runs")
    contents = [run.path.read_bytes() for run in first]
    times = [run.path.stat().st_mtime_ns for run in first]
    first[2].path.with_suffix(".json").unlink()
    (tmp_path / "runs" / "complete").unlink()
    again = runs_of(path, tmp_path / "runs")
    assert [run.path.read_bytes() for run in again] == contents
    assert [run.path.stat().st_mtime_ns for run in again][:2] == times[:2]
    assert again[2].path.stat().st_mtime_ns > times[2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "@prefix : <https://a.example/> . :s :p [ :q [ :r 1 ] ] . _:one :p _:two , [] ."),
        ("a.trig", "@prefix : <https://a.example/> . :g { :s :p [ :q 1 ] } :s :p _:two ."),
        ("a.nt", '_:a <https://a.example/p> _:b .\n_:b <https://a.example/p> "_:a" .\n'),
    ],
)
def test_blank_nodes_have_the_same_labels_in_each_reading(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    one, other = (runs_of(tmp_path / name, tmp_path / folder) for folder in ("one", "other"))
    assert [run.path.read_bytes() for run in one] == [run.path.read_bytes() for run in other]
    assert one[0].has_blank_nodes
    nodes = {node for quad in parse(path=one[0].path, format=RdfFormat.N_QUADS) for node in quad.triple}
    expected = {
        node for quad in parse(text, format=RdfFormat.from_extension(name[2:])) for node in quad.triple
    }
    assert sum(isinstance(each, BlankNode) for each in nodes) == sum(
        isinstance(each, BlankNode) for each in expected
    )


def test_blank_nodes_of_two_files_differ(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("_:x <https://a.example/p> _:x .\n")
    digest = digest_file(tmp_path / "a.nt")
    found = [
        next(write_runs(PlainFile(tmp_path / "a.nt", name, GRAPH), digest, tmp_path / name, ignore))
        for name in ("a.1.nt", "a.2.nt")  # which have the same graph
    ]
    subjects = {quad.subject for run in found for quad in parse(path=run.path, format=RdfFormat.N_QUADS)}
    assert len(subjects) == 2


def test_loading_a_run_twice_adds_nothing_and_the_union_has_the_same_nodes(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix : <https://a.example/> . :s :p [ :q 1 ] , 2 .")
    (run,) = runs_of(tmp_path / "a.ttl", tmp_path / "runs")
    store = Store()
    for _ in range(2):
        LoadRun(run)(store, ignore)
    named = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(GRAPH))}
    default = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert named == default
    assert len(named) == 3


def test_faults_say_where(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<https://a.example/s> <https://a.example/p> <o> .\nnonsense\n")
    with pytest.raises(BadInput, match=r"a\.nt:1"):
        runs_of(tmp_path / "a.nt", tmp_path / "runs")
    (tmp_path / "b.nt").write_text("<https://a.example/s> <https://a.example/p> 'x' .\n"[:0])
    with pytest.raises(Unavailable, match="was changed"):
        list(write_runs(PlainFile(tmp_path / "b.nt", "b.nt", GRAPH), "another", tmp_path / "other", ignore))


def test_files_are_found_in_sub_folders_and_each_has_a_graph(tmp_path: Path) -> None:
    for name in ("rdf/a b.nq.zst", "rdf/sub/c.1.ttl", "rdf/readme.md", "other.ttl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = find_files(tmp_path)
    assert [each.path.name for each in found] == ["a b.nq.zst", "c.1.ttl"]
    assert [each.name for each in found] == ["a b.nq.zst", "sub/c.1.ttl"]
    assert [each.graph.rpartition("/graph/")[2] for each in found] == ["rdf/a-b", "rdf/sub/c"]
