"""Who a client is: the address its time is counted against, seen through the proxies that are trusted."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final
from wsgiref.types import WSGIEnvironment

UNKNOWN: Final = "unknown"
_LONGEST: Final = 64  # characters of an entry: the longest address, in brackets and with a port, is shorter
_LOOPBACK: Final = IPv6Address("::1")
_ENTRY: Final = re.compile(
    r"(?:\[(?P<bracketed>[\da-f:.]+)\]|(?P<v4>[\d.]+))(?::\d{1,5})?|(?P<bare>[\da-f:.]+)",
    re.ASCII | re.IGNORECASE,
)


def client(environ: WSGIEnvironment, trusted_hops: int) -> str:
    """Return the client of a request that came through `trusted_hops` proxies of ours.

    Without a hop that is the peer. With hops it is that entry of X-Forwarded-For, counted from the right, for
    only those that our own proxies wrote can be believed; where one is missing or is no address, the last
    that can be believed. IPv6 addresses are one client for each /64, which is what a household is given. A
    client that came through a proxy is never the loopback, so that none can claim to be.
    """
    found = _named(environ.get("REMOTE_ADDR", ""))
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "") if trusted_hops > 0 else ""
    if not forwarded:
        return found or UNKNOWN
    for entry in reversed(forwarded.rsplit(",", trusted_hops)[-trusted_hops:]):
        name = _named(entry) if len(entry) <= _LONGEST else ""
        if not name:
            break
        found = name
    return f"via {found}" if is_loopback(found) else found or UNKNOWN


def is_loopback(client: str) -> bool:
    """Tell whether a client, as `client` names it, is a program on this machine."""
    return client == "::1" or client.startswith("127.")


@lru_cache(maxsize=4096)
def _named(entry: str) -> str:
    """Return the name of the client at an address, which may have a port; empty if it is no address."""
    if not (match := _ENTRY.fullmatch(entry.strip(" \t"))):
        return ""
    try:
        address = ip_address(match["bracketed"] or match["v4"] or match["bare"])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address != _LOOPBACK:
        return str(address.ipv4_mapped or f"{IPv6Address(int(address) >> 64 << 64)}/64")
    return str(address)
