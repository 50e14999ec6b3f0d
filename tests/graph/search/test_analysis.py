"""How text is cut into words."""

import unicodedata

import pytest

from graph.search.analysis import (
    PLAIN,
    beginnings,
    fold,
    is_longer,
    lettered,
    shortened,
    squeeze,
    strict,
    tokens,
)

LIGATURE = "\ufdfa"  # 18 letters in one character


@pytest.mark.parametrize(
    ("text", "folded", "kept"),
    [
        ("Göteborg", "Goteborg", "Göteborg"),
        ("Åre café ÄÖ", "Are cafe AO", "Åre cafe ÄÖ"),
        ("Ærø Straße Łódź", "Aero Strasse Lodz", "Aero Strasse Lodz"),
        ("plain", "plain", "plain"),
    ],
)
def test_accents_are_folded_and_those_of_swedish_letters_only_where_asked(
    text: str, folded: str, kept: str
) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == folded
        assert strict(unicodedata.normalize(form, text)) == kept


def test_words_with_swedish_letters_are_picked_out() -> None:
    assert lettered("Från Malå till Lund") == "Från Malå"


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("sv", "kommunernas", "kommun"), ("sv", "Goteborgs", "goteborg"), ("en", "Decisions", "decision")],
)
def test_forms_of_a_word_are_the_same_to_each_language(language: str, one: str, other: str) -> None:
    assert tokens(one, language) == tokens(other, language)


def test_words_of_another_language_stay_as_they_are() -> None:
    assert tokens("kommunernas", PLAIN) == ("kommunernas",)


def test_a_word_beyond_all_measure_is_no_word() -> None:
    assert tokens("x" * 100_000, "sv") == ()


@pytest.mark.parametrize("code", ["212000-1355", "2120001355", "212000 1355"])
def test_the_signs_in_a_code_do_not_count(code: str) -> None:
    assert squeeze(code) == "2120001355"


def test_a_name_may_be_begun_with_and_without_its_letters() -> None:
    assert list(beginnings("Malå  Stad")) == ["malå stad", "mala stad"]
    assert list(beginnings("Lund")) == ["lund"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abcdef", "abc"), ("ab", "ab"), ("ﬁﬁﬁ", "fif"), ("A\u030ango", "Ån"), (LIGATURE * 3, "صلى")],
)
def test_a_text_is_cut_as_it_is_written_without_ligatures(text: str, shown: str) -> None:
    assert shortened(text, 3) == shown


def test_the_length_of_a_text_is_that_of_what_it_is_compared_by() -> None:
    assert is_longer(LIGATURE, 17)
    assert not is_longer(LIGATURE, 18)
    assert is_longer("x" * 19, 18)
    assert not is_longer("x" * 18, 18)
