"""Engines that a test writes into, kills and starts again: an Oxigraph server and Virtuoso."""

import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from graph.backends.remote import RemoteEndpoint
from graph.core.settings import Settings
from tests.engines.conftest import free_port, program, running

INI = Path(__file__).with_name("virtuoso.ini")


@dataclass
class WritableEngine:
    """An engine in a folder of its own; `environment` has who may write."""

    name: str
    folder: Path
    command: list[str]
    port: int
    path: str
    environment: dict[str, str] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _process: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def of(cls, name: str, folder: Path) -> "WritableEngine":
        """Return an engine that is not started yet; skip the test if it is not installed."""
        port = free_port()
        if name == "oxigraph":
            oxigraph = program("oxigraph", "the package oxigraph of PyPI")
            options = ["serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
            return cls(name, folder, [oxigraph, *options], port, "/query")
        virtuoso = program("virtuoso-t", "Debian's package virtuoso-opensource-7-bin")
        (folder / "virtuoso.ini").write_text(INI.read_text().format(sql=free_port(), http=port))
        user = {"UTSAGA_PUSH_USER": "dba", "UTSAGA_PUSH_PASSWORD": "dba"}
        return cls(name, folder, [virtuoso, "-f", "-c", "virtuoso.ini"], port, "/sparql", user)

    @property
    def url(self) -> str:
        """The URL of its SPARQL endpoint."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def start(self) -> None:
        """Start it, and return when it answers."""
        for lock in self.folder.glob("*.lck"):  # of one that was killed
            lock.unlink()
        self._process = self._stack.enter_context(running(self.command, self.folder, self.port))
        end = time.monotonic() + 60
        while True:
            try:
                self.select("SELECT ?x WHERE { VALUES ?x { 1 } }")
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self._process
        self._process.kill()
        self._process.wait()
        self._stack.close()

    def select(self, query: str, union: str = "") -> list[dict[str, str]]:
        """Return the rows of a query, asked of the graph `union` if there is one."""
        url = f"{self.url}?default-graph-uri={union}" if union else self.url
        endpoint = RemoteEndpoint(url, Settings(seconds=60))
        try:
            return [{name: term.value for name, term in row.items()} for row in endpoint.select(query)]
        finally:
            endpoint.close()

    def counts(self) -> dict[str, int]:
        """Return the number of triples of each named graph."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {row["g"]: int(row["n"]) for row in rows}
