"""How long a release takes to be pushed into another engine, step by step, and what it takes there.

python -m bench.push --quads 100000 --engine virtuoso

The release has a dump and a manifest only, which is all that a push reads. The engine runs on the loopback.
"""

import gzip
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any, Final, cast

import click
from pyoxigraph import RdfFormat, parse
from rich.console import Console

from bench.client import free_port
from bench.load import PLACE, once
from bench.peers import Oxigraph, Peer, Running, Virtuoso, started
from graph.build.store_writer import load, union
from graph.release.release import DUMP, FORM, Manifest
from graph.release.releases import Releases
from graph.replication.dump_reader import split_quad
from graph.search import writer

UTSAGA: Final = Path(sys.executable).with_name("utsaga")
_BENCH: Final = Path(__file__).parent
_USER: Final = ("dba", "dba")  # of a new database of Virtuoso, which is reached from the loopback alone

PAGES: Final = (
    "/organisation/bladet-1",
    "/product/molnkontoret",
    "/organisation",
    "/search?q=molnet",
    "/queries/adoption-status",
)
_TIMES: Final = 9

out = Console(highlight=False, soft_wrap=True)


class WritableOxigraph(Oxigraph):
    """Oxigraph's server with an empty store that may be written."""

    def command(self, home: Path, port: int) -> list[str]:
        """Serve the store for reading and writing."""
        return ["serve" if each == "serve-read-only" else each for each in super().command(home, port)]


ENGINES: Final[dict[str, Peer]] = {"virtuoso": Virtuoso(), "oxigraph": WritableOxigraph()}


@dataclass
class Timer:
    """The seconds that each step took."""

    steps: dict[str, float]

    def __call__(self, name: str, begun: float) -> None:
        """Record that a step that began at `begun` has ended."""
        self.steps[name] = round(time.monotonic() - begun, 1)
        out.print(f"{name}: {self.steps[name]} s")


def make_release(home: Path, quads: int) -> None:
    """Make a live release in `home`: the dump, sorted as that of any release, and the manifest."""
    releases = Releases(home)
    with releases.building() as place:
        generate = [sys.executable, str(_BENCH / "generate.py"), "--quads", str(quads)]
        sort = ["sort", "--buffer-size=500M", f"--temporary-directory={place}"]
        environment = {**os.environ, "LC_ALL": "C", "PYTHONPATH": str(_BENCH.parent)}
        with (
            subprocess.Popen(generate, stdout=subprocess.PIPE, env=environment) as made,  # noqa: S603 (our own)
            subprocess.Popen(sort, stdin=made.stdout, stdout=subprocess.PIPE, env=environment) as lines,  # noqa: S603
            gzip.open(place / DUMP, "wb", compresslevel=1) as dump,
        ):
            manifest = describe(_copied(lines.stdout or iter(()), dump))
        releases.activate(releases.adopt(place, manifest))


def _copied(lines: Any, dump: Any) -> Iterator[bytes]:
    for line in lines:
        dump.write(line)
        yield line


def describe(lines: Iterator[bytes], created: str = "2026-01-01T00:00:00+00:00") -> Manifest:
    """Return the manifest of a release with these sorted `lines`."""
    digest, graphs, triples, before = sha256(), Counter[str](), 0, b""
    for line in lines:
        digest.update(line)
        triple, graph, _ = split_quad(line)
        graphs[graph[1:-1].decode()] += 1
        triples += triple != before
        before = triple
    name = digest.hexdigest()
    return Manifest(name[:12], name, created, triples, dict(graphs))


def add_index(home: Path) -> None:
    """Add the store, the tables and the text index to the release in `home`, so that it can be served."""
    path = Releases(home).live().path
    with gzip.open(path / DUMP) as dump:
        load(path / "store", union(parse(cast(IO[bytes], dump), format=RdfFormat.N_QUADS)))
    writer.write_text_index(path / writer.INDEX_FOLDER, path / "store")


