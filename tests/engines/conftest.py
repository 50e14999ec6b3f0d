"""Other engines with the data of the release, each on the loopback interface and for the test run only."""

import gzip
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store

from graph.backends.embedded import Embedded
from graph.backends.endpoint_index import EndpointIndex, build_index
from graph.backends.in_process import InProcess
from graph.backends.protocol import Backend
from graph.backends.remote import RemoteEndpoint
from graph.core.namespaces import UNION_GRAPH
from graph.core.settings import Settings
from graph.release.release import Release

LOAD = f"""
ld_dir('.', 'utsaga.nq', '{UNION_GRAPH}');
ld_dir('.', 'union.nt', '{UNION_GRAPH}');
rdf_loader_run();
SELECT 'failed', ll_file, ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;
"""  # noqa: S608


@dataclass(frozen=True)
class IndexedEndpoint:
    """Another engine, by its URL, with the index made of what it holds."""

    url: str
    index: EndpointIndex

    def backend(self, *, indexed: bool = True) -> RemoteEndpoint:
        """Return the engine as a backend, which has the index if `indexed`."""
        return RemoteEndpoint(self.url, union=True, index=self.index.tables if indexed else None)


@pytest.fixture(scope="session")
def expected(release: Release) -> InProcess:
    """The release itself, which all engines are compared with."""
    return InProcess.open(release.store)


@pytest.fixture(scope="session")
def workers(release: Release) -> Iterator[Embedded]:
    """The release with its workers, as it is served."""
    backend = Embedded.start(release.store, Settings(workers=2, seconds=60))
    yield backend
    backend.close()


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def remote(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> IndexedEndpoint:
    """Each of the other engines in turn."""
    url: str = request.getfixturevalue(request.param)
    home = tmp_path_factory.mktemp("index")
    return IndexedEndpoint(url, build_index(url, home, Settings()))


@pytest.fixture(scope="session", params=["workers", "oxigraph", "virtuoso"])
def engine(request: pytest.FixtureRequest) -> Backend:
    """Each engine in turn: the embedded store, and the others as endpoints."""
    found: Embedded | str = request.getfixturevalue(request.param)
    return RemoteEndpoint(found, Settings(seconds=60), union=True) if isinstance(found, str) else found


@pytest.fixture(scope="session")
def oxigraph(release: Release) -> Iterator[str]:
    """The URL of an Oxigraph server of the release's own store."""
    command = program("oxigraph", "the package oxigraph of PyPI")
    port = free_port()
    options = ["serve-read-only", "--location", str(release.store), "--bind", f"127.0.0.1:{port}"]
    with running([command, *options], release.path, port):
        yield f"http://127.0.0.1:{port}/query"


@pytest.fixture(scope="session")
def virtuoso(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Virtuoso server that holds the release's graphs, and the union of them as one more.

    Virtuoso's own default graph is the union of all graphs, its own system graphs too, in which a triple
    counts as often as there are graphs that hold it.
    """
    command = program("virtuoso-t", "Debian's package virtuoso-opensource-7-bin")
    client = program("isql-vt", "Debian's package virtuoso-opensource-7-bin")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_port(), free_port()
    ini = Path(__file__).with_name("virtuoso.ini").read_text()
    (folder / "virtuoso.ini").write_text(ini.format(sql=sql, http=http))
    (folder / "utsaga.nq").write_bytes(gzip.decompress((release.path / "utsaga.nq.gz").read_bytes()))
    union = Store.read_only(str(release.store))
    union.dump(str(folder / "union.nt"), format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    (folder / "load.sql").write_text(LOAD)
    with running([command, "-f", "-c", "virtuoso.ini"], folder, http):
        load = [client, f"127.0.0.1:{sql}", "dba", "dba", "load.sql"]
        told = subprocess.run(load, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
        assert "failed" not in told.stdout + told.stderr, told.stdout + told.stderr
        yield f"http://127.0.0.1:{http}/sparql?default-graph-uri={UNION_GRAPH}"


def program(name: str, package: str) -> str:
    """Return where the program is; skip the test if it is not installed."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{name} is not installed: it is in {package}")
    return found


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `command` in `folder`, give it once `port` is open, and end it; fail if that takes a minute."""
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(600):
                assert process.poll() is None, f"{command[0]} ended at once"
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                pytest.fail(f"{command[0]} does not open port {port}")
            yield process
        finally:
            process.kill()
