"""A host is reached by an address on the public internet, or not at all."""

import socket
from typing import Any

import pytest

from graph.core import public_addresses
from graph.core.http_client import HttpClient, UnreachableError
from graph.core.public_addresses import NotPublicError
from tests.website import Page, serving

PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3"]
PRIVATE += ["224.0.0.1", "[::1]", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1"]
PRIVATE += ["localhost", "2130706433", "0x7f.1", "127.1"]


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every host name stand for `addresses`."""

    def look_up(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (each, 0)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("host", PRIVATE)
def test_a_host_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(NotPublicError):
        public_addresses.resolve(host)


@pytest.mark.parametrize("host", ["192.0.43.8", "[2001:500:88:200::8]"])
def test_a_public_address_is_what_it_is(host: str) -> None:
    assert public_addresses.resolve(host) == host.strip("[]")


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "192.0.43.8", "10.0.0.1")
    with pytest.raises(NotPublicError):
        public_addresses.resolve("rebind.example")


def test_an_ipv4_address_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "2001:500:88:200::8", "192.0.43.8")
    assert public_addresses.resolve("both.example") == "192.0.43.8"


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70 + ".example", ".."])
def test_a_host_without_an_address_cannot_be_reached(host: str) -> None:
    with pytest.raises(UnreachableError):
        public_addresses.resolve(host)


def test_a_client_connects_to_the_address_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host that is named is not looked up again, and still stands in the request."""
    with serving() as site:
        site.answer("/page", Page(body=b"here"))
        url = site.url.replace("127.0.0.1", "rebind.example") + "/page"
        with HttpClient(url, limit=100, address="127.0.0.1").get({}, 5.0) as reply:
            assert (reply.status, reply.read()) == (200, b"here")
        assert site.hosts == {url.split("/")[2]}
