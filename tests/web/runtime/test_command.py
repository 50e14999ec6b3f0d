"""What the command serves: a release, RDF files, or nothing with a message why."""

import gzip
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bench.client import free_port

pytestmark = pytest.mark.slow

UTSAGA = Path(sys.executable).with_name("utsaga")
Serving = Callable[..., AbstractContextManager[str]]


def get(url: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get_content_type(), error.read()


def ask(address: str, query: str) -> str:
    return get(f"{address}/sparql?{urllib.parse.urlencode({'query': query})}", "text/csv")[2].decode()


def test_an_entity_s_name_leads_to_its_page_and_to_its_data(server: str) -> None:
    status, kind, body = get(f"{server}/id/organisation/malmo-kommun", "text/html")
    assert (status, kind) == (200, "text/html")
    assert "Malmö kommun" in body.decode()
    status, kind, body = get(f"{server}/id/organisation/malmo-kommun", "text/turtle")
    assert (status, kind) == (200, "text/turtle")
    assert "Malmö stad" in body.decode()


def test_an_old_name_leads_to_the_organisation_of_today(server: str) -> None:
    status, _, body = get(f"{server}/id/organisation/stockholms-lans-landsting", "text/turtle")
    assert status == 200
    assert "Region Stockholm" in body.decode()


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/id/organisation/ingen-alls", "*/*", 404),
        ("/id/organisation/malmo-kommun", "image/png", 406),
        ("/sparql?query=DROP+ALL", "*/*", 400),
        ("/sparql?query=nonsense", "*/*", 400),
    ],
)
def test_a_failure_has_its_status_and_one_shape(server: str, path: str, accept: str, status: int) -> None:
    found, kind, body = get(server + path, accept)
    assert (found, kind) == (status, "application/problem+json")
    assert b"Traceback" not in body


def test_given_files_are_served_as_they_are_or_as_a_union(tmp_path: Path, serving: Serving) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    with gzip.open(tmp_path / "b.nq.gz", "wt") as file:
        file.write("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:d> <urn:e> <urn:f> <urn:g> .\n")
    files = [str(tmp_path / "a.ttl"), str(tmp_path / "b.nq.gz")]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with serving(tmp_path / "none", *files) as address:
        assert ask(address, count).split() == ["n", "1"]
        assert get(f"{address}/resource?iri=urn:a", "text/html")[0] == 200
    with serving(tmp_path / "none", "--union", *files) as address:
        assert ask(address, count).split() == ["n", "2"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("broken.ttl", "<urn:a> <urn:b> .", "broken.ttl:1"),
        ("notes.docx", "", "is not the extension of an RDF format"),
    ],
)
def test_a_file_that_is_no_rdf_is_told_and_nothing_is_served(
    tmp_path: Path, name: str, content: str, word: str
) -> None:
    (tmp_path / name).write_text(content)
    ended = subprocess.run(
        [UTSAGA, "serve", "--port", str(free_port()), str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_release_the_server_says_how_to_make_one(tmp_path: Path) -> None:
    ended = subprocess.run(
        [UTSAGA, "--releases", str(tmp_path), "serve"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert "utsaga build" in ended.stderr


def test_another_endpoint_is_served(server: str, serving: Serving, tmp_path: Path) -> None:
    query = "SELECT ?name { <https://w3id.org/utsaga/id/organisation/malmo-kommun> rdfs:label ?name }"
    text = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {query}"
    with serving(tmp_path / "none", "--endpoint", f"{server}/sparql", "--union") as address:
        assert ask(address, text) == ask(server, text)
        assert "Malmö" in get(f"{address}/organisation/malmo-kommun", "text/html")[2].decode()
