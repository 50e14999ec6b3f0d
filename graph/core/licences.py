"""The short names of licences."""

import re
from typing import Final

_CREATIVE_COMMONS: Final = re.compile(
    r"https?://creativecommons\.org/(publicdomain/zero|licenses/[a-z-]+)/([0-9.]+)"
)


def licence_name(url: str) -> str:
    """Return the short name of a licence of Creative Commons, or the address of another one."""
    found = _CREATIVE_COMMONS.match(url)
    if not found:
        return url.partition("://")[2].rstrip("/") or url
    family, version = found.groups()
    return f"{'CC0' if family == 'publicdomain/zero' else 'CC ' + family.partition('/')[2].upper()} {version}"
