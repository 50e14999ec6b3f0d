import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from contextvars import Context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.access_log import Ended, Log, current_id, open_log, timestamp


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; the loggers are as before afterwards."""
    loggers = [logging.getLogger(name) for name in ("web", "graph")]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]
    yield io.StringIO()
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture
def request_id() -> Iterator[str]:
    """The id of the request that is answered now."""
    token = current_id.set("id-7")
    yield "id-7"
    current_id.reset(token)


def ended(**changed: object) -> Ended:
    fields = {"id": "a-1", "method": "GET", "path": "/a", "status": 200, "sent": 5, "seconds": 0.1234567}
    return Ended(**{**fields, "at": 0.0, **changed})  # type: ignore[arg-type]


def test_a_request_is_a_line_with_these_fields() -> None:
    assert json.loads(ended(path="/organisation/malmö").line()) == {
        "time": "1970-01-01T00:00:00.000Z",
        "level": "info",
        "id": "a-1",
        "event": "request",
        "method": "GET",
        "path": "/organisation/malmö",
        "status": 200,
        "bytes": 5,
        "seconds": 0.123457,
    }


def test_a_query_is_a_field_only_where_it_is_given() -> None:
    assert "query" not in json.loads(ended().line())
    assert json.loads(ended(query='ASK { ?s ?p "å\n\x9b" }').line())["query"] == 'ASK { ?s ?p "å\n\x9b" }'
    assert json.loads(ended(query="").line())["query"] == ""


@given(st.text(max_size=700), st.text(max_size=20), st.text(max_size=50))
def test_any_request_is_one_line_of_ascii(path: str, method: str, query: str) -> None:
    line = ended(path=path, method=method, query=query).line()
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["method"] == method


@pytest.mark.parametrize("letter", ["a", "\n", "\xff", "å"])
def test_a_line_is_short_enough_to_be_written_to_a_pipe_at_once(letter: str) -> None:
    assert len(ended(path="/" + letter * 60_000, method=letter * 60_000).line()) < 4096


def test_a_request_is_written_when_it_is_added(stream: io.StringIO) -> None:
    Log(stream).add(ended())
    assert stream.getvalue() == ended().line() + "\n"


def test_lines_of_several_threads_are_whole(stream: io.StringIO) -> None:
    log = Log(stream)

    def add() -> None:
        for _ in range(200):
            log.add(ended())

    work = [threading.Thread(target=add) for _ in range(4)]
    for each in work:
        each.start()
    for each in work:
        each.join()
    assert stream.getvalue().splitlines() == [ended().line()] * 800


def test_a_log_that_cannot_be_written_raises_nothing() -> None:
    class Full(io.StringIO):
        def write(self, _: str, /) -> int:
            raise OSError("no space left on device")

    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        Log(stream).add(ended())


def test_records_of_both_packages_are_written_once_to_the_last_stream(
    stream: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    before = io.StringIO()
    open_log(before)
    open_log(stream)
    logging.getLogger("web.runtime.releases").info("started")
    logging.getLogger("graph.workers.pool").warning("ended: %s", "timeout")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [
        ("info", "started"),
        ("warning", "ended: timeout"),
    ]
    assert not before.getvalue()
    assert not caplog.records


def test_a_record_has_its_time_and_the_id_of_its_request(stream: io.StringIO, request_id: str) -> None:
    open_log(stream)
    logging.getLogger("web").info("within")
    line = json.loads(stream.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "info", "id": request_id, "event": "within"}


def test_a_record_outside_a_request_has_no_id(stream: io.StringIO) -> None:
    open_log(stream)
    Context().run(logging.getLogger("web").info, "outside")
    assert "id" not in json.loads(stream.getvalue())


def test_an_exception_is_a_traceback_on_the_same_line(stream: io.StringIO) -> None:
    open_log(stream)
    try:
        raise ZeroDivisionError("within")
    except ZeroDivisionError:
        logging.getLogger("web").exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["level"] == "error"
    assert "ZeroDivisionError: within" in json.loads(line)["traceback"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_514_400.25, "2026-11-24T10:00:00.250Z"),
        (1_795_514_400.9999, "2026-11-24T10:00:00.999Z"),
    ],
)
def test_a_time_is_written_in_utc(seconds: float, expected: str) -> None:
    assert timestamp(seconds) == expected
