"""Text analysis for search."""

import unicodedata

import pytest

from graph.search.analysis import (
    UNSTEMMED,
    analyse,
    exceeds_length,
    fold_accents,
    fold_foreign_accents,
    normalise_code,
    prefix_forms,
    swedish_letter_words,
    truncate,
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
def test_accents_are_folded_with_or_without_those_of_swedish_letters(
    text: str, folded: str, kept: str
) -> None:
    for form in ("NFC", "NFD"):
        assert fold_accents(unicodedata.normalize(form, text)) == folded
        assert fold_foreign_accents(unicodedata.normalize(form, text)) == kept


def test_words_with_swedish_letters_are_selected() -> None:
    assert swedish_letter_words("Från Malå till Lund") == "Från Malå"


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("sv", "kommunernas", "kommun"), ("sv", "Goteborgs", "goteborg"), ("en", "Decisions", "decision")],
)
def test_forms_of_a_word_have_the_same_stem(language: str, one: str, other: str) -> None:
    assert analyse(one, language) == analyse(other, language)


def test_words_of_other_languages_are_not_stemmed() -> None:
    assert analyse("kommunernas", UNSTEMMED) == ("kommunernas",)


def test_overlong_words_have_no_tokens() -> None:
    assert analyse("x" * 100_000, "sv") == ()


@pytest.mark.parametrize("code", ["212000-1355", "2120001355", "212000 1355"])
def test_punctuation_in_codes_is_ignored(code: str) -> None:
    assert normalise_code(code) == "2120001355"


def test_prefix_forms_are_with_and_without_accents() -> None:
    assert list(prefix_forms("Malå  Stad")) == ["malå stad", "mala stad"]
    assert list(prefix_forms("Lund")) == ["lund"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abcdef", "abc"), ("ab", "ab"), ("ﬁﬁﬁ", "fif"), ("A\u030ango", "Ån"), (LIGATURE * 3, "صلى")],
)
def test_text_is_truncated_after_normalisation(text: str, shown: str) -> None:
    assert truncate(text, 3) == shown


def test_the_length_of_a_text_is_measured_after_normalisation() -> None:
    assert exceeds_length(LIGATURE, 17)
    assert not exceeds_length(LIGATURE, 18)
    assert exceeds_length("x" * 19, 18)
    assert not exceeds_length("x" * 18, 18)
