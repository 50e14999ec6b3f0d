"""The files to download: in parts, by their description, with their digests."""

import hashlib
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.namespaces import DATASET, DCAT
from graph.release.dumps import WHOLE, location
from graph.release.publication import Publication
from graph.release.release import Release
from web.app import create_app
from web.html.app_state import AppState


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    store = InProcess.open(release.store)
    state = AppState.of(store, release=release.manifest, publication=Publication.of(release))
    return create_app(state).test_client()


def body(client: FlaskClient, path: str) -> bytes:
    with client.get(path) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def test_range_requests_of_files_are_supported(client: FlaskClient) -> None:
    with client.get("/download/utsaga.nq.gz", headers={"Range": "bytes=0-1"}) as part:
        assert (part.status_code, part.data) == (206, b"\x1f\x8b")
    with client.get("/download/utsaga.sqlite", headers={"Range": "bytes=0-5"}) as part:
        assert (part.status_code, part.data) == (206, b"SQLite")
        digest, size = part.headers["ETag"], part.headers["Content-Range"].rpartition("/")[2]
    same = {"Range": "bytes=0-5", "If-Range": digest}
    with client.get("/download/utsaga.sqlite", headers=same) as part:
        assert part.status_code == 206
    with client.get("/download/utsaga.sqlite", headers=same | {"If-Range": '"of-another-release"'}) as whole:
        assert (whole.status_code, whole.headers["Content-Length"]) == (200, size)
    with client.get("/download/utsaga.sqlite", headers={"Range": "bytes=0-1,5-6"}) as whole:
        assert (whole.status_code, whole.headers["Content-Length"]) == (200, size)
        assert whole.headers["Accept-Ranges"] == "bytes"
    beyond = client.get("/download/utsaga.sqlite", headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.slow
def test_a_cached_response_does_not_hide_ranges(server: str) -> None:
    def status(wanted: str) -> int:
        headers = {"Range": f"bytes={wanted}"} if wanted else {}
        asked = urllib.request.Request(f"{server}/download/utsaga.xlsx", headers=headers)  # noqa: S310 (loopback)
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            answer.read()
            return int(answer.status)

    assert [status(each) for each in ("0-1,5-6", "0-1", "", "5-", "0-1,5-6")] == [200, 206, 200, 206, 200]


@pytest.mark.slow
def test_curl_resumes_a_download(server: str, release: Release, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    for name in WHOLE:
        address, target, whole = f"{server}/download/{name}", tmp_path / name, location(release.path, name)
        begin = [curl, "-sf", "--range", "0-999", "--output", str(target), address]
        resume = [curl, "-sf", "--continue-at", "-", "--output", str(target), "-w", "%{http_code}", address]
        subprocess.run(begin, check=True)
        assert target.stat().st_size == 1_000
        assert subprocess.run(resume, check=True, capture_output=True, text=True).stdout == "206"
        assert target.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("name", list(WHOLE))
def test_each_file_of_all_data_is_a_distribution(client: FlaskClient, release: Release, name: str) -> None:
    graph = rdflib.Graph().parse(data=body(client, "/dataset.ttl"), format="turtle")
    dcat, spdx = rdflib.Namespace(DCAT), rdflib.Namespace("http://spdx.org/rdf/terms#")
    address = rdflib.URIRef(f"http://localhost/download/{name}")
    node = graph.value(None, dcat.downloadURL, address)
    assert (rdflib.URIRef(DATASET), dcat.distribution, node) in graph
    whole = location(release.path, name).read_bytes()
    assert int(str(graph.value(node, dcat.byteSize))) == len(whole)
    checksum = graph.value(node, spdx.checksum)
    assert str(graph.value(checksum, spdx.checksumValue)).lower() == hashlib.sha256(whole).hexdigest()
    types = [graph.value(node, each) for each in (dcat.mediaType, dcat.compressFormat, dcat.packageFormat)]
    told = [str(each).partition("media-types/")[2] for each in types if each]
    assert told == [each for each in (WHOLE[name].media_type, WHOLE[name].packing) if each]
    with client.get(f"/download/{name}") as answer:
        assert answer.mimetype == told[-1]
    assert f'href="/download/{name}"' in body(client, "/dataset").decode()
