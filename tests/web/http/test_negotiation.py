import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.core.errors import NotAcceptable
from web.http.negotiation import LONGEST, Range, best, choose, preferred_language, ranges

JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"
OFFERED = (JSON, XML, CSV)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", []),
        ("text/csv", [("text/csv", 1)]),
        ("TEXT/Csv ; Q=0.5", [("text/csv", 0.5)]),
        ("text/csv; header=present; q=0.3; ext=1", [("text/csv", 0.3)]),
        ("a/b;q=0, c/*;q=1.000, */*;q=.1", [("a/b", 0), ("c/*", 1), ("*/*", 0.1)]),
        ('a/b;p="x,y;q=0";q=0.2, c/d', [("a/b", 0.2), ("c/d", 1)]),
        ('a/b;p="\\",";q=0.2', [("a/b", 0.2)]),
        ("text/html, *; q=.2", [("text/html", 1), ("*/*", 0.2)]),
        (",, a/b ,", [("a/b", 1)]),
        ("a/b;q=high, a/b;q=-1, */b, a, a/b/c, /, a b/c, c/d", [("c/d", 1)]),
        ("a/b;q=1.5", [("a/b", 1)]),
        ('a/b;p="open', [("a/b", 1)]),
        ('a/b;p="open, c/d', [("a/b", 1)]),
        ('a/b, "c/d, e/f;q=0.5', [("a/b", 1)]),
        ('a/b;p="\\\n",c/d', [("a/b", 1), ("c/d", 1)]),
        ('a/b;p="open\\', [("a/b", 1)]),
    ],
)
def test_what_a_header_lists(accept: str, expected: list[tuple[str, float]]) -> None:
    assert ranges(accept) == tuple(Range(*each) for each in expected)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("nonsense", JSON),
        (XML, XML),
        ("application/*", JSON),
        ("text/*", CSV),
        (f"{XML};q=0.9, {CSV};q=0.8", XML),
        (f"{JSON};q=0.5, {XML};q=0.5", JSON),
        (f"{XML}, */*", XML),
        (f"{XML};q=0.1, */*;q=0.2", JSON),
        (f"*/*, {JSON};q=0", XML),
        ("application/*;q=0, */*", CSV),
        (f"application/*;q=0, {XML};q=0.1", XML),
        ("text/csv; header=absent", CSV),
        ("text/csv;header=absent;q=0, text/csv;q=0.5", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
        (f"{JSON};q=0", None),
    ],
)
def test_the_one_wanted_most_is_chosen(accept: str, expected: str | None) -> None:
    assert best(accept, OFFERED) == expected


def test_an_offer_may_have_parameters() -> None:
    assert (
        best("text/csv", ["text/csv; charset=utf-8; header=present"])
        == "text/csv; charset=utf-8; header=present"
    )


def test_nothing_offered_is_nothing_chosen() -> None:
    assert best("*/*", []) is None


def test_what_is_not_offered_is_not_acceptable() -> None:
    with pytest.raises(NotAcceptable, match="text/html") as refused:
        choose("text/html", OFFERED)
    assert all(each in refused.value.faults[0].remedy for each in OFFERED)


def test_only_the_beginning_of_a_long_header_is_read() -> None:
    filling = "a/b," * (LONGEST // 4)
    assert best(f"{filling}text/csv", OFFERED) == OFFERED[0]  # what is not read may accept anything
    assert best("a/b," * (LONGEST // 4 - 3) + "text/csv", OFFERED) == CSV
    assert best(f"text/csv,{filling}", OFFERED) == CSV
    assert preferred_language("fr," * (LONGEST // 3) + "xx,en", ("sv", "en")) == "sv"
    assert preferred_language("sv-FI, en;q=0.5", ("en", "sv")) == "sv"
    assert preferred_language("fr," * (LONGEST // 3 - 2) + "en", ("sv", "en")) == "en"


def test_a_refusal_repeats_only_the_beginning_of_a_long_header() -> None:
    with pytest.raises(NotAcceptable) as refused:
        choose("text/html;" + "x" * (LONGEST - 20), OFFERED)
    assert len(str(refused.value)) < 1_000


@given(st.text(max_size=80))
@example(";")
def test_any_header_is_read(accept: str) -> None:
    assert best(accept, OFFERED) in (*OFFERED, None)


def test_long_headers_are_read_in_linear_time() -> None:
    for accept in (
        '"\\' * 500_000,
        '"' * 50_000,
        "a/b;" * 50_000,
        '"a' * 50_000,
        "," * 50_000,
        "a/" * 50_000,
    ):
        assert best(accept, OFFERED) in (*OFFERED, None)
