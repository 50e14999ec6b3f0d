"""The stored queries as the SIB convention has them, checked by the suite against a real server."""

import subprocess
import sys
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, serialize

from graph.build import query_examples
from graph.build.query_examples import FEDERATED
from graph.core.namespaces import BASE
from graph.query import stored
from graph.query.descriptions import EXAMPLES

QUERIES = stored.load_queries().values()


def suite(shared: Path, folder: Path, graph: str, *words: str) -> str:
    """What the suite says of the queries in one of the graphs of examples, if it finds them all clean."""
    triples = [quad.triple for quad in query_examples.quads() if quad.graph_name == NamedNode(graph)]
    serialize(triples, output=str(folder / "examples.ttl"), format=RdfFormat.TURTLE)
    suites = shared / "suites"
    command = [sys.executable, str(suites / "sib_examples.py"), str(folder), *words]
    command += ["--shapes", str(suites / "sib" / "spex.shacl.ttl"), "--target", f"{BASE}sparql"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_suite_finds_every_stored_query_clean(server: str, shared: Path, tmp_path: Path) -> None:
    told = suite(shared, tmp_path, EXAMPLES, "--url", f"{server}/sparql")
    assert f"'answered': {sum(not query.services for query in QUERIES)}" in told


def test_the_suite_finds_every_federated_query_clean(shared: Path, tmp_path: Path) -> None:
    told = suite(shared, tmp_path, FEDERATED)
    assert f"'examples': {sum(bool(query.services) for query in QUERIES)}" in told
