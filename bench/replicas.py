"""Three replicas behind nginx: one is killed under load, a release is fetched meanwhile; no request fails.

python -m bench.replicas --seconds 120 --clients 24

nginx has the configuration of `utsaga gen-config nginx` with the upstream of docs/scaling.md. Each client has
an address of its own on the loopback, and keeps within the limits that nginx sets for one. Responses are
those of pages: one that nginx has passed on in part when its server is killed breaks off.
"""

import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import click
from rich.console import Console

from bench.client import free_port
from bench.hostile.exchange import Address
from bench.soak import UTSAGA, activate, served, two_releases
from bench.strangers.proxy import generated, local, run_nginx

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "scaling.md"
SETTINGS: Final = {
    "UTSAGA_TRUSTED_HOPS": "1",
    "UTSAGA_WORKERS": "2",
}
REPLICAS: Final = 3
_UPSTREAM: Final = re.compile(
    r"^ *upstream utsaga \{\n.*?^ *upstream utsaga_retry \{\n.*?^ *\}\n", re.MULTILINE | re.DOTALL
)
_NEXT: Final = re.compile(r"^ *proxy_next_upstream .*\n", re.MULTILINE)
_PAUSE: Final = 0.05  # seconds between two requests of one client: nginx lets it send fifty a second
_PAGES: Final = (
    "/",
    "/organisation/malmo-kommun",
    "/organisation/region-uppsala.ttl",
    "/product/office-365",
    "/statement",
    "/queries/coverage.csv",
    "/search?q=office",
    "/releases.json",
)
_QUERY: Final = "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}"

out = Console(highlight=False, soft_wrap=True)


@dataclass
class Seen:
    """What came back: statuses, failures in words, which releases were live, and the longest wait."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def ask(self, connection: HTTPConnection, target: str) -> None:
        """Ask for `target`, and note what comes."""
        begun = time.monotonic()
        try:
            connection.request("GET", target, headers={"Accept-Encoding": "gzip"})  # as browsers do
            response = connection.getresponse()
            body = response.read()
            if response.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
        except (OSError, HTTPException) as error:
            connection.close()
            self.statuses[type(error).__name__] += 1
            self.failures.append(f"{target}: {error!r}")
            return
        self.seconds.append(time.monotonic() - begun)
        self.statuses[str(response.status)] += 1
        if response.status != 200:
            self.failures.append(f"{response.status} {target}: {body[:200]!r}")
        elif target == "/releases.json":
            self.releases.append(next(each["id"] for each in json.loads(body) if each["live"]))


class Replicas:
    """A server that builds, and replicas of it in folders of their own."""

    def __init__(self, place: Path, stack: ExitStack) -> None:
        """Build two releases, of which the first is live; start the builder and a replica of each folder."""
        self._place, self._stack = place, stack
        self.builder = place / "builder"
        self.first, self.second = two_releases(self.builder, place / "facts")
        activate(self.builder, self.first)
        address, _ = stack.enter_context(served(self.builder, settings=SETTINGS))
        self._port = address[1]
        self._source = f"http://{address[0]}:{address[1]}"
        self.ports = [free_port() for _ in range(REPLICAS)]
        self.processes: list[subprocess.Popen[bytes]] = []
        for number in range(REPLICAS):
            self.pull(number)
            self.processes.append(self._start(number))

    def home(self, number: int) -> Path:
        """Return the folder of releases of a replica."""
        return self._place / f"replica-{number}"

    def pull(self, number: int) -> str:
        """Fetch what is live at the builder, and return what the command says."""
        command = [str(UTSAGA), "--releases", str(self.home(number)), "pull", self._source]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own)
        return done.stdout.strip()

    def publish(self) -> None:
        """Make the second release live at the builder, and return when its server says so."""
        activate(self.builder, self.second)
        wait_for(lambda: live_at(self._port) == self.second)

    def kill(self, number: int) -> None:
        """Kill a replica with SIGKILL."""
        self.processes[number].kill()
        self.processes[number].wait()

    def restart(self, number: int) -> None:
        """Start a replica that was killed."""
        self.processes[number] = self._start(number)

    def serves_second(self, number: int) -> bool:
        """Return whether a replica serves the second release."""
        return live_at(self.ports[number]) == self.second

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        _, process = self._stack.enter_context(
            served(self.home(number), self.ports[number], settings=SETTINGS)
        )
        return process


def live_at(port: int) -> str:
    """Return the id of the release that the server at `port` serves; nothing if it does not answer."""
    seen = Seen()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    seen.ask(connection, "/releases.json")
    connection.close()
    return seen.releases[0] if seen.releases else ""


def configuration(place: Path, port: int, ports: list[int]) -> str:
    """Return the generated configuration with the documented upstream, at ports of the loopback."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (upstream,), (following,) = _UPSTREAM.findall(text), _NEXT.findall(text)
    base = local(generated(), place, port, free_port(), free_port())
    for number, each in enumerate(ports, 1):
        upstream = upstream.replace(f"10.0.0.{number}:8000", f"127.0.0.1:{each}")
    base, changed = _UPSTREAM.subn(lambda _: upstream, base)
    base, also = _NEXT.subn(lambda _: following, base)
    if (changed, also) != (1, 1) or "10.0.0." in base:
        raise ValueError("docs/scaling.md and the generated configuration do not fit each other")
    return base


