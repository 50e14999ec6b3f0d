"""Who is a crawler by what it does, and what is closed to crawlers."""

import pytest
from protego import Protego
from werkzeug.test import create_environ

from graph.core.errors import Forbidden
from graph.core.settings import Settings
from web.http.crawlers import CRAWLER, Crawlers, is_closed, robots_rules

GPTBOT = {"User-Agent": "GPTBot/1.2"}
BROWSER = {"Sec-Fetch-Mode": "navigate"}
OPEN = [
    "/",
    "/law/osl",
    "/law/osl.ttl",
    "/queries/coverage",
    "/queries",
    "/organisation?page=2",
    "/map?lang=en",
]
CLOSED = ["/sparql", "/sparql?query=ASK%7B%7D", "/search?q=moln", "/query?query=x", "/compare?product=a"]
CLOSED += ["/build?s=1", "/suggest.json", "/reconcile/match", "/resource?iri=x:a", "/organisation?county=a"]


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def sender(crawlers: Crawlers, path: str, headers: dict[str, str], address: str = "203.0.113.7") -> str:
    """Return the name under which a crawler is charged for a request; empty for anybody else."""
    environ = create_environ(path, headers=headers, environ_overrides={"REMOTE_ADDR": address})
    crawlers.check(environ)
    return str(environ.get(CRAWLER, ""))


@pytest.mark.parametrize("path", OPEN)
def test_pages_are_open_to_a_declared_crawler(path: str) -> None:
    assert sender(Crawlers(Settings()), path, GPTBOT) == "crawler GPTBot"


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_computed_is_closed_to_a_declared_crawler(path: str) -> None:
    with pytest.raises(Forbidden) as refused:
        sender(Crawlers(Settings()), path, GPTBOT)
    assert refused.value.faults[0].rule == "robots.txt"
    assert sender(Crawlers(Settings()), path, {"User-Agent": "curl/8"}) == ""


@pytest.mark.parametrize("path", [*OPEN, *CLOSED])
def test_robots_txt_closes_the_same(path: str) -> None:
    rules = Protego.parse("\n".join(["User-agent: *", *robots_rules()]))
    address, _, query = path.partition("?")
    assert rules.can_fetch(f"https://utsaga.example{path}", "GPTBot") != is_closed(address, query)


def test_a_client_that_asks_for_more_pages_than_people_read_is_a_crawler() -> None:
    clock = Clock()
    crawlers = Crawlers(Settings(crawler_after=3), clock)
    names = [sender(crawlers, f"/law/{number}", {}) for number in range(5)]
    assert names == ["", "", "", "crawler at 203.0.113.7", "crawler at 203.0.113.7"]
    assert sender(crawlers, "/law/osl", {}, "203.0.113.8") == ""
    clock.now = 61.0
    assert sender(crawlers, "/law/0", {}) == "crawler at 203.0.113.7", (
        "one minute is not enough to be forgotten"
    )
    clock.now = 122.0
    assert sender(crawlers, "/law/0", {}) == "", "a minute with few pages is"


def test_who_has_not_been_seen_for_long_is_forgotten() -> None:
    clock = Clock()
    crawlers = Crawlers(Settings(), clock)
    for number in range(1, 101):
        clock.now = float(number)
        sender(crawlers, "/law/osl", {}, f"203.0.113.{number}")
    clock.now = 160.0
    sender(crawlers, "/law/osl", {}, "203.0.113.200")
    assert len(crawlers) == 61, "the sixty whose two minutes are not over, and this one"


def test_a_crawler_by_behaviour_may_still_compute() -> None:
    crawlers = Crawlers(Settings(crawler_after=1))
    for number in range(3):
        sender(crawlers, f"/law/{number}", {})
    assert sender(crawlers, "/search?q=moln", {}) == "crawler at 203.0.113.7"
    assert sender(crawlers, "/sparql?query=ASK%7B%7D", {}) == "", "queries have the budget of people"


@pytest.mark.parametrize(
    ("headers", "address", "after"),
    [(BROWSER, "203.0.113.7", 3), ({}, "127.0.0.1", 3), ({}, "203.0.113.7", 0)],
)
def test_browsers_and_this_machine_are_no_crawlers(headers: dict[str, str], address: str, after: int) -> None:
    crawlers = Crawlers(Settings(crawler_after=after))
    assert {sender(crawlers, f"/law/{number}", headers, address) for number in range(9)} == {""}


def test_the_same_page_again_and_what_is_no_page_do_not_count() -> None:
    crawlers = Crawlers(Settings(crawler_after=3))
    for number in range(9):
        assert sender(crawlers, "/law/osl", {}) == ""
        assert sender(crawlers, f"/static/{number}.css", {}) == ""
        assert sender(crawlers, f"/suggest?prefix={number}", {}) == ""
