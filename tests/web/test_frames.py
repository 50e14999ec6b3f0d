"""How answers are framed."""

from collections.abc import Iterator

import pytest

from web.frames import Frame, frame_of
from web.gateway import Reply
from web.messages import Headers
from web.reader import Request


def framed(
    body: bytes = b"ab",
    *,
    status: int = 200,
    length: int | None = None,
    rest: Iterator[bytes] | None = None,
    method: str = "GET",
    version: str = "1.1",
    is_last: bool = False,
) -> Frame:
    headers: Headers = [("X-One", "1"), *([("content-length", str(length))] if length is not None else [])]
    environ = {"REQUEST_METHOD": method, "SERVER_PROTOCOL": f"HTTP/{version}"}
    return frame_of(Reply(status, headers, body, rest), Request(environ, None, is_last))


def lines(frame: Frame) -> list[str]:
    """Return the lines of a head, but for the date, which comes last."""
    first, *found, date, end, nothing = frame.head.decode("latin-1").split("\r\n")
    assert first.startswith("HTTP/1.1 ")
    assert date.startswith("Date: ")
    assert (end, nothing) == ("", "")
    return found


@pytest.mark.parametrize("length", [None, 2])
def test_a_whole_answer_tells_its_length(length: int | None) -> None:
    frame = framed(length=length)
    assert [line.lower() for line in lines(frame)] == ["x-one: 1", "content-length: 2"]
    assert (frame.part(b"ab"), frame.end(2), frame.is_last) == (b"ab", b"", False)


def test_an_answer_in_parts_is_chunked() -> None:
    frame = framed(rest=iter(()))
    assert lines(frame) == ["X-One: 1", "Transfer-Encoding: chunked"]
    assert frame.part(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
    assert frame.part(b"") == b""
    assert frame.end(26) == b"0\r\n\r\n"


def test_an_answer_in_parts_that_tells_its_length_is_not() -> None:
    frame = framed(rest=iter(()), length=3)
    assert lines(frame) == ["X-One: 1", "content-length: 3"]
    assert (frame.part(b"ab"), frame.end(3)) == (b"ab", b"")


@pytest.mark.parametrize(
    ("is_last", "rest", "expected"),
    [
        (False, None, ["Content-Length: 2", "Connection: keep-alive"]),
        (True, None, ["Content-Length: 2", "Connection: close"]),
        (False, iter(()), ["Connection: close"]),
    ],
)
def test_to_an_older_client_an_answer_of_unknown_length_is_the_last(
    is_last: bool, rest: Iterator[bytes] | None, expected: list[str]
) -> None:
    frame = framed(version="1.0", is_last=is_last, rest=rest)
    assert lines(frame) == ["X-One: 1", *expected]
    assert frame.is_last == ("Connection: close" in expected)
    assert (frame.part(b"ab"), frame.end(2)) == (b"ab", b"")


def test_the_last_answer_says_so() -> None:
    assert lines(framed(is_last=True)) == ["X-One: 1", "Content-Length: 2", "Connection: close"]


@pytest.mark.parametrize(("status", "method"), [(200, "HEAD"), (204, "GET"), (304, "GET"), (404, "HEAD")])
@pytest.mark.parametrize("length", [None, 5])
@pytest.mark.parametrize("rest", [None, iter(())])
def test_an_answer_without_a_body_tells_no_length_but_the_application_s(
    status: int, method: str, length: int | None, rest: Iterator[bytes] | None
) -> None:
    frame = framed(status=status, method=method, length=length, rest=rest)
    assert lines(frame)[1:] == ([] if length is None else ["content-length: 5"])
    assert (frame.has_body, frame.is_chunked, frame.part(b"ab")) == (False, False, b"")


@pytest.mark.parametrize("length", [1, 3])
def test_an_answer_that_is_not_as_long_as_it_says_is_none(length: int) -> None:
    with pytest.raises(ValueError, match=f"2 bytes instead of {length}"):
        framed(length=length)
    with pytest.raises(ValueError, match=f"2 bytes instead of {length}"):
        framed(length=length, rest=iter(())).end(2)
