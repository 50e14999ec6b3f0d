"""Comunica answers queries by following links from one document: https://comunica.dev/research/link_traversal/.

It comes from npm, for this test alone, and runs in Node: tests/clients/comunica. It stops at the first row,
since what is linked is all of the graph.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.core.namespaces import ID, UTS

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).with_name("comunica")
GOTEBORG = f"{ID}organisation/goteborgs-kommun"
STOPPED = f"{ID}statement/ny-teknik-office-365-goteborg-stopp"


def traverse(server: str, seed: str, query: str) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows of `query` by links from the document `seed`, and the documents that were read."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["node", FOLDER / "traverse.mjs", server, seed, query],
        env={**os.environ, "PATH": path},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    found = json.loads(ended.stdout)
    return found["rows"], found["documents"]


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    package = FOLDER / "node_modules" / "@comunica" / "query-sparql-link-traversal"
    assert package.is_dir(), f"{package} is missing: make installs it"


def test_a_page_leads_to_the_county_and_its_code(server: str) -> None:
    query = f"""
    SELECT ?county ?code WHERE {{ <{GOTEBORG}> <{UTS}inCounty> ?county . ?county <{UTS}iso3166> ?code }}
    LIMIT 1"""
    rows, documents = traverse(server, f"{server}/organisation/goteborgs-kommun", query)
    county = f"{ID}place/vastra-gotalands-lan"
    assert rows == [{"county": county, "code": "SE-O"}]
    assert county in documents, "its code is there"


def test_the_iri_of_a_statement_leads_to_its_source(server: str) -> None:
    query = f"""
    PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT ?source ?issued WHERE {{ <{STOPPED}> <{UTS}saidIn> ?source . ?source dcterms:issued ?issued }}
    LIMIT 1"""
    rows, documents = traverse(server, STOPPED, query)
    source = f"{ID}source/ny-teknik-office-365"
    assert rows == [{"source": source, "issued": "2017"}]
    assert documents[:2] == [STOPPED, source]
