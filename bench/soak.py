"""A soak: many connections ask a server for all it has while its release is swapped; nothing fails or grows.

python -m bench.soak --minutes 10 --connections 32 --swap 20
"""

import multiprocessing
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count, cycle
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import click
from rich.console import Console

from bench.client import free_port
from bench.hostile.attack import is_alive
from bench.hostile.exchange import Address
from graph.build import pipeline
from graph.release.releases import Releases

UTSAGA: Final = Path(sys.executable).with_name("utsaga")
ARTICLE: Final = "sources/ny-teknik-office-365.yaml"
_CLIENTS: Final = 2  # processes that share the connections
_APART: Final = 10_000_000  # between their first numbers
FLAT: Final = 0.1  # the part of its median by which memory may seem to grow over the whole run
_PAGES: Final = (
    "/",
    "/organisation/malmo-kommun",
    "/organisation/region-uppsala.ttl",
    "/product/office-365",
    "/law/osl.jsonld",
    "/organisation",
    "/statement.json",
    "/queries/coverage.csv",
    "/queries/who-uses-office-365.json",
    "/queries/waiting-for-gothenburg.xml",
)
_QUERIES: Final = (
    "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}",
    "SELECT ?s (COUNT(*) AS ?n) {{ ?s ?p ?o }} GROUP BY ?s ORDER BY DESC(?n) LIMIT {}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s a <https://w3id.org/utsaga/ns#Adoption> ; ?p ?o }} LIMIT {}",
    "ASK {{ ?s a <https://w3id.org/utsaga/ns#Municipality> FILTER(1 < {}) }}",
)

Sample = tuple[float, int]  # seconds since the start, bytes

out = Console(highlight=False, soft_wrap=True)


class Swaps:
    """Makes one release after another the live one, each time a number of seconds has passed."""

    def __init__(self, home: Path, releases: list[str], seconds: float) -> None:
        """Take the folder, the ids of its releases, and the seconds between two swaps."""
        self._home, self._names, self._seconds = home, cycle(releases), seconds
        self._due, self.made = time.monotonic() + seconds, 0

    def look(self) -> None:
        """Swap if it is time."""
        if time.monotonic() >= self._due:
            self._due, self.made = self._due + self._seconds, self.made + 1
            activate(self._home, next(self._names))