@contextmanager
def load(address: Address, clients: int) -> Iterator[Seen]:
    """Send requests of several clients while the block runs."""
    seen, numbers, over = Seen(), count(1000), threading.Event()

    def client(place: int) -> None:
        source = (f"127.0.2.{place + 1}", 0)
        connection = HTTPConnection(*address, timeout=60, source_address=source)
        for number in numbers:
            if over.wait(_PAUSE):
                break
            query = urlencode({"query": _QUERY.format(number)})
            seen.ask(connection, _PAGES[number % len(_PAGES)] if number % 3 else f"/sparql?{query}")
        connection.close()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    for each in threads:
        each.start()
    try:
        yield seen
    finally:
        over.set()
        for each in threads:
            each.join()


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> float:
    """Return how many seconds it took until `condition` held; raise TimeoutError if it does not."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise TimeoutError
        time.sleep(0.2)
    return time.monotonic() - begun


def demonstrate(
    place: Path, clients: int, seconds: float, tell: Callable[[str], None]
) -> tuple[Seen, Replicas]:
    """Kill a replica, publish and fetch a release, and start the killed one again, a third of the time apart.

    Return what the clients saw.
    """
    with ExitStack() as stack:
        replicas = Replicas(place, stack)
        port = free_port()
        (place / "nginx").mkdir()
        stack.enter_context(
            run_nginx(place / "nginx", configuration(place / "nginx", port, replicas.ports), port)
        )
        with load(("127.0.0.1", port), clients) as seen:
            time.sleep(seconds / 4)
            tell(f"{sum(seen.statuses.values())} requests; replica 2 is killed")
            replicas.kill(1)
            time.sleep(seconds / 4)
            tell(f"{sum(seen.statuses.values())} requests; the builder has another release")
            replicas.publish()
            for number in (0, 2):
                begun = time.monotonic()
                told = replicas.pull(number)
                took = time.monotonic() - begun
                wait_for(partial(replicas.serves_second, number))
                tell(f"replica {number + 1} after {took:.1f} s: {told}")
            time.sleep(seconds / 4)
            tell(f"{sum(seen.statuses.values())} requests; replica 2 fetches the release and starts again")
            replicas.pull(1)
            replicas.restart(1)
            time.sleep(seconds / 4)
    return seen, replicas


@click.command()
@click.option("--seconds", default=120.0, show_default=True)
@click.option("--clients", default=24, show_default=True)
def main(seconds: float, clients: int) -> None:
    """Run the demonstration; exit with 1 if a request fails."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="utsaga-replicas-") as place:
        seen, replicas = demonstrate(Path(place), clients, seconds, out.print)
    took, total = time.monotonic() - begun, sum(seen.statuses.values())
    ordered = sorted(seen.seconds)
    out.print(
        f"{total} requests of {clients} clients, {dict(seen.statuses)}, in {took:.0f} s with the builds"
    )
    out.print(
        f"ms: median {1000 * ordered[len(ordered) // 2]:.0f}, "
        f"99 of 100 {1000 * ordered[len(ordered) * 99 // 100]:.0f}, most {1000 * ordered[-1]:.0f}"
    )
    out.print(f"releases seen: {dict(Counter(seen.releases))}, the last {replicas.second}")
    for failure in seen.failures[:10]:
        out.print(f"✗ {failure}", markup=False)
    sys.exit(1 if seen.failures else 0)


if __name__ == "__main__":
    main()
