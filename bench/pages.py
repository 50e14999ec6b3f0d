"""Measures our pages of typical entities and hubs beside those of Virtuoso and Trifid, by one connection.

Every request differs in a parameter that nobody reads, so that no cache of answers helps anyone. All are
asked for Swedish, the language of the data.
"""

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

from pyoxigraph import Store

from bench import load
from bench.commands import output_of
from bench.data.registers import HUB
from bench.describe import Describe, Unavailable
from bench.peers import Oxigraph, Running, Utsaga, started
from graph import index as tables
from graph.core.namespaces import BASE, ID, UTS
from graph.release.releases import Releases

_HERE = Path(__file__).parent
_TRIFID: Final = "5.3.0"
_TIMEOUT: Final = 60
_KINDS: Final = {"product": "about", "organisation": "onBehalfOf", "person": "speaker", "law": "cites"}
_HEADERS: Final = {"Accept": "text/html", "Accept-Language": "sv"}
_NUMBERS: Final = count(1)


class Trifid:
    """Zazuko's Trifid from npm, on a native Oxigraph server; its pages are rendered on the server."""

    name = "Trifid"
    path = "/query"
    present = all(map(shutil.which, ("node", "npm")))
    endpoint = ""  # of the SPARQL server that it stands on

    def version(self) -> str:
        """Return which version is installed."""
        return f"Trifid {_TRIFID} on Oxigraph"

    def load(self, data: Path) -> Path:
        """Install it, in a directory beside the data."""
        return load.once(data.parent / f"trifid-{_TRIFID}", self._install)

    def _install(self, home: Path) -> None:
        (home / "package.json").write_text('{"private": true}')
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"trifid@{_TRIFID}"]
        output_of(*command, cwd=home)

    def command(self, home: Path, port: int) -> list[str]:
        """Serve the entities of the endpoint under their own paths."""
        server = str(home / "node_modules" / "trifid" / "server.js")
        where = ["--sparql-endpoint-url", self.endpoint, "--dataset-base-url", BASE]
        return ["node", server, "--port", str(port), *where]


@dataclass(frozen=True)
class Asked:
    """Some pages of one sort: what they are called, and the IRIs or, of our own pages, the paths."""

    name: str
    targets: tuple[str, ...]
    own: bool = False  # only we have such pages


@dataclass(frozen=True)
class Timed:
    """Milliseconds until the answer was whole, those of processor time for one, and its bytes."""

    p50: float
    p95: float
    cpu: float
    size: int


def main() -> None:
    """Make and load the data, measure each server in turn, and write the report."""
    asked = _arguments()
    data = load.generated(asked.place, asked.quads, asked.seed)
    built = "kept from before" if asked.keep else _tables(Utsaga().load(data))
    pages = choose_pages(Utsaga().load(data), asked.seed, asked.typical)
    found: dict[tuple[str, str], Timed | str] = {}
    with started(Utsaga(), Utsaga().load(data)) as running:
        _measure("Utsaga", running, pages, asked.requests, found)
    if Trifid.present and not asked.alone:
        with started(Oxigraph(), Oxigraph().load(data)) as below:
            trifid = Trifid()
            trifid.endpoint = f"http://127.0.0.1:{below.endpoint.port}{below.endpoint.path}"
            with quietly(), started(trifid, trifid.load(data)) as running:
                _measure("Trifid", running, pages, asked.requests, found)
    missing = ""
    if Describe.present and not asked.alone:
        try:
            with started(Describe(), Describe().load(data)) as running:
                _measure("Virtuoso", running, pages, asked.requests, found)
        except Unavailable as error:
            missing = f"Virtuoso is left out, as its /describe cannot be had here: {error}."
    report = _report(asked, [f"Tables of the release: {built}.", missing], pages, found)
    asked.report.write_text(report)
    print(report)


def _tables(home: Path) -> str:
    """Make the tables of the release anew, to tell how long that takes and how large they are."""
    release = Releases(home).live()
    path = release.path / tables.INDEX_FILE
    path.unlink(missing_ok=True)
    begin = time.monotonic()
    tables.write_index(path, Store.read_only(str(release.store)))
    return f"{time.monotonic() - begin:.1f} s, {path.stat().st_size / 1e6:.0f} MB"


