"""The generated data is the same for the same seed, follows the shapes, and has the hub it promises."""

import subprocess
import sys
import tracemalloc
from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from bench import load
from bench.data.registers import HUB
from bench.generate import quads
from graph.core.namespaces import GRAPH, RDF, UTS
from graph.ingest.facts import Facts
from graph.rdf import ontology_files
from graph.rules.shacl import validate

SCRIPT = Path(__file__).parents[2] / "bench" / "generate.py"


def run(count: int, seed: int) -> bytes:
    command = [sys.executable, str(SCRIPT), "--quads", str(count), "--seed", str(seed)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def facts(count: int) -> list[Facts]:
    """The generated data as the build takes it: one file a named graph."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse("".join(quads(count, 1)).encode(), format=RdfFormat.N_QUADS):
        assert not isinstance(quad.graph_name, DefaultGraph)
        graphs[str(quad.graph_name.value)].append(quad)
    return [Facts(name, content) for name, content in graphs.items()]


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert run(3_000, 7) == run(3_000, 7)


def test_what_was_generated_is_kept(tmp_path: Path) -> None:
    folder = load.generated(tmp_path, 500, 1)
    assert load.generated(tmp_path, 500, 1) == folder
    assert (folder / "data.nq").read_text() == "".join(quads(500, 1))
    assert len((folder / "data.nt").read_text().splitlines()) == len(
        (folder / "data.nq").read_text().splitlines()
    )


def test_another_seed_gives_other_data() -> None:
    assert set(quads(3_000, 1)) != set(quads(3_000, 2))


@pytest.mark.parametrize("count", [1_000, 20_000])
def test_there_are_about_as_many_quads_as_asked_for(count: int) -> None:
    lines = list(quads(count, 1))
    assert count <= len(lines) <= count + 600
    assert len(set(lines)) == len(lines)


def test_one_product_has_three_statements_in_ten() -> None:
    about = [line.split(" ")[2] for line in quads(100_000, 1) if f" <{UTS}about> " in line]
    assert 0.28 < about.count(f"<{HUB}>") / len(about) < 0.32


def test_popularity_falls_by_rank() -> None:
    about = [line.split(" ")[2] for line in quads(100_000, 1) if f" <{UTS}about> " in line]
    counts = sorted((about.count(product) for product in set(about)), reverse=True)
    assert counts[1] > 3 * counts[10] > 0


def test_every_source_has_a_graph_of_its_own() -> None:
    graphs = {line.split(" ")[-2] for line in quads(20_000, 1) if f"<{UTS}Article>" in line}
    sources = [line for line in quads(20_000, 1) if f"<{UTS}Article>" in line]
    assert len(graphs) == len(sources) > 50
    assert all(name.startswith(f"<{GRAPH}source/") for name in graphs)


def test_every_class_is_there() -> None:
    types = {line.split(" ")[2] for line in quads(3_000, 1) if f" <{RDF}type> " in line}
    expected = "Municipality Company Person Product LegalAct Article Passage Statement Adoption Assessment"
    assert {f"<{UTS}{name}>" for name in expected.split()} <= types


def test_it_follows_the_shapes() -> None:
    validate(facts(3_000), ontology_files.read_ontology())


def test_the_engine_keeps_the_lines_as_they_are() -> None:
    lines = list(quads(3_000, 1))
    assert [f"{quad} .\n" for quad in parse("".join(lines).encode(), format=RdfFormat.N_QUADS)] == lines


def test_memory_does_not_grow_with_the_number_of_quads() -> None:
    tracemalloc.start()
    try:
        stream = quads(10_000_000, 1)
        for _ in islice(stream, 50_000):
            pass
        _, early = tracemalloc.get_traced_memory()
        for _ in islice(stream, 100_000):
            pass
        _, late = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert late < early + 100_000
