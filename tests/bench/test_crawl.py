"""How the waits of readers are reported, and what the crawler of the measurement counts."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from bench.crawl import Crawler, Waits
from tests.loopback import listening


class Busy(BaseHTTPRequestHandler):
    """Gives the first two requests a page, and refuses the others."""

    seen: list[str]
    enough: threading.Event

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if len(self.seen) > 3:
            self.enough.set()
        self.send_response(200 if len(self.seen) < 3 else 429)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 (its name there)
        """Write nothing."""


def test_waits_are_told_in_milliseconds_with_the_failures() -> None:
    found = Waits.of([("200", number / 1000) for number in range(1, 100)] + [("429", 0.1)])
    assert (round(found.p50), round(found.p99)) == (50, 100)
    assert found.failed == {"429": 1}


def test_the_crawler_goes_through_the_pages_until_it_is_told_to_end() -> None:
    seen: list[str] = []
    crawls, over = threading.Event(), threading.Event()
    results: SimpleQueue[Counter[str]] = SimpleQueue()
    with listening(Busy, seen=seen, enough=over) as url:
        crawls.set()
        host, port = urlsplit(url).netloc.split(":")
        crawler = Crawler((host, int(port)), ["/a", "/b", "/c"], {}, 1, crawls, over)  # type: ignore[arg-type]
        crawler.run(results)  # type: ignore[arg-type]
    assert results.get() == {"200": 2, "429": 2}
    assert seen == ["/a", "/b", "/c", "/a"]
