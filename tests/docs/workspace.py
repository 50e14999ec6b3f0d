"""The folder that the blocks of one document are run in, with a release and servers of its own.

It looks like a checkout: facts, queries and ontology are copies. `utsaga serve` and `make serve` start a
server on another port and come back when it answers; nothing else of the Makefile can be run.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.docs.blocks import REPOSITORY, Block

_WRAPPER: Final = Path(__file__).with_name("background_server.py")
_COPIED: Final = ("graph/facts", "queries", "ontology", "examples")
_SECONDS: Final = 300
_SELECT: Final = "import duckdb, sys; sys.exit(not duckdb.sql(sys.argv[1]).fetchall())"


@dataclass(frozen=True)
class Ended:
    """How a block ended: whether all was well, and what it printed."""

    is_well: bool
    output: str


class Workspace:
    """A folder for the blocks of one document."""

    def __init__(self, folder: Path, releases: Path, server: str, blocks: Iterable[Block]) -> None:
        """Make it in `folder`; `server` is the address of a server of `releases` that all documents share."""
        self.folder, self.server = folder, server
        self._ports = {port: str(free_port()) for block in blocks for port in block.served_ports}
        self._servers = folder / ".servers"
        self._bin = folder / ".bin"
        for name in _COPIED:
            shutil.copytree(REPOSITORY / name, folder / name)
        _link_releases(releases, folder / "releases")
        self._bin.mkdir()
        for name in ("utsaga", "make"):
            script = self._bin / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_WRAPPER}" {name} "$@"\n')
            script.chmod(0o755)

    def run(self, block: Block) -> Ended:
        """Run a block of a language that is run."""
        text = self.local(block.text)
        match block.language:
            case "sh":
                return self._run("bash", "-euo", "pipefail", "-c", text)
            case "python":
                return self._run(sys.executable, "-c", text)
            case "r":
                return self._run("Rscript", "-e", text)
            case "sql":
                return self._run(sys.executable, "-c", _SELECT, text)
            case _:
                return self._query(text)

    def local(self, text: str) -> str:
        """Return `text` with the addresses of the servers that it means."""
        for port, real in self._ports.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{real}")
        return text.replace("http://127.0.0.1:8000", self.server)

    def close(self) -> None:
        """End the servers that blocks have started."""
        if self._servers.exists():
            for line in self._servers.read_text().split():
                os.kill(int(line), signal.SIGTERM)

    def _run(self, *command: str) -> Ended:
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
        return Ended(ended.returncode == 0, ended.stdout.decode("utf-8", "replace"))

    def _environment(self) -> Mapping[str, str]:
        own = {
            "PATH": f"{self._bin}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(self.folder),
            "UTSAGA_RELEASES": str(self.folder / "releases"),
            "DOCS_PORTS": json.dumps(self._ports),
            "DOCS_SERVERS": str(self._servers),
            "COLUMNS": "120",
        }
        return {**os.environ, **own}

    def _query(self, text: str) -> Ended:
        body = urllib.parse.urlencode({"query": text}).encode()
        accept = "application/sparql-results+json, application/n-triples"
        request = urllib.request.Request(  # noqa: S310 (the loopback)
            f"{self.local('http://127.0.0.1:8000')}/sparql", body, {"Accept": accept}
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
                return _has_result(reply.read().decode(), reply.headers["Content-Type"])
        except urllib.error.HTTPError as error:
            with error:
                return Ended(False, error.read().decode())


def _has_result(text: str, media_type: str) -> Ended:
    """Return whether a reply has a row, a triple or “true”."""
    if "json" not in media_type:
        return Ended(bool(text.strip()), text[:2000])
    found = json.loads(text)
    return Ended(bool(found["boolean"] if "boolean" in found else found["results"]["bindings"]), text[:2000])


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _link_releases(releases: Path, place: Path) -> None:
    """Make a folder of the same releases: files of a release never change, those beside them do."""

    def link(source: str, target: str) -> str:
        if Path(source).parent == releases or "query-runs" in source:
            return str(shutil.copy2(source, target))
        os.link(source, target)
        return target

    shutil.copytree(releases, place, symlinks=True, copy_function=link)