@dataclass
class Seen:
    """What came back over some connections: answers by status, and failures in words."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def ask(self, connection: HTTPConnection, target: str) -> None:
        """Ask for `target`, and note what comes."""
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            body = response.read()
            status = str(response.status)
            failure = "" if response.status == 200 else f"{status} {target}: {body[:200]!r}"
        except (OSError, HTTPException) as error:
            connection.close()
            status = type(error).__name__
            failure = f"{status} {target}: {error}"
        self.statuses[status] += 1
        if failure:
            self.failures.append(failure)


def load(address: Address, end: float, connections: int, first: int) -> Seen:
    """Ask over so many connections until `end`, each query with a number of its own from `first` on."""
    seen, numbers = Seen(), count(first)

    def client() -> None:
        connection = HTTPConnection(*address, timeout=30)
        for what in cycle((*_PAGES, *_QUERIES)):
            if time.monotonic() > end:
                break
            query = what.format(next(numbers))
            seen.ask(connection, what if what in _PAGES else f"/sparql?{urlencode({'query': query})}")
        connection.close()

    clients = [threading.Thread(target=client, daemon=True) for _ in range(connections)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return seen


def soak(address: Address, pid: int, end: float, connections: int, swaps: Swaps) -> tuple[Seen, list[Sample]]:
    """Load the server and swap until `end`; return what came back, and the memory that `pid` has in all."""
    memory, seen = [], Seen()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_CLIENTS, mp_context=context) as clients:
        share = connections // _CLIENTS
        loads = [clients.submit(load, address, end, share, i * _APART) for i in range(1, _CLIENTS + 1)]
        start = time.monotonic()
        while time.monotonic() < end:
            time.sleep(1)
            memory.append((time.monotonic() - start, resident(pid)))
            swaps.look()
        for each in loads:
            seen.statuses += each.result().statuses
            seen.failures += each.result().failures
    return seen, memory


@click.command()
@click.option("--minutes", default=10.0, show_default=True)
@click.option("--connections", default=32, show_default=True)
@click.option("--swap", default=20.0, show_default=True, help="Seconds from one swap to the next.")
def main(minutes: float, connections: int, swap: float) -> None:
    """Start a server on two releases and load it; exit with 1 if a request fails or memory grows."""
    with tempfile.TemporaryDirectory(prefix="utsaga-soak-") as place:
        home = Path(place) / "releases"
        releases = two_releases(home, Path(place) / "facts")
        with served(home) as (address, process):
            swaps, end = Swaps(home, releases, swap), time.monotonic() + minutes * 60
            seen, memory = soak(address, process.pid, end, connections, swaps)
            alive = process.poll() is None and is_alive(address)
    asked, sizes, growth = sum(seen.statuses.values()), [size for _, size in memory], growing(memory, swap)
    out.print(f"{asked} requests ({asked / minutes / 60:.0f} a second) over {connections} connections")
    out.print(f"answers by status: {dict(seen.statuses)}; {swaps.made} swaps")
    out.print(
        f"memory: {sizes[0] >> 20} MiB first, {int(statistics.median(sizes)) >> 20} median, "
        f"{max(sizes) >> 20} most, {sizes[-1] >> 20} last; trend after warm-up "
        + ("unknown: too few swaps" if growth is None else f"{growth:+.1%} over the run")
    )
    faults = [] if alive else ["the server is not alive at the end"]
    if seen.failures:
        faults.append(f"{len(seen.failures)} requests failed, such as {seen.failures[0]}")
    if growth is not None and growth > FLAT:
        faults.append(f"memory grows by {growth:.1%}")
    for fault in faults:
        out.print(f"✗ {fault}", markup=False)
    sys.exit(1 if faults else 0)


def two_releases(home: Path, facts: Path) -> list[str]:
    """Build two releases in `home` that differ in one sentence; return their ids, the live one last."""
    shutil.copytree(pipeline.FACTS, facts)
    first = pipeline.build(Releases(home), facts)
    article = facts / ARTICLE
    text = article.read_text(encoding="utf-8")
    article.write_text(re.sub(r"sv: (\w+)", r"sv: Och \1", text, count=1), encoding="utf-8")
    second = pipeline.build(Releases(home), facts)
    return [first.manifest.id, second.manifest.id]


@contextmanager
def served(  # noqa: PLR0913 (what a server is started with)
    home: Path,
    port: int = 0,
    *,
    settings: Mapping[str, str] | None = None,
    log: Path | None = None,
    program: Path = UTSAGA,
    words: Sequence[str] = (),
) -> Iterator[tuple[Address, "subprocess.Popen[bytes]"]]:
    """Run `utsaga serve` on the releases in `home`, on a free port unless one is given, and end it.

    `settings` are added to the environment, `words` to the command; what it writes is added to `log`, or to a
    file in `home`.
    """
    address: Address = ("127.0.0.1", port or free_port())
    command = [str(program), "--releases", str(home), "serve", "--port", str(address[1]), *words]
    environment = {**os.environ, **(settings or {})}
    with (
        (log or home / "server.log").open("ab") as lines,
        subprocess.Popen(command, stdout=lines, stderr=lines, env=environment) as process,  # noqa: S603 (our own)
    ):
        try:
            await_life(address, process)
            yield address, process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def await_life(address: Address, process: "subprocess.Popen[bytes]") -> None:
    """Return when the server answers; raise ConnectionError if it ends first or takes half a minute."""
    end = time.monotonic() + 30
    while not is_alive(address):
        if process.poll() is not None or time.monotonic() > end:
            raise ConnectionError(f"the server at port {address[1]} does not answer")
        time.sleep(0.02)


def activate(home: Path, release: str) -> None:
    """Make a release the live one, as an operator does."""
    command = [str(UTSAGA), "--releases", str(home), "releases", "activate", release]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own command)


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found.extend(parents.get(each, ()))
    return found


def resident(pid: int) -> int:
    """Return the bytes of memory that a process and its descendants have, shared pages counted for each."""
    total = 0
    for each in tree(pid):
        try:
            status = Path(f"/proc/{each}/status").read_text()
        except OSError:
            continue
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        total += int(found[1]) * 1024 if found else 0
    return total


def growing(memory: list[Sample], period: float) -> float | None:
    """Return by which part of itself memory grows over the run, going by its trend after warm-up.

    Between two swaps it rises and falls, since two releases are open for a while: periods are compared, and
    the first two, before and after the first swap, are left out. None if that leaves too few.
    """
    periods: dict[int, list[int]] = {}
    for seconds, size in memory:
        periods.setdefault(int(seconds / period), []).append(size)
    means = [statistics.mean(sizes) for sizes in periods.values()][2:-1]  # the last one is cut short
    if len(means) < 3:
        return None
    slope = statistics.linear_regression(range(len(means)), means).slope
    return slope * len(means) / statistics.mean(means)


if __name__ == "__main__":
    main()
