"""The stored queries as the SIB convention has them, checked by the suite against a real server."""

import subprocess
import sys
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from graph import catalogue
from graph.namespaces import BASE


def test_the_suite_finds_every_stored_query_clean(server: str, shared: Path, tmp_path: Path) -> None:
    triples = [quad.triple for quad in catalogue.quads()]
    serialize(triples, output=str(tmp_path / "examples.ttl"), format=RdfFormat.TURTLE)
    suites = shared / "suites"
    command = [sys.executable, str(suites / "sib_examples.py"), str(tmp_path)]
    command += ["--shapes", str(suites / "sib" / "spex.shacl.ttl"), "--url", f"{server}/sparql"]
    run = subprocess.run([*command, "--target", f"{BASE}sparql"], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"'answered': {len(catalogue.load())}" in run.stdout
