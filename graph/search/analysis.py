"""Text analysis for search: words without accents, stemmed in Swedish and English.

Accents are folded, those of å, ä and ö too, so that “vasteras” finds Västerås. Words typed with å, ä or ö are
also looked up unfolded, since these are letters of their own in Swedish.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

LANGUAGES: Final = {"sv": "swedish", "en": "english"}
UNSTEMMED: Final = "xx"  # the analyser without a stemmer, for any other language
PREFIXES: Final = "grams"  # the analyser that yields the prefixes of a text
MAX_PREFIX_LENGTH: Final = 20  # characters
MAX_TOKEN_BYTES: Final = 60  # longer words are not indexed
SWEDISH_LETTERS: Final = re.compile("[åäöÅÄÖ]")
WORD: Final = re.compile(r"[^\W_]+")
_NOT_SWEDISH_LETTERS: Final = re.compile("[^åäöÅÄÖ]+")
_UNDECOMPOSED: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
)


def truncate(text: str, most: int) -> str:
    """Return the first `most` characters of `text` after normalisation to NFKC.

    One character may become many: U+FDFA becomes 18. https://www.unicode.org/reports/tr15/
    """
    beginning = text[:most]
    return beginning if text.isascii() else unicodedata.normalize("NFKC", beginning)[:most]


def exceeds_length(text: str, most: int) -> bool:
    """Return whether `text` has more than `most` characters, before or after normalisation to NFKC."""
    return len(text) > most or (not text.isascii() and len(unicodedata.normalize("NFKC", text)) > most)


def fold_accents(text: str) -> str:
    """Return `text` without accents."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).translate(_UNDECOMPOSED)


def fold_foreign_accents(text: str) -> str:
    """Return `text` without accents other than those of å, ä and ö."""
    if text.isascii():
        return text
    return _NOT_SWEDISH_LETTERS.sub(lambda found: fold_accents(found[0]), unicodedata.normalize("NFC", text))


def swedish_letter_words(text: str) -> str:
    """Return the words of `text` that have an å, ä or ö."""
    if text.isascii():
        return ""
    return " ".join(word for word in WORD.findall(fold_foreign_accents(text)) if SWEDISH_LETTERS.search(word))


def analyse(text: str, language: str) -> tuple[str, ...]:
    """Return the tokens of the folded `text` in `language`, a key of `LANGUAGES` or `UNSTEMMED`."""
    return _analyse_cached(text, language) if len(text) <= MAX_TOKEN_BYTES else _analyse(text, language)


def _analyse(text: str, language: str) -> tuple[str, ...]:
    return tuple(_ANALYSERS[language].analyze(text))


_analyse_cached = lru_cache(20_000)(_analyse)  # each of a few hundred bytes


def is_stop_word(word: str) -> bool:
    """Return whether `word` says little by itself in Swedish or English, such as “vem” or “has”."""
    return word.lower() in _QUESTION_WORDS or not _STOP_WORDS.analyze(word)


def normalise_code(text: str) -> str:
    """Return `text` folded, in lower case, and without any characters other than letters and digits."""
    return "".join(WORD.findall(fold_accents(text).lower()))


def prefix_forms(name: str) -> Iterator[str]:
    """Yield `name` in lower case with single spaces, as it is and without å, ä and ö."""
    exact = " ".join(WORD.findall(fold_foreign_accents(name).lower()))
    yield exact
    if not exact.isascii():
        yield fold_accents(exact)


def register_analysers(index: Index) -> None:
    """Register the analysers with `index`, which does not store them on disk."""
    for name, analyser in _ANALYSERS.items():
        index.register_tokenizer(name, analyser)


def _analyser(*stemmer: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for each in (Filter.remove_long(MAX_TOKEN_BYTES), Filter.lowercase(), *stemmer):
        builder = builder.filter(each)
    return builder.build()


_STOP_WORDS: Final = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.lowercase())
    .filter(Filter.stopword("swedish"))
    .filter(Filter.stopword("english"))
    .build()
)
# what the list of the engine for English lacks
_QUESTION_WORDS: Final = frozenset(
    (
        *("who", "whom", "whose", "what", "which", "where", "when", "why", "how", "about", "than", "from"),
        *("has", "have", "had", "do", "does", "did", "were"),
    )
)
_ANALYSERS: Final = {
    **{tag: _analyser(Filter.stemmer(name)) for tag, name in LANGUAGES.items()},
    UNSTEMMED: _analyser(),
    PREFIXES: TextAnalyzerBuilder(Tokenizer.ngram(1, MAX_PREFIX_LENGTH, prefix_only=True)).build(),
}
