"""What links to Swedish sites are called."""

from typing import Final

NAMES: Final = {"lagen.nu": "lagen.nu", "riksdagen.se": "Riksdagen"}
"""By the host, or the host and the beginning of the path."""
