"""What systemd passes to a service that it starts, and what the service reports to it.

Sockets: https://www.freedesktop.org/software/systemd/man/sd_listen_fds.html.
Readiness: https://www.freedesktop.org/software/systemd/man/sd_notify.html.
"""

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Final

from graph.core.errors import BadInput

_FIRST: Final = 3  # the number of the first descriptor that is passed
_VARIABLES: Final = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


def passed_socket(environment: MutableMapping[str, str] = os.environ) -> socket.socket | None:
    """Return the listening socket that this process was started with, or None.

    Take its variables out of `environment`, since they are not meant for the processes that this one starts.
    Raise BadInput if it is not the only one, or not a stream socket that listens.
    """
    given = {name: environment.pop(name, "") for name in _VARIABLES}
    if given["LISTEN_PID"] != str(os.getpid()):
        return None
    if given["LISTEN_FDS"] != "1":
        raise _refusal(f"{given['LISTEN_FDS'] or 'no'} sockets were passed")
    try:
        passed = socket.socket(fileno=_FIRST)
        listens = passed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise _refusal(f"what was passed is no socket: {error.strerror}") from error
    if passed.type != socket.SOCK_STREAM or not listens:
        passed.close()
        raise _refusal("the socket that was passed does not listen for connections")
    passed.set_inheritable(False)
    return passed


def notify_ready(environment: MutableMapping[str, str] = os.environ) -> None:
    """Report to the service manager that requests are answered now, if it wants to know."""
    address = environment.pop("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel, suppress(OSError):
        channel.sendto(b"READY=1", address.replace("@", "\0", 1) if address[0] == "@" else address)


def _refusal(what: str) -> BadInput:
    return BadInput(
        what,
        where="LISTEN_FDS",
        rule="one listening socket",
        remedy="pass one: a unit .socket with one ListenStream, as utsaga gen-config systemd writes it",
    )
