"""Measures how long readers wait for pages beside a crawl of the whole site, and beside none.

python -m bench.crawl

The server keeps no response, so that every page is made each time: with its cache, readers would wait less. A
crawler asks for one page after another of the sitemap on some connections, as fast as it is answered; after
a 429 it waits a second on that connection. It crawls and rests in turn, a few seconds each, so that whatever
else the machine does meanwhile spoils both figures alike.
"""

import argparse
import itertools
import multiprocessing
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from bench.hostile.exchange import Address
from bench.soak import served

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_READERS, _CRAWLER = "127.0.0.{}", "127.0.0.200"
_SETTINGS = {"UTSAGA_THROTTLE_LOOPBACK": "true", "UTSAGA_CACHE_BYTES": "0"}
_UNLIMITED = {f"UTSAGA_CRAWLER_{name}": "0" for name in ("SECONDS", "QUERIES", "AFTER")} | {
    "UTSAGA_CLIENT_SECONDS": "0",
    "UTSAGA_CLIENT_QUERIES": "0",
}
_BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Accept": "text/html",
    "Sec-Fetch-Mode": "navigate",
}
_DECLARED = {
    "User-Agent": "Mozilla/5.0 (compatible; GPTBot/1.2)",
    "Accept": "text/html",
}
_UNDECLARED = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "text/html"}
_TITLES = ("crawl", "its replies", "p50 alone", "p50 beside", "p99 alone", "p99 beside", "ratio", "failed")
_SETTLE = 0.5  # seconds after which the crawler has stopped, or begun
_POLITE = 10  # niceness of the crawler: elsewhere it has a machine of its own
_MOST = 1.5  # times that the 99th percentile of readers may be what it is without a crawl


@dataclass(frozen=True)
class Waits:
    """How long readers waited for their pages, in milliseconds, and what else they were answered than 200."""

    p50: float
    p99: float
    failed: dict[str, int]

    @classmethod
    def of(cls, samples: Sequence[tuple[str, float]]) -> "Waits":
        """Return the figures of (status, seconds) of each page."""
        cuts = statistics.quantiles([1000 * seconds for _, seconds in samples], n=100)
        return cls(cuts[49], cuts[98], dict(Counter(status for status, _ in samples if status != "200")))


def main() -> None:
    """Print the waits in ms without and beside each crawl; exit with 1 if a limited one costs too much."""
    asked = _arguments()
    print(f"load average {os.getloadavg()[0]:.1f}; {asked.readers} readers, {asked.rate:g} pages a second")
    print(f"| {' | '.join(_TITLES)} |\n" + "| --- " * len(_TITLES) + "|")
    too_much = False
    for settings, crawls in (
        (_SETTINGS, (("declared", _DECLARED), ("not declared", _UNDECLARED))),
        (_SETTINGS | _UNLIMITED, (("without limits", _UNDECLARED),)),
    ):
        with served(asked.releases, settings=settings, log=asked.log) as (address, _):
            pages = _pages(address)
            _visit(address, pages)
            for name, headers in crawls:
                alone, beside, replies = _compare(address, pages, headers, asked)
                _print(name, replies, alone, beside)
                too_much |= settings is _SETTINGS and beside.p99 > _MOST * alone.p99
    raise SystemExit(int(too_much))


def _visit(address: Address, pages: list[str]) -> None:
    """Ask for each page once: first replies take longer, and so do all while a server prepares itself."""
    connection = HTTPConnection(*address, timeout=60, source_address=(_READERS.format(9), 0))
    for path in pages:
        _status(connection, path, _BROWSER)
    connection.close()


def _compare(
    address: Address, pages: list[str], headers: dict[str, str], asked: argparse.Namespace
) -> tuple[Waits, Waits, Counter[str]]:
    """Return the waits of readers while a crawler rests and while it crawls, and the count of its replies."""
    alone, beside = [], []
    with _crawl(address, pages, headers, asked.connections) as (crawls, replies):
        for _ in range(asked.rounds):
            crawls.clear()
            time.sleep(_SETTLE)
            alone += _read(address, pages, asked)
            crawls.set()
            time.sleep(_SETTLE)
            beside += _read(address, pages, asked)
    return Waits.of(alone), Waits.of(beside), replies


