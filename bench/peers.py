"""The servers that are compared: how each loads the data, is started on the loopback interface and ended."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from bench import load
from bench.client import Endpoint, ask, free_port
from bench.commands import output_of
from graph.release.release import FORM

_BIN = Path(sys.executable).parent
_START = 300  # seconds that a server may take to answer
_QUIET = 0.1  # of one core: a server that takes less has done what it does after a start
_TICKS = os.sysconf("SC_CLK_TCK")


class Peer(Protocol):
    """A server that answers SPARQL at `path`; `present` unless it is not installed."""

    name: str
    path: str

    @property
    def present(self) -> bool:
        """Whether the server is installed here."""

    def version(self) -> str:
        """Return what it is, with its version."""

    def load(self, data: Path) -> Path:
        """Return the directory in `data` that holds the data as this server keeps it, made if need be."""

    def command(self, home: Path, port: int) -> list[str]:
        """Return the command that serves that directory on `port`."""


class Utsaga:
    """Our own server, with its default settings, on a release."""

    name = "Utsaga"
    path = "/sparql"
    present = True

    def version(self) -> str:
        """Return our version and those of what it stands on."""
        parts = [f"{name} {version(name)}" for name in ("utsaga", "pyoxigraph", "uvloop", "flask")]
        return f"{', '.join(parts)}, Python {sys.version.split()[0]}"

    def load(self, data: Path) -> Path:
        """Build a release: quads, and their union as the default graph."""
        return load.once(data / f"utsaga-{FORM}", lambda home: load.release(data, home))

    def command(self, home: Path, port: int) -> list[str]:
        """Serve the release as `utsaga serve` does."""
        return [str(_BIN / "utsaga"), "--releases", str(home), "serve", "--port", str(port)]


class Oxigraph:
    """The native server of the same engine, read-only, on the same quads."""

    name = "Oxigraph"
    path = "/query"
    present = (_BIN / "oxigraph").exists()

    def version(self) -> str:
        """Return what the program says it is."""
        return output_of(str(_BIN / "oxigraph"), "--version")

    def load(self, data: Path) -> Path:
        """Load the named graphs, and every triple into the default graph, and compact the store."""
        return load.once(data / "oxigraph", lambda home: self._fill(data, home))

    def _fill(self, data: Path, home: Path) -> None:
        oxigraph = str(_BIN / "oxigraph")
        files = [str(data / "data.nq"), str(data / "data.nt")]
        output_of(oxigraph, "load", "--location", str(home), "--file", *files)
        output_of(oxigraph, "optimize", "--location", str(home))

    def command(self, home: Path, port: int) -> list[str]:
        """Serve the store for reading only."""
        where = ["--location", str(home), "--bind", f"127.0.0.1:{port}"]
        return [str(_BIN / "oxigraph"), "serve-read-only", *where]


class Virtuoso:
    """Virtuoso of Debian's virtuoso-server; its default graph is the union of the named ones."""

    name = "Virtuoso"
    path = "/sparql"
    present = all(map(shutil.which, ("virtuoso-t", "isql-vt")))

    def version(self) -> str:
        """Return what the package says it is."""
        package = output_of("dpkg-query", "--show", "--showformat=${Version}", "virtuoso-opensource-7-bin")
        return f"Virtuoso {package}"

    def load(self, data: Path) -> Path:
        """Load the named graphs with Virtuoso's bulk loader."""
        return load.once(data / "virtuoso", lambda home: self._fill(data, home))

    def _fill(self, data: Path, home: Path) -> None:
        script = home / "load.sql"
        script.write_text(
            f"ld_dir('{data}', 'data.nq', 'http://localhost/');\nrdf_loader_run();\ncheckpoint;\n"
        )
        with started(self, home):
            sql = int((home / "sql-port").read_text())
            output_of("isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", str(script))

    def command(self, home: Path, port: int) -> list[str]:
        """Serve the database, its two ports written into the settings first."""
        sql = free_port()
        (home / "sql-port").write_text(str(sql))
        settings = _VIRTUOSO_INI.format(sql=sql, port=port, data=home.parent)
        (home / "virtuoso.ini").write_text(settings)
        return ["virtuoso-t", "+foreground", "+configfile", str(home / "virtuoso.ini")]


# The buffers hold the whole database in memory. Results and times are unbounded, as they are at the others.
_VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxClientConnections = 20
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""

ALL: tuple[Peer, ...] = (Utsaga(), Oxigraph(), Virtuoso())


@dataclass(frozen=True)
class Running:
    """A server that runs: where it answers, and how many seconds passed before its first answer."""

    endpoint: Endpoint
    session: int
    took: float

    def cpu_seconds(self) -> float:
        """Return the processor time of all processes of the server so far, those that ended included."""
        return cpu_seconds(self.session)


def cpu_seconds(session: int) -> float:
    """Return the processor time of all processes of a session so far, those that ended included."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))  # its own, and that of its children that ended
    return ticks / _TICKS


@contextmanager
def started(peer: Peer, home: Path) -> Iterator[Running]:
    """Run the server on a free port until the block ends, and give it once it answers and rests."""
    endpoint = Endpoint(free_port(), peer.path)
    begin = time.monotonic()
    with (
        (home.parent / f"{peer.name.lower()}.log").open("w") as log,
        subprocess.Popen(  # noqa: S603 (our own commands)
            peer.command(home, endpoint.port), stdout=log, stderr=log, cwd=home, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for(endpoint, process)
            running = Running(endpoint, process.pid, time.monotonic() - begin)
            _wait_until_quiet(running)
            yield running
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(endpoint: Endpoint, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}; see its log")
        with suppress(OSError, RuntimeError):
            ask(endpoint, "ASK {}")
            return
        time.sleep(0.02)
    raise RuntimeError(f"{process.args!r} does not answer; see its log")


def _wait_until_quiet(running: Running) -> None:
    """Return when the server rests, or after a while even so."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        before = running.cpu_seconds()
        time.sleep(1)
        if running.cpu_seconds() - before < _QUIET:
            return
