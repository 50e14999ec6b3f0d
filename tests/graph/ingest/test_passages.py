"""Passages: positions in code points, digests of normalised words, paragraph numbers."""

import pytest

from graph.ingest.passages import Passage, digest, faults, paragraph

TEXT = "Rubrik\n\nFörsta stycket, med\u00a0två ord. 🙂\nAndra stycket.\n"


def passage(start: int, end: int, number: int | None = None, hexadecimal: str | None = None) -> Passage:
    return Passage("urn:p", start, end, hexadecimal or digest(TEXT[start:end]), number)


@pytest.mark.parametrize(
    ("one", "other"),
    [("två  ord", "två ord"), (" två\nord\t", "två ord"), ("två\u00a0ord", "två ord"), ("a\u030a", "å")],
)
def test_white_space_and_unicode_form_do_not_change_the_digest(one: str, other: str) -> None:
    assert digest(one) == digest(other)


def test_the_digest_is_sha_256_in_lower_case_hex() -> None:
    assert digest("ord") == "55df18d062878fb6d3f4a6d1928fd19c1b49d5f8b90fbfcc76d5e1b1b2b75ef8"


def test_a_word_changed_changes_the_digest() -> None:
    assert digest("två ord") != digest("tre ord")


@pytest.mark.parametrize(("position", "number"), [(0, 1), (8, 2), (TEXT.index("Andra"), 3)])
def test_paragraphs_are_the_lines_that_are_not_empty(position: int, number: int) -> None:
    assert paragraph(TEXT, position) == number


def test_a_passage_that_stands_in_the_text_is_proven() -> None:
    start = TEXT.index("Andra")
    assert faults(TEXT, [passage(start, start + 14, 3)], {}) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (passage(8, 9_999, hexadecimal="0" * 64), "passage range"),
        (passage(-1, 5, hexadecimal="0" * 64), "passage range"),
        (passage(9, 9, hexadecimal="0" * 64), "passage range"),
        (passage(8, 14, hexadecimal="0" * 64), "passage digest"),
        (passage(8, 14, 1), "passage paragraph"),
    ],
)
def test_a_passage_that_does_not_is_told_with_file_line_and_rule(wrong: Passage, rule: str) -> None:
    [fault] = faults(TEXT, [wrong], {"urn:p": "x.yaml:7"})
    assert (fault.where, fault.rule) == ("x.yaml:7", rule)
    assert fault.remedy