def _pages(address: Address) -> list[str]:
    """Return the paths of the sitemap."""
    connection = HTTPConnection(*address, timeout=60)
    connection.request("GET", "/sitemap.xml")
    found = ElementTree.fromstring(connection.getresponse().read())  # noqa: S314 (our own server)
    connection.close()
    return [urlsplit(each.text or "").path for each in found.iter(_LOC)]


def _read(address: Address, pages: list[str], asked: argparse.Namespace) -> list[tuple[str, float]]:
    """Return (status, seconds) of the pages that the readers have asked for, each from an address of its own.

    Each asks at a fixed rate; a page that comes late is counted from when it should have been asked for.
    """
    with ThreadPoolExecutor(asked.readers) as threads:
        readers = [
            threads.submit(_reader, address, number, pages, asked.readers / asked.rate, asked.seconds)
            for number in range(asked.readers)
        ]
        return [sample for each in readers for sample in each.result()]


def _reader(
    address: Address, number: int, pages: list[str], pause: float, seconds: float
) -> list[tuple[str, float]]:
    chance = random.Random(number)  # noqa: S311 (no secret)
    connection = HTTPConnection(*address, timeout=60, source_address=(_READERS.format(10 + number), 0))
    begin = time.monotonic() + chance.random() * pause
    samples = []
    for turn in range(int(seconds / pause)):
        due = begin + turn * pause
        time.sleep(max(0.0, due - time.monotonic()))
        status = _status(connection, chance.choice(pages), _BROWSER)
        samples.append((status, time.monotonic() - due))
    connection.close()
    return samples


@contextmanager
def _crawl(
    address: Address, pages: list[str], headers: dict[str, str], connections: int
) -> Iterator[tuple[Event, Counter[str]]]:
    """Run a crawler in another process, which crawls while the event is set; count each status at its end."""
    context = multiprocessing.get_context("spawn")
    crawls, over, results = context.Event(), context.Event(), context.SimpleQueue()
    crawler = Crawler(address, pages, headers, connections, crawls, over)
    process = context.Process(target=_run_politely, args=(crawler, results), daemon=True)
    process.start()
    found: Counter[str] = Counter()
    try:
        yield crawls, found
    finally:
        over.set()
        crawls.set()
        found.update(results.get())
        process.join()


@dataclass(frozen=True)
class Crawler:
    """A client that asks for all pages again and again while `crawls` is set, until `over`."""

    address: Address
    pages: list[str]
    headers: dict[str, str]
    connections: int
    crawls: Event
    over: Event

    def run(self, results: "multiprocessing.SimpleQueue[Counter[str]]") -> None:
        """Crawl on all connections, and put the count of each status into `results`."""
        queue = itertools.cycle(self.pages)
        with ThreadPoolExecutor(self.connections) as threads:
            clients = [threads.submit(self._client, queue) for _ in range(self.connections)]
            results.put(sum((each.result() for each in clients), Counter()))

    def _client(self, queue: Iterator[str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        connection = HTTPConnection(*self.address, timeout=60, source_address=(_CRAWLER, 0))
        while self.crawls.wait() and not self.over.is_set():
            status = _status(connection, next(queue), self.headers)
            counts[status] += 1
            if status == "429":
                self.over.wait(1)
        connection.close()
        return counts


def _run_politely(crawler: Crawler, results: "multiprocessing.SimpleQueue[Counter[str]]") -> None:
    os.nice(_POLITE)
    crawler.run(results)


def _status(connection: HTTPConnection, path: str, headers: dict[str, str]) -> str:
    """Return the status of a page that has been read to its end, or the error there was."""
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException) as error:
        connection.close()
        return type(error).__name__
    return str(response.status)


def _print(crawl: str, replies: Counter[str], alone: Waits, beside: Waits) -> None:
    told = " ".join(f"{status}×{count}" for status, count in sorted(replies.items()))
    figures = f"{alone.p50:.1f} | {beside.p50:.1f} | {alone.p99:.1f} | {beside.p99:.1f}"
    ratio = f"{beside.p99 / alone.p99:.2f}"
    print(f"| {crawl} | {told} | {figures} | {ratio} | {alone.failed | beside.failed or ''} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=Path, default=Path("releases"))
    parser.add_argument("--seconds", type=int, default=5, help="of reading, twice in a round")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--rate", type=float, default=10.0, help="pages that all readers ask for in a second")
    parser.add_argument("--connections", type=int, default=8, help="of the crawler")
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="where the server writes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
