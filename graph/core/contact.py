"""How to reach those who run a site: a mail address, or the address of a web page."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from graph.core.errors import BadInput

SETTING: Final = "UTSAGA_CONTACT"
MAX_LENGTH: Final = 300  # characters
_MAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)
_UNSAFE: Final = re.compile(r"[^!-~]|[\"<>\\^`{|}]")


def is_mail_address(text: str) -> bool:
    """Return whether `text` is a mail address in ASCII."""
    return len(text) <= MAX_LENGTH and _MAIL.fullmatch(text) is not None


def contact_url(contact: str) -> str:
    """Return the URL of a mail address (`mailto:`) or of a web page (`https:`), or nothing for nothing.

    Raise BadInput for anything else, which would be no link that is safe to follow.
    """
    address = contact.removeprefix("mailto:")
    if not contact:
        return ""
    if is_mail_address(address):
        return f"mailto:{quote(address, safe='@+!$*=~')}"
    if len(contact) <= MAX_LENGTH and not _UNSAFE.search(contact) and _is_https(contact):
        return contact
    raise BadInput(
        f"“{contact[:MAX_LENGTH]}” is neither a mail address nor the address of a web page",
        where=SETTING,
        rule=SETTING,
        remedy="write something like editor@example.org or https://example.org/contact",
    )


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
