"""Stored queries whose answers rest on observations of mail, which are strong or weak evidence."""

from typing import Final

GRADED_QUERIES: Final = (
    "then-and-now",
    "american-mail",
    "mail-providers",
    "mail-providers-by-kind",
    "mail-providers-by-county",
)
"""The names of those that explain the strengths of evidence."""
