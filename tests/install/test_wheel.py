"""A user who has nothing but the wheel: from an empty environment to pages and answers."""

import csv
import io
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from bench.client import free_port
from graph.release.release import Release
from graph.release.releases import Releases
from tests.install.conftest import REPOSITORY, SECONDS, Installation

pytestmark = pytest.mark.slow
FOLDERS = ("graph", "web", "ontology", "queries", "sweden", "docs")
LEFT_OUT = ("assets/", ".npmrc", "package.json", "package-lock.json")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/utsaga/ns#Statement> }"


@dataclass(frozen=True)
class Served:
    """A server, what was in the environment before it started, and what it has printed."""

    address: str
    files_before: set[Path]
    log: Path

    def get(self, path: str, accept: str = "text/html") -> str:
        """Return the body of a reply with status 200."""
        request = urllib.request.Request(self.address + path, headers={"Accept": accept})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310 (our own server)
            assert reply.status == 200
            return str(reply.read().decode())


@pytest.fixture(scope="module")
def served(installed: Installation) -> Iterator[Served]:
    """`utsaga serve`, as the user's first command."""
    before, port, log = installed.files(), free_port(), installed.home / "serve.log"
    with (
        log.open("wb") as file,
        subprocess.Popen(
            [str(installed.utsaga), "serve", "--port", str(port)],
            cwd=installed.home,
            env=installed.variables,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait_for(port, process, log)
            yield Served(f"http://127.0.0.1:{port}", before, log)
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server does not answer: {log.read_text()}")


def test_the_wheel_has_every_file_of_the_packages_and_the_scripts(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    expected = {each for each in tracked if each and not each.removeprefix("web/").startswith(LEFT_OUT)}
    if not expected:
        pytest.skip("git does not list the files of this checkout")
    held = set(ZipFile(wheel).namelist())
    assert expected - held == set()
    assert {each for each in held - expected if not each.startswith("utsaga-")} == {
        each.relative_to(REPOSITORY).as_posix() for each in REPOSITORY.glob("web/static/built/*")
    }


def test_the_first_start_builds_the_release_of_this_checkout(
    served: Served, installed: Installation, release: Release
) -> None:
    built = Releases(installed.data / "utsaga" / "releases").live()
    assert built.manifest.digest == release.manifest.digest
    assert "There is no release in" in served.log.read_text()


def test_pages_are_whole(served: Served) -> None:
    assert "<h1" in served.get("/")
    assert "Office 365" in served.get("/organisation/malmo-kommun?lang=sv")
    assert ">Releases</a>" in served.get("/organisation/malmo-kommun?lang=en")
    assert served.get("/static/utsaga.css", "text/css")
    script = next(part for part in served.get("/query").split('"') if part.startswith("/static/built/editor"))
    assert served.get(script, "text/javascript")


def test_the_endpoint_answers(served: Served) -> None:
    body = served.get(f"/sparql?{urlencode({'query': COUNT})}", "text/csv")
    assert int(list(csv.reader(io.StringIO(body)))[1][0]) > 100


def test_stored_queries_run_in_the_terminal(served: Served, installed: Installation) -> None:
    ended = installed.run("query", "who-uses-office-365", "--format", "csv")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) > 10


def test_nothing_is_written_into_the_environment(served: Served, installed: Installation) -> None:
    served.get("/")
    assert installed.files() == served.files_before
