"""Generated parts of documents: what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`."""

import re
from collections.abc import Mapping
from typing import Final

_BLOCK: Final = re.compile(
    r"(?P<begin>^<!-- begin (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(?P<end>^<!-- end (?P=name) -->$)",
    re.MULTILINE | re.DOTALL,
)


def names(text: str) -> tuple[str, ...]:
    """Return the names of the generated parts in a document."""
    return tuple(found["name"] for found in _BLOCK.finditer(text))


def fill(text: str, blocks: Mapping[str, str]) -> str:
    """Return a document with the generated parts that `blocks` has replaced, each between empty lines."""

    def replaced(found: re.Match[str]) -> str:
        if found["name"] not in blocks:
            return found[0]
        return f"{found['begin']}\n{blocks[found['name']].strip()}\n\n{found['end']}"

    return _BLOCK.sub(replaced, text)
