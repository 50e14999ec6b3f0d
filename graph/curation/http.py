"""Takes in whole replies over HTTP, from services outside: one that is cut off, late or too large is none.

Redirects are not followed, so that only the service that was named is ever asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from importlib.metadata import version
from time import monotonic
from typing import Final
from urllib import request
from urllib.error import URLError
from urllib.parse import urlsplit

from graph.core.errors import BadInput, TooLarge
from graph.core.namespaces import BASE
from graph.curation import retry

_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What one reply may take: seconds, and bytes."""

    seconds: float = 60.0
    size: int = 32 << 20


DEFAULTS: Final = Limits()


@dataclass(frozen=True)
class Whole:
    """A whole reply that is a success: its media type without parameters, and its body."""

    media_type: str
    body: bytes


def opener() -> request.OpenerDirector:
    """Return what opens http and https, and hands over every reply as it is, whatever its status."""
    director = request.OpenerDirector()
    for handler in (request.ProxyHandler, request.HTTPHandler, request.HTTPSHandler, request.UnknownHandler):
        director.add_handler(handler())
    return director


def web_address(url: str, where: str) -> str:
    """Return `url`; raise BadInput, naming the option `where`, unless it is an http or https one."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and re.fullmatch(r"[!-?A-~]+", url):
            return url
    except ValueError:
        pass
    raise BadInput(
        f"“{url}” is not the URL of a service",
        where=where,
        rule="outside service",
        remedy="write one that begins with http:// or https://",
    )


def user_agent(contact: str = "") -> str:
    """Return how we introduce ourselves, and whom to tell of trouble that we make.

    https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
    """
    who = "; ".join(part for part in (BASE, contact) if part.isprintable() and part.isascii() and part)
    return f"utsaga/{version('utsaga')} ({who})"


def take(send: Callable[[float], HTTPResponse], where: str, limits: Limits) -> Whole:
    """Return the reply that `send` opens, given the seconds it may take, once it is there to its end.

    Raise manners.Passing for a failure that may pass, Unavailable for one that will not, TooLarge.
    """
    deadline = monotonic() + limits.seconds
    try:
        with send(limits.seconds) as response:
            retry.check_status(response.status, response.getheader("Retry-After"), where)
            body = _receive(response, where, deadline, limits)
            return Whole(response.headers.get_content_type(), body)
    except TimeoutError as error:
        raise _late(where, limits) from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _late(where, limits) from error
        raise retry.refused(f"The service cannot be reached: {error.reason}", where) from error
    except (HTTPException, OSError) as error:
        raise retry.passing("The service's answer breaks off", where) from error


def _receive(response: HTTPResponse, where: str, deadline: float, limits: Limits) -> bytes:
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > limits.size:
            message = f"The service's answer has more than {limits.size:,} bytes"
            raise TooLarge(message, where=where, rule="outside service", remedy="ask for less at a time")
        if monotonic() > deadline:
            raise _late(where, limits)
    if response.length:
        raise retry.passing("The service's answer breaks off", where)
    return bytes(body)


def _late(where: str, limits: Limits) -> retry.Passing:
    return retry.passing(f"The service takes more than {limits.seconds:g} seconds", where)
