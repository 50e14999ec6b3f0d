"""What a server that means ill, or is none of ours, can do to a pull: nothing."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from graph.core.errors import Unavailable
from graph.curation.retry import RetryPolicy
from graph.release.release import FORM
from graph.release.releases import Releases
from graph.replication.pull import pull
from graph.replication.release_server import ReleaseServer
from tests.loopback import listening

NAME = "a" * 12
DIGEST = "0" * 64


class Handler(BaseHTTPRequestHandler):
    documents: dict[str, Any]

    def do_GET(self) -> None:
        found = self.documents.get(self.path)
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def documents() -> dict[str, Any]:
    return {"/releases.json": [{"id": NAME, "live": True}]}


@pytest.fixture
def url(documents: dict[str, Any]) -> Iterator[str]:
    with listening(Handler, documents=documents) as address:
        yield address


def fetch(home: Path, url: str) -> None:
    policy = RetryPolicy(interval=0.0, attempts=2, sleep=lambda _: None)
    pull(Releases(home / "replica"), ReleaseServer(url, policy), "", lambda *_: None, activate=True)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../x",
        "store/../../x",
        "./x",
        "store//x",
        "",
        "store/",
        "a\\b",
        "a:part",
        "å",
        "a\nb",
        "files.json",
        7,
        None,
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(
    tmp_path: Path, url: str, documents: dict[str, Any], path: str
) -> None:
    files = [{"path": path, "size": 3, "sha256": DIGEST}]
    documents[f"/releases/{NAME}/files.json"] = {"form": FORM, "files": files}
    before = set(tmp_path.rglob("*"))
    with pytest.raises(Unavailable, match="none of a file"):
        fetch(tmp_path, url)
    added = {each.name for each in set(tmp_path.rglob("*")) - before if each.is_file()}
    assert added <= {".pull.lock"}


@pytest.mark.parametrize(
    "other", [{"path": "a", "size": 1, "sha256": ""}, {"path": "a/b", "size": 1, "sha256": ""}]
)
def test_a_path_that_is_there_twice_or_a_folder_too_is_refused(
    tmp_path: Path, url: str, documents: dict[str, Any], other: dict[str, Any]
) -> None:
    files = [{"path": "a", "size": 3, "sha256": DIGEST}, other]
    documents[f"/releases/{NAME}/files.json"] = {"form": FORM, "files": files}
    with pytest.raises(Unavailable, match="none of a file"):
        fetch(tmp_path, url)


@pytest.mark.parametrize(
    "listing",
    [
        b"<html>",
        [],
        {"form": FORM},
        {"form": FORM, "files": [{}]},
        {"form": FORM, "files": [{"path": "a", "size": -1, "sha256": ""}]},
        {"form": FORM, "files": 3},
    ],
)
def test_a_list_that_is_none_is_refused(
    tmp_path: Path, url: str, documents: dict[str, Any], listing: object
) -> None:
    documents[f"/releases/{NAME}/files.json"] = listing
    with pytest.raises(Unavailable, match=r"files\.json"):
        fetch(tmp_path, url)


def test_another_form_is_refused(tmp_path: Path, url: str, documents: dict[str, Any]) -> None:
    documents[f"/releases/{NAME}/files.json"] = {"form": FORM + 1, "files": []}
    with pytest.raises(Unavailable, match="the same version") as raised:
        fetch(tmp_path, url)
    assert f"form {FORM + 1}" in str(raised.value)


def test_a_file_that_does_not_end_is_not_written_beyond_its_size(
    tmp_path: Path, url: str, documents: dict[str, Any]
) -> None:
    files = [{"path": "manifest.json", "size": 10, "sha256": DIGEST}]
    documents[f"/releases/{NAME}/files.json"] = {"form": FORM, "files": files}
    documents[f"/releases/{NAME}/files/manifest.json"] = b"x" * 20_000_000
    with pytest.raises(Unavailable, match="came damaged"):
        fetch(tmp_path, url)


def test_files_without_the_manifest_of_the_release_are_refused(
    tmp_path: Path, url: str, documents: dict[str, Any]
) -> None:
    documents[f"/releases/{NAME}/files.json"] = {"form": FORM, "files": []}
    with pytest.raises(Unavailable, match="no manifest"):
        fetch(tmp_path, url)
    assert not Releases(tmp_path / "replica").all()
