"""Names are taken apart into what a body is called and what kind of body it is said to be."""

import pytest

from graph.matching.name_parser import LONGEST, take_apart


@pytest.mark.parametrize(
    ("name", "exact", "forms"),
    [
        ("Göteborgs Stad", "göteborgs", {"municipality"}),
        ("Municipality of Gothenburg", "gothenburg", {"municipality"}),
        ("Göteborgs komun", "göteborgs", {"municipality"}),
        ("UPPLANDS-BRO KOMMUN", "upplandsbro", {"municipality"}),
        ("Stockholms läns landsting", "stockholms", {"region"}),
        ("Landstinget i Värmland", "värmland", {"region"}),
        ("Västra Götalandsregionen", "västragötalands", {"region"}),
        ("Region Kalmar län", "kalmar", {"region"}),
        ("Stockholm County Council", "stockholm", {"region"}),
        ("Stockholm County", "stockholm", {"county"}),
        ("Uppsala län", "uppsala", {"county"}),
        ("Microsoft Corp.", "microsoft", set()),
        ("kommun", "", {"municipality"}),
        ("Ystad", "ystad", set()),
        ("Kommunal", "kommunal", set()),
        ("", "", set()),
    ],
)
def test_parts(name: str, exact: str, forms: set[str]) -> None:
    parts = take_apart(name)
    assert (parts.exact, set(parts.forms)) == (exact, forms)


def test_a_name_is_cut_to_what_is_read_after_normalisation() -> None:
    assert len(take_apart("\ufdfa" * 300).exact) <= LONGEST
    assert len(take_apart("x" * 10_000).exact) == LONGEST
