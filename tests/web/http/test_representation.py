import gzip
import hashlib

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from web.http.content_coding import IDENTITY, LEAST
from web.http.representation import Representation
from web.http.responses import Headers, header

TEXT = b"organisation,product\r\nuppsala-kommun,office-365\r\n" * 100
DECODERS = {"zstd": zstandard.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
CSV = ("Content-Type", "text/csv; charset=utf-8")


@pytest.mark.parametrize("coding", DECODERS)
def test_a_representation_in_a_coding(coding: str) -> None:
    plain = Representation.of([CSV, ("ETag", '"abc"'), ("Vary", "Accept"), ("content-length", "7")], TEXT)
    assert plain.body == TEXT
    assert dict(plain.headers) == {
        "Content-Type": CSV[1],
        "ETag": '"abc"',
        "Vary": "Accept, Accept-Encoding",
        "Content-Length": str(len(TEXT)),
    }
    encoded = plain.encoded(coding)
    assert DECODERS[coding](encoded.body) == TEXT
    assert len(encoded.body) < len(TEXT)
    assert dict(encoded.headers) == dict(plain.headers) | {
        "ETag": f'"abc-{coding}"',
        "Content-Encoding": coding,
        "Content-Length": str(len(encoded.body)),
    }
    assert encoded.encoded("gzip") is encoded, "encoded twice"
    assert plain.encoded(coding) == encoded, "another body for the same tag"
    assert plain.encoded(IDENTITY) is plain


@pytest.mark.parametrize(
    ("tag", "expected"),
    [('"a"', '"a-gzip"'), ('""', '"-gzip"'), ('W/"a"', 'W/"a"'), ("unquoted", "unquoted"), ("", "")],
)
def test_a_strong_tag_differs_by_coding(tag: str, expected: str) -> None:
    encoded = Representation.of([CSV, ("ETag", tag)], TEXT).encoded("gzip")
    assert header(encoded.headers, "etag") == expected


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Content-Type", "text/plain")], b"a" * (LEAST - 1)),
        (
            [("Content-Type", "text/plain")],
            hashlib.shake_256(b"").digest(2 * LEAST),
        ),  # incompressible
        ([("Content-Type", "image/png")], TEXT),
    ],
)
@pytest.mark.parametrize("coding", DECODERS)
def test_a_body_that_a_coding_is_not_worth_is_left_as_it_is(
    headers: Headers, body: bytes, coding: str
) -> None:
    plain = Representation.of(headers, body)
    assert plain.encoded(coding) is plain


def test_what_a_representation_depends_on_is_named_as_in_the_environ() -> None:
    headers = [CSV, ("Vary", "Accept-Language, accept"), ("Vary", "Accept-Encoding")]
    assert Representation.of(headers, TEXT).selected_by == ("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE")


def test_the_response_has_headers_of_its_own() -> None:
    plain = Representation.of([CSV, ("ETag", '"a"')], b"body")
    response = plain.response
    assert (response.status, response.headers, response.read()) == (200, plain.headers, b"body")
    response.headers.append(("X-A", "b"))
    assert plain.response.headers == plain.headers


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("ETag", '"a"')], True),
        ([("ETag", 'W/"a"'), ("Cache-Control", "public, no-cache")], True),
        ([], False),
        ([("ETag", "a")], False),
        ([("ETag", '"a"'), ("ETag", '"b"')], False),
        ([("ETag", '"a"'), ("Cache-Control", "public, No-Store")], False),
        ([("ETag", '"a"'), ("Cache-Control", 'private="Set-Cookie"')], False),
        ([("ETag", '"a"'), ("Set-Cookie", "a=b")], False),
        ([("ETag", '"a"'), ("Vary", "Accept, *")], False),
    ],
)
def test_a_response_with_a_tag_that_is_for_everybody_is_public(headers: Headers, expected: bool) -> None:
    assert Representation.of(headers, b"a").is_public == expected
