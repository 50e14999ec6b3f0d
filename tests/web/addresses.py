"""Addresses of pages and documents: of every route that answers GET, on the project's own facts."""

from pathlib import Path
from typing import Final

_FILES: Final = ("pages.txt", "documents.txt")


def addresses(release: str) -> list[str]:
    """Return them, those of releases for the one with that id."""
    texts = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _FILES)
    return [each.replace("000000000000", release) for text in texts for each in text.split()]
