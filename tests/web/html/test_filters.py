"""Filters of templates."""

import pytest
from flask import Flask

from graph.core.namespaces import XSD
from graph.core.terms import Term, text
from web.html import filters

SV, EN = text("sju", "sv"), text("seven", "en")


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
def test_literals_as_html(pages_app: Flask, term: Term, shown: str) -> None:
    with pages_app.test_request_context(headers={"Accept-Language": "sv"}):
        assert filters.literal(term) == shown


def test_long_text_is_truncated(pages_app: Flask) -> None:
    with pages_app.test_request_context():
        assert len(filters.literal(text("x" * 1_000_000))) < filters.MAX_TEXT_LENGTH + 50
