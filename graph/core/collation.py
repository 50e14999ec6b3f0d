"""What sorts names as Swedish does, and numbers within them by their value."""

import re
import unicodedata
from typing import Final

_DIGITS: Final = 12
_OWN_LETTERS: Final = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d"})


def swedish_key(name: str) -> str:
    """Return what sorts `name`: no case, å, ä and ö after z, ü as y, other accents not at all."""
    kept = unicodedata.normalize("NFC", name).casefold().translate(_OWN_LETTERS)
    if kept.isascii():
        return kept
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(letter)
    )


def natural_key(text: str) -> str:
    """Return what sorts `text` with the numbers in it by their value."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(_DIGITS), text)
