import gzip
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from web.http.content_coding import IDENTITY, LEAST, accepted, encode, is_encodable, listed, varying
from web.http.responses import Headers

TEXT = b"organisation,product\r\nuppsala-kommun,office-365\r\n" * 100
CODINGS = ("br", "gzip", "zstd")
CSV = ("Content-Type", "text/csv; charset=utf-8")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", IDENTITY),
        ("identity", IDENTITY),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip ; q=0.2 ,\tbr;Q=0.3", "br"),
        ("gzip;q=0.001", "gzip"),
        ("deflate, compress", IDENTITY),
        ("deflate, gzip;q=0.1", "gzip"),
        ("identity;q=0.5, gzip;q=0.4", IDENTITY),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=0", IDENTITY),
        ("gzip;q=0.000, br", "br"),
        ("*", "zstd"),
        ("*;q=0.5, gzip", "gzip"),
        ("*;q=0.5, zstd;q=0", "br"),
        ("gzip, *;q=0", "gzip"),
        ("identity;q=0, *", "zstd"),
        ("identity;q=0", IDENTITY),
        ("*;q=0", IDENTITY),
        ("identity;q=0, gzip;q=0", IDENTITY),
        ("gzip;q=7", IDENTITY),
        ("gzip;q=1.5", "gzip"),
        ("gzip;q=-1, br", "br"),
        ("gzip;q=high, br;q=0.1", "br"),
        ("gzip;q=, br;q", IDENTITY),
        ("gzip;level=9", IDENTITY),
        ("gzip br", IDENTITY),
        (",, ;q=1, gzip ,", "gzip"),
        ("gzip;q=٠.٥", IDENTITY),
        ("gzip\x00, br", "br"),
        ("gzip" + ", deflate" * 10_000, IDENTITY),
        ("gzip" + " " * 100_000, IDENTITY),
    ],
)
def test_the_coding_wanted_most_is_chosen(header: str, expected: str) -> None:
    assert accepted(header) == expected


@given(st.text(max_size=300))
def test_any_header_is_parsed(header: str) -> None:
    assert accepted(header) in {IDENTITY, *CODINGS}


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("zstd", zstandard.decompress),
        ("br", brotli.decompress),
        ("gzip", gzip.decompress),
        (IDENTITY, bytes),
    ],
)
def test_an_encoded_body_can_be_decoded_and_is_always_the_same(
    coding: str, decode: Callable[[bytes], bytes]
) -> None:
    assert decode(encode(TEXT, coding)) == TEXT
    assert encode(TEXT, coding) == encode(TEXT, coding)
    assert (len(encode(TEXT, coding)) < len(TEXT)) == (coding != IDENTITY)


def test_gzip_writes_no_time() -> None:
    assert encode(TEXT, "gzip")[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html; charset=utf-8", True),
        ("TEXT/CSV", True),
        ("application/json", True),
        ("application/sparql-results+json", True),
        ("application/ld+json", True),
        ("application/rdf+xml", True),
        ("application/problem+json", True),
        ("application/n-triples", True),
        ("application/n-quads", True),
        ("application/trig", True),
        ("text/turtle", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("font/woff2", False),
        ("application/zip", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_text_is_encodable(media_type: str, expected: bool) -> None:
    assert is_encodable([("Content-Type", media_type)], LEAST) == expected


@pytest.mark.parametrize(
    ("headers", "length", "expected"),
    [
        ([], LEAST, True),
        ([], LEAST - 1, False),
        ([("Content-Encoding", "gzip")], LEAST, False),
        ([("content-encoding", "aes128gcm")], LEAST, False),
        ([("Cache-Control", "public, No-Transform")], LEAST, False),
        ([("Cache-Control", "public")], LEAST, True),
    ],
)
def test_short_encoded_and_protected_bodies_are_not_encodable(
    headers: Headers, length: int, expected: bool
) -> None:
    assert is_encodable([("Content-Type", "text/plain"), *headers], length) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", set()),
        ("Accept, Accept-Language , Cookie", {"accept", "accept-language", "cookie"}),
        ('Max-Age=60, private="a",', {"max-age", "private"}),
    ],
)
def test_a_list_of_names_is_parsed(value: str, expected: set[str]) -> None:
    assert listed(value) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], ["Accept-Encoding"]),
        (["Accept"], ["Accept, Accept-Encoding"]),
        (["Accept", "Cookie"], ["Accept, Cookie, Accept-Encoding"]),
        (["accept-ENCODING, Accept"], ["accept-ENCODING, Accept"]),
        (["*"], ["*"]),
    ],
)
def test_vary_names_accept_encoding_once(before: list[str], after: list[str]) -> None:
    changed = varying([CSV, *(("Vary", value) for value in before)])
    assert changed[0] == CSV
    assert [value for _, value in changed[1:]] == after
