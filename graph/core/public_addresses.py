"""Finds the IP address of a host on the public internet: nothing of this machine, nor of a private network.

https://www.iana.org/assignments/iana-ipv4-special-registry/ by way of `ipaddress`.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

from graph.core.http_client import RequestError, UnreachableError


class NotPublicError(RequestError):
    """The host is on this machine or in a private network."""


def resolve(host: str) -> str:
    """Return the IP address to connect to for `host`, an IPv4 one if there is any.

    Raise UnreachableError if it has no address, NotPublicError if any of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"{host} has no address: {error}") from error
    addresses = [ipaddress.ip_address(str(each[4][0])) for each in found]
    if not all(map(_is_public, addresses)):
        raise NotPublicError(f"{host} is on this machine or in a private network")
    return str(min(addresses, key=lambda each: each.version))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether anybody can reach `address`, and it alone."""
    mapped = address.ipv4_mapped or address.sixtofour if isinstance(address, IPv6Address) else None
    plain = mapped or address
    return plain.is_global and not plain.is_multicast