def choose_pages(home: Path, seed: int, typical: int) -> list[Asked]:
    """Return what is asked for: entities of middling fame, the most famous ones, and views of a hub."""
    index = tables.SqliteIndex.open(Releases(home).live().path / tables.INDEX_FILE)
    random = Random(seed)  # noqa: S311 (a choice of pages, no secret)
    middling, famous = [], []
    for kind, property_ in _KINDS.items():
        every = index.of_kind(kind)
        names = every.page(0, len(every))
        counted = [(index.link_counts(name).get(UTS + property_, 0), name) for name in names]
        ranked = sorted(pair for pair in counted if pair[0])
        middle = ranked[len(ranked) * 2 // 5 : len(ranked) * 3 // 5]
        middling += [name for _, name in random.sample(middle, min(typical, len(middle)))]
        famous.append(ranked[-1][1])
    hub, by = f"/product/{HUB.removeprefix(f'{ID}product/')}", f"property={quote(UTS + 'about', safe='')}"
    links = f"/resource/links?iri={quote(HUB, safe='')}&{by}"
    views = {
        "hub, oldest first": f"{hub}?sort=oldest",
        "hub, one choice": f"{hub}?kind=safeguard",
        "hub, two choices": f"{hub}?kind=safeguard&year=2019",
        "hub, page 100": f"{hub}?page=100",
        "links to the hub": links,
        "links to the hub, page 50": f"{links}&page=50",
        "list of statements": "/statement",
        "list of statements, two choices": "/statement?kind=safeguard&year=2019",
        "list of organisations, sorted": "/organisation?sort=-statements",
        "home": "/",
    }
    return [
        Asked("typical", tuple(middling)),
        Asked("hub", (HUB,)),
        Asked("most famous of each kind", tuple(famous)),
        *(Asked(name, (path,), own=True) for name, path in views.items()),
    ]


def _measure(
    server: str,
    running: Running,
    pages: list[Asked],
    requests: int,
    found: dict[tuple[str, str], Timed | str],
) -> None:
    for asked in pages:
        if not asked.own or server == "Utsaga":
            try:
                found[asked.name, server] = time_pages(server, running, asked, requests)
            except (OSError, RuntimeError) as error:
                found[asked.name, server] = str(error)[:60]
            print(server, asked.name, found[asked.name, server], flush=True)


def time_pages(server: str, running: Running, asked: Asked, requests: int) -> Timed:
    """Ask for each of the pages in turn, `requests` times in all, after a round that does not count."""
    connection = HTTPConnection("127.0.0.1", running.endpoint.port, timeout=_TIMEOUT)
    taken: list[float] = []
    sizes: list[int] = []
    before = 0.0
    for number in range(-len(asked.targets), max(requests, len(asked.targets))):
        target = asked.targets[number % len(asked.targets)]
        path = target if asked.own else _path(server, target)
        if number == 0:
            before = running.cpu_seconds()
        begin = time.perf_counter()
        apart = f"{'&' if '?' in path else '?'}x={next(_NUMBERS)}"
        connection.request("GET", f"{path}{apart}", headers=_HEADERS)
        response = connection.getresponse()
        size = len(response.read())
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {path}")
        if number >= 0:
            taken.append(1000 * (time.perf_counter() - begin))
            sizes.append(size)
    cpu = 1000 * (running.cpu_seconds() - before) / len(taken)
    connection.close()
    taken.sort()
    return Timed(statistics.median(taken), taken[len(taken) * 95 // 100], cpu, int(statistics.median(sizes)))


def _path(server: str, name: str) -> str:
    """Return the path of the page of the IRI `name` at a server."""
    if server == "Virtuoso":
        return f"/describe/?url={quote(name, safe='')}"
    return f"/{name.removeprefix(ID if server == 'Utsaga' else BASE)}"


@contextmanager
def quietly() -> Iterator[None]:
    """Have what is started write no log of each request."""
    before = os.environ.get("NODE_ENV")
    os.environ["NODE_ENV"] = "production"
    try:
        yield
    finally:
        with suppress(KeyError):
            del os.environ["NODE_ENV"]
        if before is not None:
            os.environ["NODE_ENV"] = before


def _report(
    asked: argparse.Namespace, notes: list[str], pages: list[Asked], found: dict[tuple[str, str], Timed | str]
) -> str:
    names = [name for name in ("Utsaga", "Trifid", "Virtuoso") if any(server == name for _, server in found)]
    versions = {each.name: each.version() for each in (Utsaga(), Trifid(), Describe()) if each.name in names}
    lines = [
        "# Pages",
        "",
        f"{datetime.now(UTC).isoformat(timespec='seconds')}, {asked.quads:,} quads, one connection.",
        "Milliseconds until the answer was whole, p50 (p95); processor time of the server for one; size.",
        f"Load average at the end {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores.",
        *filter(None, notes),
        *(f"{name}: {version}." for name, version in versions.items()),
        "",
        f"| page | {' | '.join(names)} |",
        f"| --- | {' | '.join('---' for _ in names)} |",
    ]
    for page in pages:
        cells = [_cell(found.get((page.name, name), "")) for name in names]
        lines.append(f"| {page.name} | {' | '.join(cells)} |")
    typical, hub = (found.get((name, "Utsaga")) for name in ("typical", "hub"))
    if isinstance(typical, Timed) and isinstance(hub, Timed):
        lines += [
            "",
            f"Hub by typical: {hub.p50 / typical.p50:.1f}; {hub.cpu / typical.cpu:.1f} in processor time.",
        ]
    return "\n".join(lines) + "\n"


def _cell(timed: Timed | str) -> str:
    if isinstance(timed, str):
        return timed
    return f"{timed.p50:.1f} ({timed.p95:.1f}); {timed.cpu:.1f}; {timed.size / 1000:.0f} kB"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=60, help="for each figure")
    parser.add_argument("--typical", type=int, default=15, help="entities of each kind")
    parser.add_argument("--keep", action="store_true", help="take the tables that are there")
    parser.add_argument("--alone", action="store_true", help="measure no other server")
    parser.add_argument("--report", type=Path, default=_HERE / "pages.md")
    parser.add_argument("--place", type=Path, default=load.PLACE, help="where the data is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
