"""Sort keys for names in the alphabetical order of the site's language, and for text with numbers in it."""

import re
import unicodedata
from typing import Final

from graph.core.site import SITE

MAIN_LANGUAGE: Final = SITE.languages[0]
"""The language whose names lists are ordered by, and by whose alphabet."""
_MAX_DIGITS: Final = 12
_SWEDISH_LETTERS: Final = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d"}
)


def name_key(name: str) -> str:
    """Return the sort key of `name` in the site's first language; without accents but in Swedish."""
    return swedish_key(name) if MAIN_LANGUAGE == "sv" else _plain_key(name)


def swedish_key(name: str) -> str:
    """Return the sort key of `name`: case folded, å, ä and ö after z, ü as y, other accents removed."""
    folded = unicodedata.normalize("NFC", name).casefold().translate(_SWEDISH_LETTERS)
    return folded if folded.isascii() else _without_accents(folded)


def _plain_key(name: str) -> str:
    folded = name.casefold()
    return folded if folded.isascii() else _without_accents(folded)


def _without_accents(folded: str) -> str:
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def natural_key(text: str) -> str:
    """Return the sort key of `text` by which the numbers in it are ordered by value: a9 before a10."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(_MAX_DIGITS), text)
