"""Names of Swedish bodies are parsed into their own words and types of body."""

import pytest

from graph.matching.name_parser import MAX_NAME_LENGTH, parse_name


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
def test_names_are_parsed_into_own_words_and_body_types(name: str, exact: str, forms: set[str]) -> None:
    parsed = parse_name(name)
    assert (parsed.exact, set(parsed.body_types)) == (exact, forms)


def test_long_names_are_truncated_after_normalisation() -> None:
    assert len(parse_name("\ufdfa" * 300).exact) <= MAX_NAME_LENGTH
    assert len(parse_name("x" * 10_000).exact) == MAX_NAME_LENGTH
