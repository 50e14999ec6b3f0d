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


def fetch(url: str, tag: str = "") -> tuple[int, str | None]:
    """Return the status and the entity tag of a response, to a request with `tag` as its condition."""
    headers = {"If-None-Match": tag, "Accept": "*/*", "Host": "utsaga.example"}  # whatever the port
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["ETag"]


def hits(address: str) -> float:
    lines = get(f"{address}/metrics")[2].decode().splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("utsaga_cache_hits_total"))


def test_answers_from_files_are_cached_and_have_tags_that_last_as_long_as_the_files(
    tmp_path: Path, serving: Serving
) -> None:
    data, store = tmp_path / "a.ttl", tmp_path / "store"
    data.write_text("<urn:a> <urn:b> <urn:c> .")
    paths = ("/sparql?query=ASK%7B%7D", "/resource.ttl?iri=urn:a", "/resource?iri=urn:a")
    with serving(tmp_path / "none", "--store", str(store), str(data)) as address:
        tags = [fetch(address + path)[1] for path in paths]
        assert all(tags)
        before = hits(address)
        assert [fetch(address + path, str(tag))[0] for path, tag in zip(paths, tags, strict=True)] == [
            304
        ] * 3
        assert hits(address) - before == 3
    with serving(tmp_path / "none", "--store", str(store)) as address:
        assert [fetch(address + path)[1] for path in paths] == tags
        assert "urn:c" in ask(address, "SELECT ?o { ?s ?p ?o }")
    data.write_text("<urn:a> <urn:b> <urn:d> .")
    with serving(tmp_path / "none", str(data)) as address:
        assert not {fetch(address + path)[1] for path in paths} & {*tags}


def test_an_endpoint_is_not_served_with_data(tmp_path: Path) -> None:
    ended = subprocess.run(
        [UTSAGA, "serve", "--endpoint", "http://127.0.0.1:1/sparql", "--store", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert "--endpoint" in ended.stderr


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


def test_another_endpoint_is_served(server: str, serving: Serving, tmp_path: Path) -> None:
    query = "SELECT ?name { <https://w3id.org/utsaga/id/organisation/malmo-kommun> rdfs:label ?name }"
    text = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {query}"
    with serving(tmp_path / "none", "--endpoint", f"{server}/sparql", "--union") as address:
        assert ask(address, text) == ask(server, text)
        assert "Malmö" in get(f"{address}/organisation/malmo-kommun", "text/html")[2].decode()
