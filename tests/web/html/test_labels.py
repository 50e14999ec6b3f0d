"""Which literals and names a reader is shown."""

import pytest

from graph.core.terms import Term, text
from graph.read.entities import Ref
from web.html import labels

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
def test_the_best_literal_by_language(terms: tuple[Term, ...], language: str, chosen: Term | None) -> None:
    assert labels.best(terms, language) == chosen


def test_all_literals_of_the_best_language() -> None:
    other = text("åtta", "sv")
    assert labels.all_best((SV, EN, other, PLAIN), "sv") == (SV, other, PLAIN)
    assert labels.all_best((HE,), "sv") == (HE,)


def test_the_name_of_an_entity() -> None:
    assert labels.name(Ref("https://w3id.org/utsaga/id/law/osl"), "sv") == text("osl")
    assert labels.name(Ref("x", (EN, SV)), "sv") == SV
