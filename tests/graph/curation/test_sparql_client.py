"""Other people's endpoints: asked politely, and accepted only when their answers are whole."""

from collections.abc import Iterator

import pytest

from graph.core.errors import BadInput, TooLarge, Unavailable
from graph.core.terms import Term, iri, text
from graph.curation.polite_client import ReplyLimits
from graph.curation.retry import RetryPolicy, TransientError
from graph.curation.sparql_client import SparqlClient, batches
from tests.endpoint import Clock, Endpoint, serving

LABELS = "SELECT ?item ?label WHERE { ?item <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
REGION = text("Region Sörmland", "sv")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with serving() as endpoint:
        yield endpoint


@pytest.fixture
def clock() -> Clock:
    return Clock()


def outside(endpoint: Endpoint, clock: Clock, seconds: float = 5, size: int = 1 << 20) -> SparqlClient:
    policy = RetryPolicy(attempts=3, clock=clock, sleep=clock.sleep)
    return SparqlClient(endpoint.url, policy, ReplyLimits(seconds, size), contact="https://example.org/us")


def test_values_are_terms_and_never_text(endpoint: Endpoint, clock: Clock) -> None:
    hostile = text('" } } DROP ALL #\\', "sv")
    rows = outside(endpoint, clock).select(LABELS, label=[REGION, hostile, REGION])
    assert {row["item"].value.rpartition("/")[2] for row in rows} == {"Q900000001", "Q900000002"}
    assert {row["label"] for row in rows} == {REGION}
    sent = endpoint.queries[-1]
    assert sent.count('"Region Sörmland"@sv') == 1
    assert r'"\" } } DROP ALL #\\"@sv' in sent


def test_nothing_is_asked_about_nothing(endpoint: Endpoint, clock: Clock) -> None:
    asked = len(endpoint.queries)
    assert outside(endpoint, clock).select(LABELS, label=[]) == []
    for term in (iri("http://x/> } #"), Term("b1", "blank")):
        with pytest.raises(ValueError, match=r"IRI|blank"):
            outside(endpoint, clock).select(LABELS, item=[term])
    assert len(endpoint.queries) == asked


def test_we_say_who_we_are(endpoint: Endpoint, clock: Clock) -> None:
    outside(endpoint, clock).select(LABELS, label=[REGION])
    headers = endpoint.headers[-1]
    assert headers["user-agent"].startswith("utsaga/")
    assert "(https://w3id.org/utsaga/; https://example.org/us)" in headers["user-agent"]
    assert headers["accept"].startswith("application/sparql-results+json")


def test_requests_are_spaced(endpoint: Endpoint, clock: Clock) -> None:
    asking = outside(endpoint, clock)
    for _ in range(3):
        asking.select(LABELS, label=[REGION])
    assert clock.slept == [1.0, 1.0]
    clock.now += 60
    asking.select(LABELS, label=[REGION])
    assert clock.slept == [1.0, 1.0]


@pytest.mark.parametrize(
    ("behaviour", "seconds", "waits"),
    [
        ("busy", 5, (7, 7.5)),
        ("busy-until", 5, (37, 41)),
        ("fails", 5, (1, 2)),
        ("cut-off", 5, (1, 2)),
        ("half", 5, (1, 2)),
        ("slow", 0.3, (1, 2)),
        ("drip", 0.3, (1, 2)),
    ],
)
def test_what_passes_is_asked_again(
    endpoint: Endpoint, clock: Clock, behaviour: str, seconds: float, waits: tuple[float, float]
) -> None:
    endpoint.behave(behaviour)
    asked = len(endpoint.queries)
    assert len(outside(endpoint, clock, seconds).select(LABELS, label=[REGION])) == 2
    assert len(endpoint.queries) == asked + 2
    assert waits[0] <= sum(clock.slept) <= waits[1]


def test_each_wait_is_longer_and_in_the_end_it_is_an_error(endpoint: Endpoint, clock: Clock) -> None:
    endpoint.behave("fails", "fails", "fails")
    told: list[str] = []
    policy = RetryPolicy(attempts=3, clock=clock, sleep=clock.sleep, report=told.append)
    with pytest.raises(TransientError, match=r"127\.0\.0\.1.*status 500.*outside service.*try again later"):
        SparqlClient(endpoint.url, policy).select(LABELS, label=[REGION])
    assert [words.partition(";")[0] for words in told] == ["The service answered with the status 500"] * 2
    assert not endpoint.coming
    first, second = clock.slept
    assert 1 <= first < second <= 3


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("hidden", "status 403"),
        ("wrong", "status 400"),
        ("elsewhere", "status 302"),
        ("page", "answered with text/html, not with the results of a query"),
        ("csv", "answered with text/csv"),
        ("busy-long", "try again in 3600 seconds"),
    ],
)
def test_what_does_not_pass_is_not_asked_again(
    endpoint: Endpoint, clock: Clock, behaviour: str, words: str
) -> None:
    endpoint.behave(behaviour)
    asked = len(endpoint.queries)
    with pytest.raises(Unavailable, match=words):
        outside(endpoint, clock).select(LABELS, label=[REGION])
    assert len(endpoint.queries) == asked + 1
    assert not clock.slept


def test_an_answer_is_bounded(endpoint: Endpoint, clock: Clock) -> None:
    endpoint.behave("endless")
    with pytest.raises(TooLarge, match="more than 1,048,576 bytes"):
        outside(endpoint, clock).select(LABELS, label=[REGION])


def test_a_truth_is_no_answer(endpoint: Endpoint, clock: Clock) -> None:
    endpoint.behave("truth", "truth", "truth")
    with pytest.raises(Unavailable, match="holds a boolean and no rows"):
        outside(endpoint, clock).select(LABELS, label=[REGION])


def test_an_endpoint_that_is_not_there_is_told_at_once(clock: Clock) -> None:
    with serving() as gone:
        pass
    with pytest.raises(Unavailable, match="cannot be reached"):
        outside(gone, clock).select(LABELS, label=[REGION])
    assert not clock.slept


@pytest.mark.parametrize(
    "url", ["ftp://x/", "file:///etc/passwd", "x", "", "http://", "http://[/", "http://x/ y"]
)
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(BadInput, match="not the URL of a service"):
        SparqlClient(url)


def test_things_come_in_batches() -> None:
    assert list(batches("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
