import gzip
import hashlib

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from web.http.content_coding import IDENTITY, LEAST, Representation, accepted, fields, listed, varying
from web.messages import Headers

TEXT = b"organisation,product\r\nuppsala-kommun,office-365\r\n" * 100
DECODERS = {"zstd": zstandard.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
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
def test_no_header_is_too_strange(header: str) -> None:
    assert accepted(header) in {IDENTITY, *DECODERS}


def test_the_lines_of_a_header_are_one_list() -> None:
    headers = [("vary", "Accept"), ("Vary", "Accept-Language , Cookie"), ("X", "y")]
    assert fields(headers)["vary"] == "Accept, Accept-Language , Cookie"
    assert listed(fields(headers)["vary"]) == {"accept", "accept-language", "cookie"}
    assert listed('Max-Age=60, private="a",') == {"max-age", "private"}
    assert listed("") == set()


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
def test_what_an_answer_depends_on_is_said_once(before: list[str], after: list[str]) -> None:
    changed = varying([CSV, *(("Vary", value) for value in before)])
    assert changed[0] == CSV
    assert [value for _, value in changed[1:]] == after


@pytest.mark.parametrize("coding", DECODERS)
def test_an_answer_in_a_coding(coding: str) -> None:
    plain = Representation.of([CSV, ("ETag", '"abc"'), ("Vary", "Accept"), ("content-length", "7")], TEXT)
    assert plain.body == TEXT
    assert dict(plain.headers) == {
        "Content-Type": CSV[1],
        "ETag": '"abc"',
        "Vary": "Accept, Accept-Encoding",
        "Content-Length": str(len(TEXT)),
    }
    answer = plain.encoded(coding)
    assert DECODERS[coding](answer.body) == TEXT
    assert len(answer.body) < len(TEXT)
    assert dict(answer.headers) == dict(plain.headers) | {
        "ETag": f'"abc-{coding}"',
        "Content-Encoding": coding,
        "Content-Length": str(len(answer.body)),
    }
    assert dict(answer.unchanged) == {"ETag": f'"abc-{coding}"', "Vary": "Accept, Accept-Encoding"}
    assert answer.encoded("gzip") is answer, "never twice"
    assert plain.encoded(coding) == answer, "always the same bytes"
    assert plain.encoded(IDENTITY) is plain


def test_a_coding_knows_no_time() -> None:
    assert Representation.of([CSV], TEXT).encoded("gzip").body[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [('"a"', '"a-gzip"'), ('""', '"-gzip"'), ('W/"a"', 'W/"a"'), ("unquoted", "unquoted"), ("", "")],
)
def test_a_strong_tag_differs_by_coding(tag: str, expected: str) -> None:
    assert fields(Representation.of([CSV, ("ETag", tag)], TEXT).encoded("gzip").headers)["etag"] == expected


@pytest.mark.parametrize(
    ("media_type", "worth_it"),
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
def test_what_is_worth_a_coding(media_type: str, worth_it: bool) -> None:
    answer = Representation.of([("Content-Type", media_type)], TEXT)
    assert (answer.encoded("gzip") is not answer) == worth_it
    assert (fields(answer.headers).get("vary") == "Accept-Encoding") == worth_it


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([], b"a" * (LEAST - 1)),
        ([], hashlib.shake_256(b"").digest(2 * LEAST)),  # not shorter in any coding
        ([("Content-Encoding", "gzip")], TEXT),
        ([("content-encoding", "aes128gcm")], TEXT),
        ([("Cache-Control", "public, No-Transform")], TEXT),
    ],
)
@pytest.mark.parametrize("coding", ["br", "gzip", "zstd"])
def test_what_is_left_as_it_is(headers: Headers, body: bytes, coding: str) -> None:
    answer = Representation.of([("Content-Type", "text/plain"), *headers], body)
    assert answer.encoded(coding).body == body


def test_the_headers_of_a_304_do_not_describe_a_body() -> None:
    kept: Headers = [
        ("ETag", 'W/"a"'),
        ("Cache-Control", "public"),
        ("Content-Location", "/a.csv"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Access-Control-Allow-Origin", "*"),
        ("Link", "</a>; rel=alternate"),
        ("Link", "</b>; rel=alternate"),
    ]
    describing = [("Content-Type", "text/csv"), ("Content-Language", "sv"), ("CONTENT-LENGTH", "1")]
    assert sorted(Representation.of([*kept, *describing], b"a").unchanged) == sorted(kept)
