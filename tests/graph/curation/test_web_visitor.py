"""Visits to pages of a web site that misbehaves: what becomes of each, and that they are polite."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph.core import public_addresses
from graph.curation.polite_client import ReplyLimits
from graph.curation.retry import RetryPolicy
from graph.curation.site_client import VisitSettings, parse_address
from graph.curation.web_visitor import Visit, WebVisitor
from tests.endpoint import Clock
from tests.website import Page, Website, serving

SOON = ReplyLimits(seconds=0.3, size=1000)
PAGE = "/artikel"


@pytest.fixture
def site() -> Iterator[Website]:
    with serving() as site:
        yield site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def visitor(clock: Clock) -> WebVisitor:
    return WebVisitor(settings(clock))


def settings(clock: Clock, **changed: Any) -> VisitSettings:
    def policy() -> RetryPolicy:
        return RetryPolicy(interval=2.0, attempts=2, clock=clock, sleep=clock.sleep)

    return replace(VisitSettings(policy, "hej@utsaga.example", allow_private=True), **changed)


# ---- what becomes of a visit


def test_a_page_that_is_there_is_asked_for_by_head_only(site: Website, visitor: WebVisitor) -> None:
    assert visitor.visit(site.answer(PAGE, Page())) == Visit(200)
    assert site.requests == ["GET /robots.txt", f"HEAD {PAGE}"]
    [agent] = site.agents
    assert agent.startswith("utsaga/")
    assert "https://w3id.org/utsaga/; hej@utsaga.example" in agent


@pytest.mark.parametrize("refusal", [405, 403, 404, 501])
def test_a_page_that_refuses_head_is_asked_for_by_get(
    site: Website, visitor: WebVisitor, refusal: int
) -> None:
    site.answer(f"HEAD {PAGE}", Page(refusal))
    assert visitor.visit(site.answer(PAGE, Page())) == Visit(200)


@pytest.mark.parametrize("status", [404, 410, 403, 451])
def test_a_page_that_is_gone_keeps_its_status(site: Website, visitor: WebVisitor, status: int) -> None:
    assert visitor.visit(site.answer(PAGE, Page(status))) == Visit(status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_the_final_address(site: Website, visitor: WebVisitor, status: int) -> None:
    site.answer("/ny", Page(status, location=f"{site.url}/nyast?id=1#del"))
    site.answer("/nyast?id=1", Page())
    assert visitor.visit(site.answer(PAGE, Page(status, location="ny"))) == Visit(
        200, f"{site.url}/nyast?id=1"
    )


def test_an_address_in_utf_8_is_read_as_such(site: Website, visitor: WebVisitor) -> None:
    site.answer("/%C3%A5r", Page())
    raw = "/år".encode().decode("latin-1")
    assert visitor.visit(site.answer(PAGE, Page(301, location=raw))).moved_to == f"{site.url}/%C3%A5r"


def test_redirects_without_end_are_a_failure(site: Website, visitor: WebVisitor) -> None:
    assert visitor.visit(site.answer(PAGE, Page(302, location=PAGE))).failure == "redirects"
    assert site.requests.count(f"HEAD {PAGE}") == 6


@pytest.mark.parametrize(
    "target",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://a:b@example.org/",
        "http://[",
        "http://x/" + "a" * 2000,
    ],
)
def test_a_redirect_elsewhere_than_to_the_web_is_not_followed(
    site: Website, visitor: WebVisitor, target: str
) -> None:
    assert visitor.visit(site.answer(PAGE, Page(302, location=target))).failure == "not-allowed"


def test_a_page_that_is_late_is_a_failure(site: Website, clock: Clock) -> None:
    visit = WebVisitor(settings(clock, limits=SOON)).visit(site.answer(PAGE, Page(wait=0.8)))
    assert (visit.failure, visit.reached) == ("timeout", False)
    assert site.requests.count(f"HEAD {PAGE}") == 2


def test_a_reply_that_breaks_off_is_a_failure(site: Website, visitor: WebVisitor) -> None:
    visit = visitor.visit(site.answer(PAGE, Page(breaks=True)))
    assert (visit.failure, visit.reached) == ("broken-off", True)


def test_a_host_that_does_not_listen_is_a_failure(visitor: WebVisitor) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        visit = visitor.visit(f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert (visit.status, visit.failure, visit.reached) == (None, "unreachable", False)


def test_a_long_page_is_not_read(site: Website, visitor: WebVisitor) -> None:
    site.answer(f"HEAD {PAGE}", Page(405))
    began = time.monotonic()
    assert visitor.visit(site.answer(PAGE, Page(body=b"x" * (64 << 20)))) == Visit(200)
    assert time.monotonic() - began < 10


# ---- hostile addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]:8000/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://2130706433/",
        "https://192.168.0.1/admin",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:secret@example.org/",
        "http://exa mple.org/",
        "http://example.org/\r\nX-Evil: 1",
        "http://[",
        "http:///path",
        "http://example.org:99999/",
        "",
    ],
)
def test_a_hostile_address_is_not_visited(clock: Clock, url: str) -> None:
    visit = WebVisitor(settings(clock, allow_private=False)).visit(url)
    assert (visit.failure, visit.reached) == ("not-allowed", False)


def test_a_redirect_to_a_private_address_is_not_followed(
    site: Website, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first host counts as public here, so that it can be on this machine."""

    def resolve(host: str) -> str:
        return "127.0.0.1" if host == "public.example" else real(host)

    real = public_addresses.resolve
    monkeypatch.setattr(public_addresses, "resolve", resolve)
    site.answer(PAGE, Page(302, location=f"{site.url}/inside"))
    url = site.url.replace("127.0.0.1", "public.example") + PAGE
    visit = WebVisitor(settings(clock, allow_private=False)).visit(url)
    assert visit.failure == "not-allowed"
    assert site.requests == ["GET /robots.txt", f"HEAD {PAGE}"]


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://Exempel.example", "https://exempel.example/"),
        ("https://exempel.example/å?ö=1#del", "https://exempel.example/%C3%A5?%C3%B6=1"),
        ('http://exempel.example/a"<b>', "http://exempel.example/a%22%3Cb%3E"),
    ],
)
def test_an_address_has_a_normal_form(url: str, normal: str) -> None:
    assert parse_address(url).url == normal


