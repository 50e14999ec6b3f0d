"""Sort keys for names in Swedish alphabetical order, and for text with numbers in it."""

import re
import unicodedata
from typing import Final

_MAX_DIGITS: Final = 12
_SWEDISH_LETTERS: Final = str.maketrans(
    {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d"}
)


def swedish_key(name: str) -> str:
    """Return the sort key of `name`: case folded, å, ä and ö after z, ü as y, other accents removed."""
    folded = unicodedata.normalize("NFC", name).casefold().translate(_SWEDISH_LETTERS)
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def natural_key(text: str) -> str:
    """Return the sort key of `text` by which the numbers in it are ordered by value: a9 before a10."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(_MAX_DIGITS), text)
