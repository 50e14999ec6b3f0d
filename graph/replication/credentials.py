"""The user and password for an engine: from options, the environment, a file or netrc."""

import netrc
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from graph.core.errors import BadInput
from graph.core.files import read_text

USER: Final = "UTSAGA_PUSH_USER"
PASSWORD: Final = "UTSAGA_PUSH_PASSWORD"  # noqa: S105 (the name of a variable)


def find_user(
    url: str, name: str | None, password_file: Path | None, environment: Mapping[str, str] = os.environ
) -> tuple[str, str] | None:
    """Return the name and password for the service at `url`; None if there are none.

    The name is `name` or that of the environment, and the password the first line of the file or that of the
    environment. Without a name, both are what netrc has for the host. Raise BadInput for a name without a
    password, a file or a netrc that cannot be read, and a password in the URL, which others could see.
    """
    if urlsplit(url).password is not None:
        raise BadInput(
            "a password in a URL is shown to others",
            where=urlsplit(url).hostname or "",
            rule="credentials",
            remedy=f"give --user, and {PASSWORD} or --password-file",
        )
    name = name or environment.get(USER)
    if not name:
        return _from_netrc(urlsplit(url).hostname or "", environment)
    if password_file:
        return name, read_text(password_file).partition("\n")[0].rstrip("\r")
    if PASSWORD in environment:
        return name, environment[PASSWORD]
    raise BadInput(
        f"there is no password for the user {name}",
        where="--user",
        rule="credentials",
        remedy=f"set {PASSWORD}, or name a file that holds it with --password-file",
    )


def _from_netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what ~/.netrc, or the file NETRC, has for `host`."""
    path = Path(environment.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except (OSError, netrc.NetrcParseError) as error:
        raise BadInput(
            f"it cannot be read: {error}", where=str(path), rule="netrc", remedy="mend the file"
        ) from error
    return (found[0], found[2]) if found and found[2] else None
