"""A web site on the loopback whose pages a test defines, with the Internet Archive's API beside them.

https://archive.org/help/wayback_api.php
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import listening


@dataclass(frozen=True)
class Page:
    """One answer: `wait` is for how many seconds it is late, `breaks` whether it never comes whole."""

    status: int = 200
    location: str = ""
    retry_after: str = ""
    body: bytes = b"<!DOCTYPE html><title>Page</title>"
    wait: float = 0.0
    breaks: bool = False


@dataclass
class Website:
    """The site: its answers by path (or by method and path), in turn and then the last again.

    `snapshots` are the timestamp and the status of the archive's copies; `archive_status` is that of its API.
    """

    url: str = ""
    pages: dict[str, list[Page]] = field(default_factory=dict)
    snapshots: dict[str, tuple[str, str]] = field(default_factory=dict)
    archive_status: int = 200
    requests: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)

    @property
    def archive(self) -> str:
        """The address of the archive's API."""
        return f"{self.url}/wayback/available"

    def answer(self, path: str, *pages: Page) -> str:
        """Let `path` have these answers; return its address."""
        self.pages[path] = [*pages]
        return f"{self.url}/{path.partition('/')[2]}"

    def next_page(self, method: str, path: str) -> Page:
        """Return the next answer to a request."""
        answers = self.pages.get(f"{method} {path}") or self.pages.get(path) or [Page(404)]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def snapshot(self, url: str) -> bytes:
        """Return what the archive says of `url`."""
        if url not in self.snapshots:
            return b'{"url": "", "archived_snapshots": {}}'
        timestamp, status = self.snapshots[url]
        copy = f"http://web.archive.org/web/{timestamp}/{url}"
        closest = {"status": status, "available": True, "url": copy, "timestamp": timestamp}
        return json.dumps({"url": url, "archived_snapshots": {"closest": closest}}).encode()


@contextmanager
def serving() -> Iterator[Website]:
    """Serve a site without pages on a free port until the end."""
    site = Website()
    with listening(_Handler, site=site) as site.url:
        yield site


class _Handler(BaseHTTPRequestHandler):
    site: Website

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.site.requests.append(f"{self.command} {self.path}")
        self.site.agents.add(self.headers.get("User-Agent", ""))
        self.site.hosts.add(self.headers["Host"])
        if self.path.startswith("/wayback/available?"):
            url = parse_qs(urlsplit(self.path).query)["url"][0]
            self._give(Page(self.site.archive_status, body=self.site.snapshot(url)), "application/json")
            return
        page = self.site.next_page(self.command, self.path)
        time.sleep(page.wait)
        if page.breaks:
            self.wfile.write(b"HTTP/1.1 ")
            return
        self._give(page, "text/html")

    def _give(self, page: Page, media_type: str) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(page.body)))
        for name, value in (("Location", page.location), ("Retry-After", page.retry_after)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""