def time_pages(command: list[str], timer: Timer, name: str) -> None:
    """Run the server that `command` starts, and record its start and how long pages take without a cache."""
    port, begun = free_port(), time.monotonic()
    environment = {**os.environ, "UTSAGA_CACHE_BYTES": "0"}
    command = [*command, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:  # noqa: S603 (our own)
        try:
            while not _get(port, "/readyz"):
                time.sleep(0.05)
            timer(f"{name}: start", begun)
            for page in PAGES:
                seconds = [_seconds(port, page) for _ in range(_TIMES)]
                timer.steps[f"{name}: {page}, ms"] = round(1000 * statistics.median(seconds), 1)
        finally:
            process.terminate()


def _seconds(port: int, page: str) -> float:
    begun = time.monotonic()
    if not _get(port, page):
        raise RuntimeError(f"{page} is no page")
    return time.monotonic() - begun


def _get(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        response = connection.getresponse()
        response.read()
    except OSError:
        return False
    finally:
        connection.close()
    return response.status == 200


class PushRun:
    """One run: a release, an empty engine, and the seconds that each step took."""

    def __init__(self, home: Path, peer: Peer, timer: Timer) -> None:
        """Push the release in `home` into `peer`."""
        self.home, self.peer, self.timer = home, peer, timer
        self.size = 0

    def run(self, place: Path, *, serves: bool) -> None:
        """Start the engine, push, push again, which only verifies, and serve from there if `serves`."""
        shutil.rmtree(self.home / "pushes", ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=place, prefix="push-engine-") as folder:
            database = Path(folder) / "database"
            database.mkdir()
            with started(self.peer, database) as running:
                url = f"http://127.0.0.1:{running.endpoint.port}{running.endpoint.path}"
                for step in ("pushed and verified", "verified again"):
                    self._push(url, running, step)
                self.size = sum(each.stat().st_size for each in database.rglob("*") if each.is_file())
                if serves:
                    served = [str(UTSAGA), "--releases", str(self.home), "serve"]
                    time_pages([*served, "--endpoint", url], self.timer, "served from the engine")
                    time_pages(served, self.timer, "served from the release")

    def _push(self, url: str, running: Running, step: str) -> None:
        command = [str(UTSAGA), "--releases", str(self.home), "push", "--endpoint", url]
        environment = {**os.environ, "UTSAGA_PUSH_USER": _USER[0], "UTSAGA_PUSH_PASSWORD": _USER[1]}
        begun, cpu = time.monotonic(), running.cpu_seconds()
        subprocess.run(command, env=environment, check=True)  # noqa: S603 (our own command)
        self.timer(step, begun)
        self.timer.steps[f"{step}: processor of the engine"] = round(running.cpu_seconds() - cpu, 1)

    def figures(self) -> dict[str, Any]:
        """Return what was measured."""
        release = Releases(self.home).live()
        manifest = release.manifest
        total = sum(manifest.graphs.values()) + manifest.triples
        return {
            "engine": self.peer.version(),
            "quads": sum(manifest.graphs.values()),
            "graphs": len(manifest.graphs),
            "union": manifest.triples,
            "triples a second": round(total / self.timer.steps["pushed and verified"]),
            "bytes of the dump": (release.path / DUMP).stat().st_size,
            "bytes of the database": self.size,
            "most memory of a child, MiB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
            "load average": os.getloadavg()[0],
            "seconds": self.timer.steps,
        }


@click.command()
@click.option("--quads", default=100_000, show_default=True)
@click.option("--engine", type=click.Choice(list(ENGINES)), default="virtuoso", show_default=True)
@click.option("--serve", "serves", is_flag=True, help="Also index the release, and time pages from both.")
@click.option(
    "--place", type=click.Path(path_type=Path), default=PLACE, show_default=True, help="Where data are kept."
)
@click.option("--report", type=click.Path(path_type=Path), help="Where the figures are written, as JSON.")
def main(quads: int, engine: str, serves: bool, place: Path, report: Path | None) -> None:
    """Push a release of so many quads into an empty engine, and then once more, which only verifies."""
    timer, begun = Timer({}), time.monotonic()
    home = once(place / f"push-{FORM}-{quads}", lambda new: make_release(new, quads))
    timer("release made", begun)
    if serves and not (Releases(home).live().path / "store").exists():
        begun = time.monotonic()
        add_index(home)
        timer("release indexed", begun)
    run = PushRun(home, ENGINES[engine], timer)
    run.run(place, serves=serves)
    text = json.dumps(run.figures(), indent=1)
    out.print(text)
    if report:
        report.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
