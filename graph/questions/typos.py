"""Correction of misspelt words of the rules in a question."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from graph.questions.tokens import Token

_MIN_LENGTH: Final = 6  # of a word that is corrected; shorter ones resemble too many others
_ENDING: Final = 2  # letters at the end that must be right, since tense, number and negation are often there


class TypoCorrector:
    """The words that the rules know, and the words of names, which are not to be corrected."""

    def __init__(self, words: Collection[str], names: Collection[str]) -> None:
        """Correct to `words`, but none that is a word of `names`; both without accents."""
        self._known = {*words, *names}
        self._similar: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= _MIN_LENGTH:
                self._similar[word[0], word[-_ENDING:]].append(word)

    def correct(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return `tokens` with each unknown word that is one letter, or two swapped, from a single known one.

        The first letter and the ending of a word must be right: “lagligt” and “olagligt” are two words.
        """
        return tuple(map(self._correct, tokens))

    def _correct(self, token: Token) -> Token:
        word = token.folded
        if word in self._known or len(word) < _MIN_LENGTH:
            return token
        similar = self._similar.get((word[0], word[-_ENDING:]), ())
        found = [each for each in similar if OSA.distance(word, each, score_cutoff=1) == 1]
        return Token(found[0], found[0]) if len(found) == 1 else token
