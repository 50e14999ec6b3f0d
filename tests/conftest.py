"""What several tests share."""

import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Final

import pytest
from pyoxigraph import Store

from graph.build import pipeline
from graph.release.release import Release
from graph.release.releases import Releases

SHARED = Path(__file__).parents[2] / "shared"
UTSAGA = Path(sys.executable).with_name("utsaga")
MARKS: Final = {
    "browser": "browser",
    "java": "java",
    "oxigraph": "engine",
    "virtuoso": "engine",
    "remote": "engine",
    "engine": "engine",
    "writable": "engine",
    "rebuilt": "slow",
}
"""The marks of tests that need another program or much time, by the fixture that they have it from."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their fixtures, so that `make quick` leaves out those that it should."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKS:
                item.add_marker(MARKS[name])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public suites and source texts, which is not part of the product."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is missing")
    return SHARED


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the project's own facts, built once for all tests; nothing may change it."""
    return pipeline.build(Releases(tmp_path_factory.mktemp("releases")))


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A second release of the same facts, built elsewhere."""
    return pipeline.build(Releases(tmp_path_factory.mktemp("rebuilt")))


@pytest.fixture(scope="session")
def graph_store(release: Release) -> Store:
    """The store of that release, read-only."""
    return Store.read_only(str(release.store))


@pytest.fixture(scope="session")
def server(release: Release) -> Iterator[str]:
    """The address of a real server of that release, on a free port of the loopback interface."""
    with _serving(release.path.parent) as address:
        yield address


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[str]]:
    """What starts a real server: called with the folder of releases and more words for `utsaga serve`."""
    return _serving


@contextmanager
def _serving(releases: Path, *words: str) -> Iterator[str]:
    """Run `utsaga serve` with more `words`, give its address once it answers, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(UTSAGA), "--releases", str(releases), "serve", "--port", str(port), *words]
    with (
        tempfile.TemporaryFile() as log,  # not a pipe: nobody reads it, and a full one would stop the server
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/healthz", process, log)
            yield address
        finally:
            process.terminate()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have the processes of a test take SIGINT, which they inherit as ignored in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: IO[bytes]) -> None:
    """Return when `url` answers; fail if the process ends first or a minute passes."""
    for _ in range(600):
        if process.poll() is not None:
            log.seek(0)
            pytest.fail(f"the server has ended: {log.read().decode()}")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 (the loopback address just made)
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer")
