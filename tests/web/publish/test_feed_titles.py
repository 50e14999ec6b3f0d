"""Titles of entries say who speaks once."""

import pytest

from web.publish.feed_titles import MAX_LENGTH, entry_title, shorten


@pytest.mark.parametrize(
    ("text", "names", "title"),
    [
        ("Skatteverket säger nej.", ["Skatteverket"], "Skatteverket säger nej."),
        ("Göteborg har satt stopp.", ["Göteborgs kommun"], "Göteborg har satt stopp."),
        ("Region Uppsala prövar.", ["Region Uppsala"], "Region Uppsala prövar."),
        ("I Västerås används det.", ["Västerås stad"], "I Västerås används det."),
        ("Det används.", ["Västerås stad"], "Västerås stad: Det används."),
        ("Malmö för samtal.", ["Patrik Kron"], "Patrik Kron: Malmö för samtal."),
        ("En kommun säger nej.", ["Lunds kommun"], "Lunds kommun: En kommun säger nej."),
        ("Ingen talar.", [], "Ingen talar."),
    ],
)
def test_a_name_that_the_text_has_is_not_said_twice(text: str, names: list[str], title: str) -> None:
    assert entry_title(text, names) == title


def test_a_long_text_is_cut_with_a_sign_of_it() -> None:
    title = entry_title("ord " * 60, [])
    assert len(title) <= MAX_LENGTH
    assert title.endswith("…")


def test_a_long_title_ends_with_a_whole_word() -> None:
    sentence = "Kommunerna prövar molntjänster"
    assert shorten(f"{sentence}, " * 4) == f"{sentence}, {sentence}, {sentence}…"
    assert shorten("x" * (MAX_LENGTH + 1)) == "x" * (MAX_LENGTH - 1) + "…"
    assert shorten("x" * MAX_LENGTH) == "x" * MAX_LENGTH
