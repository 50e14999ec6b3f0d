"""How text is cut into words to be searched: without accents, and by their stems in Swedish and English.

Accents are folded away, those of å, ä and ö too, so that “goteborg” finds Göteborg. What is typed with one
of those three letters is also looked up as it stands, since in Swedish they are letters of their own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

LANGUAGES: Final = {"sv": "swedish", "en": "english"}
PLAIN: Final = "xx"  # the analyser that leaves words as they are, for any other language
GRAMS: Final = "grams"
LONGEST_GRAM: Final = 20  # characters that are told apart while somebody types
LONGEST_WORD: Final = 60  # bytes; no index holds a longer one
LETTERS: Final = re.compile("[åäöÅÄÖ]")
WORD: Final = re.compile(r"[^\W_]+")
_OTHERS: Final = re.compile("[^åäöÅÄÖ]+")
_SPECIAL: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L"}
)


def shortened(text: str, most: int) -> str:
    """Return the first `most` characters of `text`, counted as NFKC writes them.

    One character may stand for many: U+FDFA for 18. https://www.unicode.org/reports/tr15/
    """
    beginning = text[:most]
    return beginning if text.isascii() else unicodedata.normalize("NFKC", beginning)[:most]


def is_longer(text: str, most: int) -> bool:
    """Tell whether `text` has more than `most` characters, as it stands or as NFKC writes it."""
    return len(text) > most or (not text.isascii() and len(unicodedata.normalize("NFKC", text)) > most)


def fold(text: str) -> str:
    """Return `text` without accents."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_SPECIAL)


def strict(text: str) -> str:
    """Return `text` without accents except those that make å, ä and ö."""
    if text.isascii():
        return text
    return _OTHERS.sub(lambda found: fold(found[0]), unicodedata.normalize("NFC", text))


def lettered(text: str) -> str:
    """Return only those words of `text` that are written with å, ä or ö."""
    if text.isascii():
        return ""
    return " ".join(word for word in WORD.findall(strict(text)) if LETTERS.search(word))


def tokens(text: str, language: str) -> tuple[str, ...]:
    """Return the words of `text`, which is folded, as an index of `language` or of `PLAIN` holds them."""
    return _tokens(text, language) if len(text) <= LONGEST_WORD else _analysed(text, language)


def _analysed(text: str, language: str) -> tuple[str, ...]:
    return tuple(_ANALYSERS[language].analyze(text))


_tokens = lru_cache(20_000)(_analysed)  # each of a few hundred bytes


def squeeze(text: str) -> str:
    """Return `text` as a code is compared: folded, in lower case, letters and digits only."""
    return "".join(WORD.findall(fold(text).lower()))


def beginnings(name: str) -> Iterator[str]:
    """Yield how `name` may be begun: whole, with and without å, ä and ö, in lower case and single spaces."""
    exact = " ".join(WORD.findall(strict(name).lower()))
    yield exact
    if not exact.isascii():
        yield fold(exact)


def register(index: Index) -> None:
    """Let `index` cut its fields into words; the analysers are no part of it on disk."""
    for name, analyser in _ANALYSERS.items():
        index.register_tokenizer(name, analyser)


def _analyser(*stemmer: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for each in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), *stemmer):
        builder = builder.filter(each)
    return builder.build()


_ANALYSERS: Final = {
    **{tag: _analyser(Filter.stemmer(name)) for tag, name in LANGUAGES.items()},
    PLAIN: _analyser(),
    GRAMS: TextAnalyzerBuilder(Tokenizer.ngram(1, LONGEST_GRAM, prefix_only=True)).build(),
}
