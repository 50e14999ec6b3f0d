"""Requests read from what comes over a connection, in whatever pieces it comes."""

from itertools import pairwise
from typing import Any
from wsgiref.types import WSGIEnvironment

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import gateway
from web.gateway import origin_of
from web.reader import Bounds, Reader, Request

ORIGIN = origin_of(("192.0.2.1", 40000), ("127.0.0.1", 8000))
BOUNDS = Bounds(target=1000, body=100)
HOST = b"Host: a\r\n"
PLAIN = b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /b HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
FULL = (
    PLAIN
    + (POST + b"Content-Length: 3\r\n\r\nabc")
    + (CHUNKED + b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\nX-Trailer: 1\r\nHost: b\r\n\r\n")
    + (POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nde")
    + b"\r\nHEAD /c?d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    + (POST + b"Connection: close\r\nContent-Length: 1\r\n\r\nf")
)

Seen = tuple[int, str, str, bytes, bool]


def read(*pieces: bytes) -> list[Request]:
    reader, found = Reader(ORIGIN, BOUNDS), []
    for piece in pieces:
        if not reader.over:
            found += reader.feed(piece)
    return found


def seen(request: Request) -> Seen:
    """Return the status if it is refused, the method, the path, the body, and whether it is the last."""
    environ = request.environ
    if not request.refusal:
        body = environ["wsgi.input"].read()
        return 0, environ["REQUEST_METHOD"], environ["PATH_INFO"], body, request.is_last
    reply = gateway.ask(request.refusal, environ)
    return reply.status, "", "", b"", request.is_last


def refused(*pieces: bytes) -> int:
    """Return the status of the only answer, after which nothing is read."""
    ((status, *_, is_last),) = map(seen, read(*pieces))
    assert is_last
    return status


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PLAIN, (0, "GET", "/a", b"", False)),
        (b"\r\n" + PLAIN, (0, "GET", "/a", b"", False)),
        (b"GET /a HTTP/1.1\r\nhost: a\r\nConnection: close\r\n\r\n", (0, "GET", "/a", b"", True)),
        (b"GET /a HTTP/1.0\r\n\r\n", (0, "GET", "/a", b"", True)),
        (b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", (0, "GET", "/a", b"", False)),
        (b"GET http://b/a HTTP/1.1\r\n" + HOST + b"\r\n", (0, "GET", "/a", b"", False)),
        (b"GET /\xc3\xa5 HTTP/1.1\r\n" + HOST + b"\r\n", (0, "GET", "/Ã¥", b"", False)),
        (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", (0, "OPTIONS", "/", b"", False)),
        (b"DELETE /a HTTP/1.1\r\n" + HOST + b"\r\n", (0, "DELETE", "/a", b"", False)),
        (
            b"QUERY /a HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n\0\xff",
            (0, "QUERY", "/a", b"\0\xff", False),
        ),
        (POST + b"Content-Length: 100\r\n\r\n" + b"x" * 100, (0, "POST", "/b", b"x" * 100, False)),
        (POST + b"Content-Length: 101\r\n\r\n", (0, "POST", "/b", b"", True)),
        (POST + b"Content-Length: 101\r\nExpect: 100-continue\r\n\r\n", (0, "POST", "/b", b"", True)),
        (CHUNKED + b"65\r\n" + b"x" * 101, (0, "POST", "/b", b"x" * 101, True)),
        (CHUNKED + b"65\r\n" + b"x" * 101 + b"\r\nno chunk", (0, "POST", "/b", b"x" * 101, True)),
    ],
)
def test_a_request_is_read(data: bytes, expected: Seen) -> None:
    assert [*map(seen, read(data))] == [expected]


@pytest.mark.parametrize(
    ("status", "data"),
    [
        (400, b"GET / HTTP/1.1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n" + HOST * 2 + b"\r\n"),
        (400, b"GET / HTTP/1.0\r\n" + HOST * 2 + b"\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"),
        (505, b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
        (505, b"GET /\r\n\r\n"),
        (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (400, b"GET / HTTP/3.0\r\n" + HOST + b"\r\n"),
        (501, b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n"),
        (501, b"get / HTTP/1.1\r\n" + HOST + b"\r\n"),
        (400, b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n"),
        (501, b"CONNECT http://a:443 HTTP/1.1\r\n" + HOST + b"\r\n"),
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        (400, b"\0\xff\r\n\r\n"),
        (400, b"GET a HTTP/1.1\r\n" + HOST + b"\r\n"),
        (400, b"GET / a HTTP/1.1\r\n" + HOST + b"\r\n"),
        (400, b"GET http://:99999/ HTTP/1.1\r\n" + HOST + b"\r\n"),
        (400, b"GET / HTTP/1.1\nHost: a\n\n"),
        (400, b"GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n"),
        (400, POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        (501, POST + b"Transfer-Encoding: gzip\r\n\r\n"),
        (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
        (400, POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        (400, POST + b"Content-Length: -3\r\n\r\nabc"),
        (400, POST + b"Content-Length: 3,3\r\n\r\nabc"),
        (400, POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nabc"),
        (400, CHUNKED + b"no chunk\r\n"),
        (414, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
        (431, PLAIN[:-2] + b"a: b\r\n" * 40_000 + b"\r\n"),
        (431, PLAIN[:-2] + b"a: " + b"b" * 70_000 + b"\r\n\r\n"),
    ],
)
def test_what_is_no_request_is_refused_and_nothing_that_follows_is_read(status: int, data: bytes) -> None:
    assert refused(data) == refused(data + PLAIN) == refused(data, PLAIN) == status


@pytest.mark.parametrize(
    ("status", "begun", "piece"),
    [
        (414, b"GET /", b"a" * 1000),
        (431, PLAIN[:-2], b"a: b\r\n" * 100),
        (431, PLAIN[:-2] + b"a: ", b"b" * 1000),
        (431, CHUNKED + b"1\r\na\r\n0\r\na: ", b"b" * 1000),
        (431, CHUNKED + b"1\r\na\r\n1;", b"b" * 1000),
    ],
)
def test_what_has_no_end_is_refused(status: int, begun: bytes, piece: bytes) -> None:
    assert refused(begun, *[piece] * 120) == status
    assert not read(begun, *[piece] * 60)


def test_many_requests_in_one_piece_are_no_long_head() -> None:
    found = read(PLAIN * 5_000 + PLAIN[:20], PLAIN[20:])
    assert [*map(seen, found)] == [(0, "GET", "/a", b"", False)] * 5_001


def test_nothing_that_follows_the_last_request_is_read() -> None:
    last = PLAIN[:-2] + b"Connection: close\r\n\r\n"
    assert [*map(seen, read(PLAIN + last + PLAIN))] == [
        (0, "GET", "/a", b"", False),
        (0, "GET", "/a", b"", True),
    ]
    long = POST + b"Content-Length: 101\r\n\r\n" + b"x" * 101
    assert [*map(seen, read(long + PLAIN))] == [(0, "POST", "/b", b"", True)]


@given(st.lists(st.integers(0, len(FULL))))
def test_however_it_is_cut_the_same_requests_come_out(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(FULL)]
    found = read(*[FULL[start:end] for start, end in pairwise(ends)])
    assert [*map(seen, found)] == [
        (0, "GET", "/a", b"", False),
        (0, "POST", "/b", b"abc", False),
        (0, "POST", "/b", b"abc", False),
        (0, "POST", "/b", b"de", False),
        (0, "HEAD", "/c", b"", False),
        (0, "POST", "/b", b"f", True),
    ]
    assert [request.environ.get("HTTP_HOST") for request in found] == [*"aaaa", None, "a"]
    assert [request.environ.get("HTTP_UPGRADE") for request in found] == [None] * 3 + ["h2c"] + [None] * 2
    assert not any("HTTP_X_TRAILER" in request.environ for request in found)


def test_single_bytes_are_pieces_too() -> None:
    assert len(read(*(FULL[at : at + 1] for at in range(len(FULL))))) == 6


@given(st.binary(max_size=60), st.integers(0, 60))
def test_whatever_comes_hides_nothing_before_it(data: bytes, cut: int) -> None:
    first, *rest = map(seen, read(PLAIN + data[:cut], data[cut:]))
    assert first == (0, "GET", "/a", b"", False)
    assert all(is_last for *_, is_last in rest)


@pytest.mark.parametrize(
    ("lines", "awaited"),
    [
        (b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", True),
        (b"Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n\r\n", True),
        (b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\na", False),
        (b"Content-Length: 2\r\nExpect: miracles\r\n\r\n", False),
        (b"Content-Length: 2\r\n\r\n", False),
        (b"Content-Length: 200\r\nExpect: 100-continue\r\n\r\n", False),
        (b"Expect: 100-continue\r\n\r\n", False),
    ],
)
def test_a_body_is_awaited_if_it_waits_itself(lines: bytes, awaited: bool) -> None:
    reader = Reader(ORIGIN, BOUNDS)
    reader.feed(POST + lines)
    assert reader.awaited == awaited


def test_who_speaks_an_older_version_does_not_wait() -> None:
    reader = Reader(ORIGIN, BOUNDS)
    reader.feed(b"POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert (reader.amid, reader.awaited) == (True, False)


def test_who_wishes_for_another_protocol_is_answered_in_this_one() -> None:
    wish = b"Connection: Upgrade, Settings\r\nUpgrade: websocket\r\n\r\n"
    found = read((PLAIN[:-2] + wish) * 2 + PLAIN)
    assert [*map(seen, found)] == [(0, "GET", "/a", b"", False)] * 3
    assert [request.environ.get("HTTP_UPGRADE") for request in found] == ["websocket", "websocket", None]
    assert found[0].environ["HTTP_CONNECTION"] == "Upgrade, Settings"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([PLAIN], [PLAIN]),
        ([PLAIN, PLAIN], [PLAIN, PLAIN]),
        ([PLAIN * 2], [None, None]),
        ([PLAIN[:9], PLAIN[9:]], [None]),
        ([PLAIN + PLAIN[:9], PLAIN[9:], PLAIN], [None, None, PLAIN]),
        ([PLAIN.replace(b"GET", b"HEAD")], [None]),
        ([PLAIN.replace(b"1.1", b"1.0")], [None]),
        ([PLAIN[:-2] + b"Connection: close\r\n\r\n"], [None]),
        ([PLAIN[:-2] + b"Content-Length: 1\r\n\r\na"], [None]),
        ([CHUNKED + b"0\r\n\r\n"], [None]),
    ],
)
def test_a_plain_request_that_came_alone_is_known_by_its_bytes(
    pieces: list[bytes], expected: list[bytes | None]
) -> None:
    assert [request.raw for request in read(*pieces)] == expected


TARGETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=20).map("/{}".format)


@given(TARGETS, st.sampled_from(["GET", "HEAD"]))
def test_what_has_the_headers_of_the_request_before_it_is_read_alike(target: str, method: str) -> None:
    data = f"{method} {target} HTTP/1.1\r\n".encode() + HOST + b"\r\n"
    alone, after = read(data), read(PLAIN, PLAIN, data)[-1:]
    assert [each.raw for each in after] == [each.raw for each in alone]
    assert [sorted(each.environ) for each in after] == [sorted(each.environ) for each in alone]
    assert [*map(seen, after)] == [*map(seen, alone)]


@pytest.mark.parametrize(("length", "times"), [(3_000, 1), (5_000, 3)])
def test_only_short_headers_are_kept(length: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of many connections keeps some."""
    taken: list[bytes] = []

    def take(*args: Any) -> WSGIEnvironment:
        taken.append(args[3])
        return gateway.environ_of(*args)

    monkeypatch.setattr("web.reader.environ_of", take)
    data = PLAIN[:-2] + b"X-More: " + b"a" * length + b"\r\n\r\n"
    assert [*map(seen, read(data, data, data))] == [(0, "GET", "/a", b"", False)] * 3
    assert taken == [b"/a"] * times


def test_what_the_request_before_it_became_does_not_matter() -> None:
    reader = Reader(ORIGIN, BOUNDS)
    whole_url = PLAIN.replace(b"/a", b"http://b/a")
    for data, host in [(PLAIN, "a"), (whole_url, "b"), (PLAIN, "a"), (PLAIN, "a")]:
        (request,) = reader.feed(data)
        assert request.environ["HTTP_HOST"] == host
        request.environ["HTTP_HOST"] = request.environ["HTTP_MORE"] = "changed"
    for data, length in [(PLAIN + PLAIN, 2), (PLAIN[:-2], 0), (b"\r\n", 1), (PLAIN, 1)]:
        assert len(reader.feed(data)) == length


def test_a_request_that_does_not_come_to_its_end_is_refused() -> None:
    reader = Reader(ORIGIN, BOUNDS)
    assert not reader.feed(PLAIN[:-2])
    assert reader.amid
    assert [seen(request)[0] for request in reader.give_up()] == [408]
    assert reader.over


def test_a_refusal_tells_how_to_do_better() -> None:
    (request,) = read(b"GET / HTTP/1.1\r\n\r\n")
    assert request.refusal
    reply = gateway.ask(request.refusal, request.environ)
    assert ("Content-Type", "application/problem+json") in reply.headers
    assert b"name one host" in reply.body
    expected: dict[str, Any] = {"REQUEST_METHOD": "-", "PATH_INFO": "(unread)", "REMOTE_ADDR": "192.0.2.1"}
    assert expected.items() <= request.environ.items()
