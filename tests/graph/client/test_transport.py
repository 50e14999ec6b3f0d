"""When a client repeats a request, what it asks for, and what it makes of replies that it cannot read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from graph.client import RefusedError, UnansweredError, Utsaga

Reply = tuple[int, dict[str, str], bytes]
BUSY: Reply = (503, {"Retry-After": "0"}, b"{}")
ROWS: Reply = (
    200,
    {"Content-Type": "application/sparql-results+json", "X-Utsaga-Complete": "yes"},
    b'{"head": {}, "boolean": true}',
)
EVIDENCE: dict[str, Any] = {
    "statement": "https://w3id.org/utsaga/id/statement/x",
    "text": {"sv": "x"},
    "attributedTo": {"iri": "x:x", "name": {}},
    "speakerKind": "source",
    "onBehalfOf": [],
    "passages": [],
    "read": False,
    "release": "0123456789ab",
    "cite": {},
    **dict.fromkeys(("kind", "speaker", "speechAct", "certainty", "source")),
}


@contextmanager
def answering(*replies: Reply, wait: float = 0.0) -> Iterator[tuple[Utsaga, list[str]]]:
    """Give a client of a server that sends `replies`, then always the last, and the paths it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = replies[min(len(asked), len(replies) - 1)]
            asked.append(self.path)
            sleep(wait)
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 (the name in http.server)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with Utsaga(f"http://127.0.0.1:{server.server_address[1]}", seconds=0.5) as client:
            yield client, asked
        server.shutdown()


def test_a_busy_server_is_asked_again_when_it_says_when() -> None:
    with answering(BUSY, BUSY, ROWS) as (client, asked):
        assert client.sparql("ASK {}").boolean is True
    assert len(asked) == 3


def test_the_time_that_it_names_is_waited_for() -> None:
    with answering((503, {"Retry-After": "1"}, b"{}"), ROWS) as (client, asked):
        began = monotonic()
        assert client.ask("coverage").boolean is True
        assert monotonic() - began >= 1
    assert asked == ["/queries/coverage.json"] * 2


def test_one_that_stays_busy_is_left_alone_in_the_end() -> None:
    with answering(BUSY) as (client, asked), pytest.raises(RefusedError) as caught:
        client.sparql("ASK {}")
    assert (caught.value.status, caught.value.retry_after, len(asked)) == (503, 0, 4)


@pytest.mark.parametrize(
    "reply",
    [
        (503, {}, b""),
        (429, {"Retry-After": "0"}, b""),
        (413, {"Retry-After": "0"}, b""),
        (422, {}, b'{"limit": "UTSAGA_SECONDS", "title": "No"}'),
        (500, {}, b"<html>"),
        (400, {}, b"[1]"),
        (400, {}, b'{"faults": ["x"], "nearest": null}'),
        (400, {}, b'{"faults": null}'),
    ],
)
def test_no_other_refusal_is_repeated(reply: Reply) -> None:
    with answering(reply) as (client, asked), pytest.raises(RefusedError) as caught:
        client.sparql("ASK {}")
    assert (caught.value.status, len(asked)) == (reply[0], 1)
    assert caught.value.limit == ("UTSAGA_SECONDS" if reply[0] == 422 else None)


def test_an_answer_that_does_not_come_in_time_is_none() -> None:
    with answering(ROWS, wait=2) as (client, asked), pytest.raises(UnansweredError, match="does not answer"):
        client.sparql("ASK {}")
    assert len(asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"head": {}}'])
def test_an_answer_of_another_kind_is_none(body: bytes) -> None:
    with (
        answering((200, {}, body)) as (client, _),
        pytest.raises(UnansweredError, match="not as this client"),
    ):
        client.ask("coverage")


def test_a_connection_that_was_closed_is_opened_once_more() -> None:
    closed: Reply = (0, {}, b"")
    with answering(closed, ROWS) as (client, asked):
        assert client.sparql("ASK {}").boolean is True
    assert len(asked) == 2
    with answering(closed) as (client, asked), pytest.raises(UnansweredError, match="does not answer"):
        client.sparql("ASK {}")
    assert len(asked) == 2


def test_an_answer_that_breaks_off_is_none() -> None:
    reply: Reply = (200, {"Content-Length": "100"}, b"{")
    with answering(reply) as (client, asked), pytest.raises(UnansweredError):
        client.ask("coverage")
    assert len(asked) == 1


@pytest.mark.parametrize("body", [b"[]", b"<html>", b'{"evidence": [{}]}'])
def test_evidence_that_cannot_be_read_is_none(body: bytes) -> None:
    with (
        answering((200, {}, body)) as (client, _),
        pytest.raises(UnansweredError, match="not as this client"),
    ):
        list(client.evidence("law/osl"))


def test_all_pages_of_evidence_are_of_the_release_of_the_first() -> None:
    first = {"evidence": [EVIDENCE], "evidencePage": {"pages": 2}}
    with answering((200, {}, json.dumps(first).encode())) as (client, asked):
        assert len(list(client.evidence("law/osl"))) == 2
    assert asked == ["/law/osl.json", "/law/osl.json?page=2&release=0123456789ab"]


def test_a_release_is_asked_for_by_name() -> None:
    with answering(ROWS) as (client, asked):
        client.ask("coverage", release="0123456789ab")
        with pytest.raises(UnansweredError):
            client.entity("law/osl", release="0123456789ab")
    assert asked == ["/queries/coverage.json?release=0123456789ab", "/law/osl.json?release=0123456789ab"]


def test_a_member_that_a_later_server_adds_is_passed_over() -> None:
    later = EVIDENCE | {"source": None, "later": 1, "attributedTo": {"iri": "x:x", "name": {}, "later": 1}}
    body = json.dumps({"evidence": [later]}).encode()
    with answering((200, {}, body)) as (client, _):
        [found] = client.evidence("law/osl")
    assert found.attributedTo.iri == "x:x"


def test_an_answer_that_does_not_say_that_it_is_whole_is_not() -> None:
    with answering((200, {}, ROWS[2])) as (client, _):
        assert not client.ask("coverage").is_complete
