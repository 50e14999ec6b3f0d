"""What a scheme of identifiers is, and how its identifiers are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


@dataclass(frozen=True)
class IdentifierScheme:
    """An identifier scheme: its name in messages, an example, its parser, and the properties with values.

    `parse` returns an identifier in the graph's form, or "". Where `guess_exact` is true, a text is taken for
    an identifier only as it stands in the graph: 180 may be any number.
    """

    title: str
    example: str
    parse: Callable[[str], str]
    properties: tuple[str, ...]
    guess_exact: bool = False


def matched_text(found: re.Match[str] | None) -> str:
    """Return the last group of a match, or the whole match if there is no group; "" for None."""
    return found[found.re.groups] if found else ""


def parse_domain(given: str) -> str:
    """Return the domain of a URL, or the domain itself, without “www.”; "" if it is malformed."""
    whole = given.lower() if "://" in given else f"//{given.lower()}"
    try:
        host = urlsplit(whole).hostname or ""
    except ValueError:
        return ""
    plain = host.rstrip(".").removeprefix("www.")
    return plain if _DOMAIN.fullmatch(plain) and "@" not in given and " " not in given else ""
