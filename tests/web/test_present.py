"""Values as readers see them."""

import pytest
from flask import Flask

from graph.describe import Ref
from graph.namespaces import XSD
from graph.terms import Term, text
from web import present

SV, EN, PLAIN, HE = text("sju", "sv"), text("seven", "en"), text("7"), text("שבע", "he")


@pytest.mark.parametrize(
    ("terms", "language", "chosen"),
    [
        ((EN, SV), "sv", SV),
        ((EN, SV), "en", EN),
        ((HE, EN), "sv", EN),
        ((SV, HE, PLAIN), "en", PLAIN),
        ((HE,), "sv", HE),
        ((), "sv", None),
    ],
)
def test_best(terms: tuple[Term, ...], language: str, chosen: Term | None) -> None:
    assert present.best(terms, language) == chosen


def test_all_best() -> None:
    other = text("åtta", "sv")
    assert present.all_best((SV, EN, other, PLAIN), "sv") == (SV, other, PLAIN)
    assert present.all_best((HE,), "sv") == (HE,)


def test_name() -> None:
    assert present.name(Ref("https://w3id.org/utsaga/id/law/osl"), "sv") == text("osl")
    assert present.name(Ref("x", (EN, SV)), "sv") == SV


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("2017", "2017", "2017"),
        ("2017-10", "oktober 2017", "October 2017"),
        ("2019-02-22", "22 februari 2019", "22 February 2019"),
        ("2019-02-02", "2 februari 2019", "2 February 2019"),
        ("2019-02-22T10:00:00Z", "22 februari 2019", "22 February 2019"),
        ("2019-13", "2019-13", "2019-13"),
        ("-0044", "-0044", "-0044"),
        ("soon", "soon", "soon"),
        ("", "", ""),
    ],
)
def test_date(value: str, swedish: str, english: str) -> None:
    assert (present.date(value, "sv"), present.date(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("579281", "579\N{NO-BREAK SPACE}281", "579,281"),
        ("1096", "1096", "1096"),
        ("-12345", "-12345", "-12345"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_number(value: str, swedish: str, english: str) -> None:
    assert (present.number(value, "sv"), present.number(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (SV, "<bdi>sju</bdi>"),
        (EN, '<bdi lang="en">seven</bdi>'),
        (text("<b>&\"'"), "<bdi>&lt;b&gt;&amp;&#34;&#39;</bdi>"),
        (Term("2017-10", "literal", "", XSD + "gYearMonth"), '<time datetime="2017-10">oktober 2017</time>'),
        (Term('"x', "literal", "", XSD + "date"), "<bdi>&#34;x</bdi>"),
        (Term("12345", "literal", "", XSD + "integer"), "<bdi>12\N{NO-BREAK SPACE}345</bdi>"),
    ],
)
def test_literal(pages_app: Flask, term: Term, shown: str) -> None:
    with pages_app.test_request_context(headers={"Accept-Language": "sv"}):
        assert present.literal(term) == shown


def test_long_text_is_cut(pages_app: Flask) -> None:
    with pages_app.test_request_context():
        assert len(present.literal(text("x" * 1_000_000))) < present.MOST_CHARACTERS + 50