# ---- politeness


def test_requests_to_one_host_keep_their_distance(site: Website, visitor: WebVisitor, clock: Clock) -> None:
    site.answer("/a", Page())
    site.answer("/b", Page())
    visitor.visit(f"{site.url}/a")
    visitor.visit(f"{site.url}/b")
    assert clock.slept == [2.0, 2.0], "robots.txt is fetched once"


def test_a_busy_site_is_asked_again_after_the_time_it_says(
    site: Website, visitor: WebVisitor, clock: Clock
) -> None:
    url = site.answer(PAGE, Page(429, retry_after="7"), Page())
    assert visitor.visit(url) == Visit(200)
    assert max(clock.slept) == 7.0


def test_a_site_that_stays_busy_keeps_its_status(site: Website, visitor: WebVisitor) -> None:
    assert visitor.visit(site.answer(PAGE, Page(429, retry_after="1"))) == Visit(429)
    assert visitor.visit(site.answer("/annan", Page(429, retry_after="3600"))) == Visit(429)
    assert site.requests.count(f"HEAD {PAGE}") == 2
    assert site.requests.count("HEAD /annan") == 1, "an hour is too long to wait"


@pytest.mark.parametrize(
    ("rules", "failure"),
    [
        (b"User-agent: *\nDisallow: /", "robots"),
        (b"User-agent: utsaga\nDisallow: /art", "robots"),
        (b"User-agent: *\nDisallow: /*kel$", "robots"),
        (b"User-agent: *\nDisallow: /\nAllow: /artikel", None),
        (b"User-agent: other\nDisallow: /", None),
        (b"\xff\xfe\x00nonsense", None),
        (b"User-agent: *\nDisallow: /artikel\n" + b"# long\n" * 200_000, "robots"),
    ],
)
def test_robots_txt_is_obeyed(site: Website, visitor: WebVisitor, rules: bytes, failure: str | None) -> None:
    site.answer("/robots.txt", Page(body=rules))
    visit = visitor.visit(site.answer(PAGE, Page()))
    assert (visit.failure, visit.reached) == (failure, True)
    assert (f"HEAD {PAGE}" in site.requests) == (failure is None)


def test_robots_txt_is_obeyed_where_redirects_lead(site: Website, visitor: WebVisitor) -> None:
    site.answer("/robots.txt", Page(body=b"User-agent: *\nDisallow: /inre"))
    assert visitor.visit(site.answer(PAGE, Page(302, location="/inre"))).failure == "robots"


@pytest.mark.parametrize(("status", "failure"), [(404, None), (403, None), (500, "robots"), (503, "robots")])
def test_a_robots_txt_in_error_forbids_all_and_a_missing_one_nothing(
    site: Website, visitor: WebVisitor, status: int, failure: str | None
) -> None:
    site.answer("/robots.txt", Page(status))
    assert visitor.visit(site.answer(PAGE, Page())).failure == failure


def test_a_redirected_robots_txt_is_followed(site: Website, visitor: WebVisitor) -> None:
    site.answer("/robots.txt", Page(301, location="/regler.txt"))
    site.answer("/regler.txt", Page(body=b"User-agent: *\nDisallow: /"))
    assert visitor.visit(site.answer(PAGE, Page())).failure == "robots"


def test_the_delay_that_robots_txt_asks_for_is_kept_within_reason(
    site: Website, visitor: WebVisitor, clock: Clock
) -> None:
    site.answer("/robots.txt", Page(body=b"User-agent: *\nCrawl-delay: 9"))
    site.answer("/a", Page())
    site.answer("/b", Page())
    visitor.visit(f"{site.url}/a")
    visitor.visit(f"{site.url}/b")
    assert clock.slept[-1] == 9.0
