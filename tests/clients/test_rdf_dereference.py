"""rdf-dereference reads what an address leads to: https://github.com/rubensworks/rdf-dereference.js.

It comes from npm, for this test alone, and runs in Node: tests/clients/comunica.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Graph

from tests.clients.test_rdf_documents import SUBJECTS

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).with_name("comunica")
IRI = "https://w3id.org/utsaga/id/organisation/malmo-kommun"


def dereference(server: str, address: str) -> tuple[str, list[list[str]]]:
    """Return the address at which `address` ended, and the triples that were read there."""
    package = FOLDER / "node_modules" / "rdf-dereference"
    assert package.is_dir(), f"{package} is missing: make installs it"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["node", FOLDER / "dereference.mjs", server, address],
        env={**os.environ, "PATH": path},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    found = json.loads(ended.stdout)
    return found["url"], found["triples"]


@pytest.mark.parametrize(
    "path", ["/organisation/malmo-kommun", "/dataset", "/queries", "/graph/register/municipalities"]
)
def test_a_page_is_read_as_rdf(server: str, path: str) -> None:
    url, triples = dereference(server, server + path)
    assert url == server + path
    assert str(SUBJECTS[path]) in {subject for subject, _, _ in triples}
    assert len(triples) == len(Graph().parse(f"{server}{path}.nt", format="nt"))


def test_an_iri_leads_to_its_document(server: str) -> None:
    url, triples = dereference(server, IRI)
    assert url.startswith(f"{server}/organisation/malmo-kommun.")
    assert IRI in {subject for subject, _, _ in triples}


def test_a_query_is_answered(server: str) -> None:
    query = f"CONSTRUCT WHERE {{ <{IRI}> a ?class }}"
    _, triples = dereference(server, f"{server}/sparql?query={quote(query)}")
    assert {subject for subject, _, _ in triples} == {IRI}
