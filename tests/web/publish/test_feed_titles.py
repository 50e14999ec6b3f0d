"""Titles of entries say who speaks once."""

import pytest

from web.publish.feed_titles import MAX_LENGTH, entry_title


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
