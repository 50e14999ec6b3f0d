from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.preconditions import evaluate

MODIFIED = datetime(2026, 11, 24, 9, tzinfo=UTC)
NOW, LATER, BEFORE = (f"Tue, 24 Nov 2026 {hour}:00:00 GMT" for hour in ("09", "10", "08"))
DATES = [
    (NOW, True),
    (LATER, True),
    ("Tue, 24 Nov 2026 08:59:59 GMT", False),
    ("Tuesday, 24-Nov-26 09:00:00 GMT", True),
    ("Tue Nov 24 09:00:00 2026", True),
]
NO_DATES = ["2026-11-24", "Tue, 99 Nov 99999 99:99:99 GMT", "yesterday", ""]


def status(
    tag: str = '"a"', modified: datetime | None = MODIFIED, method: str = "GET", /, **headers: str
) -> HTTPStatus:
    """The status for a request with these headers."""
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return evaluate({"REQUEST_METHOD": method} | environ, tag, modified)


@pytest.mark.parametrize(
    ("tag", "header", "held"),
    [
        ('"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('W/"a"', '"a"', True),
        ('W/"a"', 'W/"a"', True),
        ('"a"', '"b"', False),
        ('"a"', '"a-gzip"', False),
        ('"a"', '"b", W/"a" ,"c"', True),
        ('"a,b"', '"x", "a,b"', True),
        ('"a"', "*", True),
        ('"a"', " * ", True),
        ("", "*", True),
        ("", '""', False),
        ('"a"', "a", False),
        ('"a"', "", False),
        ('"a"', '"A"', False),
        ('"a"', '"' * 50_001, False),
        ('"a"', '"b",' * 400 + '"a"', True),
        ('"a"', '"b",' * 500 + '"a"', False),  # past what is read of a header
    ],
)
def test_if_none_match_compares_weakly(tag: str, header: str, held: bool) -> None:
    assert status(tag, if_none_match=header) == (304 if held else 200)
    assert status(tag, MODIFIED, "HEAD", if_none_match=header) == (304 if held else 200)
    assert status(tag, MODIFIED, "POST", if_none_match=header) == 200


@pytest.mark.parametrize(
    ("tag", "header", "matches"),
    [
        ('"a"', '"a"', True),
        ('"a"', '"b" , "a"', True),
        ('"a,b"', '"x", "a,b"', True),
        ('"a"', "*", True),
        ("", "*", True),
        ('"a"', '"b"', False),
        ('"a"', 'W/"a"', False),
        ('W/"a"', '"a"', False),
        ('W/"a"', 'W/"a"', False),
        ("", '"a"', False),
        ('"a"', "a", False),
        ('"a"', "", False),
        ('"a"', '"b",' * 500 + '"a"', False),  # past what is read of a header
    ],
)
def test_if_match_compares_strongly(tag: str, header: str, matches: bool) -> None:
    assert status(tag, if_match=header) == (200 if matches else 412)
    assert status(tag, MODIFIED, "HEAD", if_match=header) == (200 if matches else 412)
    assert status(tag, MODIFIED, "POST", if_match=header) == 200


@pytest.mark.parametrize(("date", "is_held"), DATES)
def test_dates(date: str, is_held: bool) -> None:
    assert status(if_modified_since=date) == (304 if is_held else 200)
    assert status(if_unmodified_since=date) == (200 if is_held else 412)


@pytest.mark.parametrize("date", NO_DATES)
@pytest.mark.parametrize("header", ["if_modified_since", "if_unmodified_since"])
def test_what_is_no_date_is_ignored(header: str, date: str) -> None:
    assert status(**{header: date}) == 200


@pytest.mark.parametrize(("header", "date"), [("if_modified_since", NOW), ("if_unmodified_since", BEFORE)])
def test_dates_are_ignored_where_the_date_of_the_last_change_is_unknown(header: str, date: str) -> None:
    assert status('"a"', None, **{header: date}) == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"if_match": '"a"', "if_unmodified_since": BEFORE}, 200),
        ({"if_match": '"b"', "if_unmodified_since": LATER}, 412),
        ({"if_none_match": '"b"', "if_modified_since": LATER}, 200),
        ({"if_none_match": '"a"', "if_modified_since": BEFORE}, 304),
        ({"if_match": '"b"', "if_none_match": '"a"'}, 412),
        ({"if_match": '"a"', "if_none_match": '"a"'}, 304),
        ({"if_match": '"a"', "if_none_match": '"b"'}, 200),
        ({"if_unmodified_since": BEFORE, "if_none_match": '"a"'}, 412),
        ({"if_unmodified_since": LATER, "if_modified_since": LATER}, 304),
    ],
)
def test_precedence(headers: dict[str, str], expected: int) -> None:
    assert status(**headers) == expected


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_condition_is_too_strange(tags: str, date: str) -> None:
    assert status(if_none_match=tags) in (200, 304)
    assert status(if_modified_since=date) in (200, 304)
    assert status(if_match=tags) in (200, 412)
    assert status(if_unmodified_since=date) in (200, 412)
