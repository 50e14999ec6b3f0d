"""The server itself, started as a user starts it."""

import gzip
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.client import free_port
from graph.release.releases import Release

UTSAGA = Path(sys.executable).with_name("utsaga")
Serving = Callable[..., AbstractContextManager[str]]


def get(url: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 (loopback)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
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
        ("/sparql?query=DROP+ALL", "*/*", 403),
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
        timeout=30,
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
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert "utsaga build" in ended.stderr


def test_a_taken_address_is_told(server: str, release: Release) -> None:
    port = server.rpartition(":")[2]
    words = [str(UTSAGA), "--releases", str(release.path.parent), "serve", "--port", port]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert "--port" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("coding", ["", "gzip", "br, zstd"])
@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/sparql?query=SELECT+*+{?s+a+?c}+LIMIT+20", "text/csv"),
        ("/sparql?query=ASK+{}", "application/sparql-results+xml"),
        ("/organisation/malmo-kommun", "text/html"),
        ("/organisation/malm%C3%B6", "text/html"),
        ("/sparql?query=nonsense", "*/*"),
    ],
)
def test_the_same_request_has_the_same_answer_but_for_its_id(
    server: str, path: str, accept: str, coding: str
) -> None:
    connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
    answers, ids = [], set()
    with closing(connection):
        for _ in range(4):
            connection.request("GET", path, headers={"Accept": accept, "Accept-Encoding": coding})
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            ids.add(headers.pop("x-request-id"))
            headers.pop("date")
            answers.append((answer.status, headers, answer.read()))
    assert answers == answers[:1] * 4
    assert len(ids) == 4


def test_a_large_answer_is_whole_and_one_who_leaves_is_no_matter(server: str) -> None:
    """It is more than is sent in one piece, and more than a socket holds."""
    query = urllib.parse.urlencode({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }", "format": "csv"})
    with urllib.request.urlopen(f"{server}/sparql?{query}", timeout=30) as answer:  # noqa: S310
        assert answer.read(1000)
    with urllib.request.urlopen(f"{server}/sparql?{query}", timeout=30) as answer:  # noqa: S310
        body = answer.read()
        assert len(body) == int(answer.headers["Content-Length"]) > 2_000_000
    assert body.endswith(b"\r\n")


@pytest.mark.parametrize(("length", "status"), [(1_000, 200), (200_000, 413), (5_000_000, 413)])
def test_a_body_that_does_not_tell_its_length(server: str, length: int, status: int) -> None:
    text = "ASK {} #" + "x" * length
    connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
    try:
        parts = (text[at : at + 5_000].encode() for at in range(0, len(text), 5_000))
        headers = {"Content-Type": "application/sparql-query"}
        with suppress(ConnectionError):  # the server need not read on
            connection.request("POST", "/sparql", parts, headers, encode_chunked=True)
        assert connection.getresponse().status == status
    finally:
        connection.close()


def test_who_wants_a_websocket_is_refused_as_others_are(server: str) -> None:
    connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
    try:
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        connection.request("GET", "/healthz", headers=upgrade | {"Sec-WebSocket-Key": "A" * 22 + "=="})
        answer = connection.getresponse()
        assert (answer.status, answer.headers.get_content_type()) == (400, "application/problem+json")
    finally:
        connection.close()
