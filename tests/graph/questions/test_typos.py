"""Misspelt words of rules are corrected, and what may be another word is not."""

import pytest

from graph.questions.tokens import fold_words, tokenise
from graph.questions.typos import TypoCorrector

TYPOS = TypoCorrector(
    {"kommuner", "municipalities", "lagligt", "stoppat", "stoppar", "assessed", "testade", "tostade", "vem"},
    {"skatteverket"},
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("municipalties", "municipalities"),  # a letter missing
        ("kommunner", "kommuner"),  # one too many
        ("kommumer", "kommuner"),  # another one
        ("komumner", "kommuner"),  # two swapped
        ("asessed", "assessed"),
        ("kommuner", "kommuner"),
        ("accessed", "accessed"),  # two letters away
        ("olagligt", "olagligt"),  # the first letter
        ("stoppas", "stoppas"),  # the ending
        ("tastade", "tastade"),  # as near to one as to another
        ("skatteverkat", "skatteverkat"),  # a name, not a word of the rules
        ("ven", "ven"),  # too short
    ],
)
def test_correction(written: str, read: str) -> None:
    corrected = TYPOS.correct(tokenise(f"{written} skatteverket"))
    assert [token.folded for token in corrected] == [read, "skatteverket"]


def test_a_word_of_a_name_is_left_as_it_is() -> None:
    typos = TypoCorrector({"kommuner"}, fold_words("Kommuneer"))
    assert typos.correct(tokenise("kommuneer")) == tokenise("kommuneer")
