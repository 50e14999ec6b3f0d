"""Heads of answers, and first lines of requests."""

import time
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.messages import ending, opening, quoted


def test_a_head_is_its_status_and_its_headers() -> None:
    assert opening(404, [("A", "b"), ("a", "c: d")]) == b"HTTP/1.1 404 Not Found\r\nA: b\r\na: c: d\r\n"
    assert opening(200, [("Å", "ÿ\t")]) == b"HTTP/1.1 200 OK\r\n\xc5: \xff\t\r\n"


def test_it_ends_with_the_time() -> None:
    first, date, *end = ending([("A", "b")]).decode().split("\r\n")
    assert (first, end) == ("A: b", ["", ""])
    named = parsedate_to_datetime(date.removeprefix("Date: ")).timestamp()
    assert time.time() - 5 < named <= time.time()


@pytest.mark.parametrize("end", ["\r", "\n", "\0", "\r\nX: y"])
def test_a_header_of_several_lines_is_none(end: str) -> None:
    for header in ((f"A{end}", "b"), ("A", f"b{end}c")):
        for _ in range(2):  # nor is it kept
            with pytest.raises(ValueError, match="more than one line"):
                opening(200, [header])
            with pytest.raises(ValueError, match="more than one line"):
                ending([header])


def test_a_header_is_latin_1() -> None:
    with pytest.raises(ValueError, match="latin-1"):
        opening(200, [("A", "—")])


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=20))
def test_any_other_header_is_one_line(value: str) -> None:
    assert opening(200, [("A", value)]) == b"HTTP/1.1 200 OK\r\nA: " + value.encode("latin-1") + b"\r\n"


def test_an_address_is_quoted_as_it_was_typed_and_the_rest_is_left() -> None:
    rest = "\r\nHost: å\r\n\r\nGET /ö HTTP/1.1".encode()
    line = "GET /search?q=Malmö&r=%C3%A5+#/?:@!$'()*,;=[] HTTP/1.1"
    assert quoted(line.encode() + rest) == line.replace("ö", "%C3%B6").encode() + rest
    assert quoted("GET /ö".encode()) == b"GET /%C3%B6"


@given(
    st.binary(max_size=40).filter(lambda line: b"%" not in line and b"\r\n" not in line),
    st.binary(max_size=20),
)
def test_what_is_quoted_is_ascii_and_means_the_same(line: bytes, rest: bytes) -> None:
    first, _, found = quoted(line + b"\r\n" + rest).partition(b"\r\n")
    assert first.isascii()
    assert unquote_to_bytes(first) == line
    assert found == rest
