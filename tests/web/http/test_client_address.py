import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.http.client_address import UNKNOWN, client, is_loopback

PEER = "10.0.0.1"


def seen(forwarded: str | None, hops: int, peer: str = PEER) -> str:
    environ = {"REMOTE_ADDR": peer}
    return client(environ if forwarded is None else environ | {"HTTP_X_FORWARDED_FOR": forwarded}, hops)


@pytest.mark.parametrize(
    ("hops", "expected"),
    [(0, PEER), (1, "203.0.113.3"), (2, "203.0.113.2"), (3, "203.0.113.1"), (4, "203.0.113.1")],
)
def test_each_trusted_hop_is_one_entry_from_the_right(hops: int, expected: str) -> None:
    assert seen("203.0.113.1, 203.0.113.2,203.0.113.3", hops) == expected


def test_without_trust_the_header_is_not_read() -> None:
    assert seen("203.0.113.1", 0) == PEER
    assert seen("203.0.113.1", -1) == PEER


@pytest.mark.parametrize("forwarded", [None, ""])
def test_without_the_header_it_is_the_peer(forwarded: str | None) -> None:
    assert seen(forwarded, 2) == PEER


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.1, nonsense", PEER),
        ("203.0.113.1, ", PEER),
        ("nonsense, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.1, unknown, 203.0.113.9", "203.0.113.9"),
        (f"203.0.113.1{' ' * 60}, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.1:٤, 203.0.113.9", "203.0.113.9"),
        ("010.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("٢٠٣.0.113.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.1:99 x, 203.0.113.9", "203.0.113.9"),
    ],
)
def test_what_is_no_address_leads_to_the_last_that_can_be_believed(forwarded: str, expected: str) -> None:
    assert seen(forwarded, 2) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
    ],
)
def test_an_address_has_one_name_however_it_is_written(entry: str, expected: str) -> None:
    assert seen(entry, 1) == expected
    if "]" not in entry and "." not in entry:
        assert seen(None, 0, peer=entry) == expected


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "0:0:0:0:0:0:0:1"])
def test_the_loopback_is_known(peer: str) -> None:
    assert is_loopback(seen(None, 0, peer))
    assert is_loopback(seen(None, 1, peer))


@pytest.mark.parametrize("peer", ["10.0.0.1", "128.0.0.1", "::2", "1::1", ""])
def test_others_are_not_the_loopback(peer: str) -> None:
    assert not is_loopback(seen(None, 0, peer))


@pytest.mark.parametrize("forwarded", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "nonsense", "[::1]:80"])
def test_who_comes_through_a_proxy_is_never_the_loopback(forwarded: str) -> None:
    found = seen(forwarded, 1, peer="127.0.0.1")
    assert not is_loopback(found)
    assert found.startswith("via ")


@pytest.mark.parametrize("peer", ["", "unix:/run/socket", "fe80::1%eth0"])
def test_a_peer_without_an_address_is_one_client(peer: str) -> None:
    assert seen(None, 0, peer) == UNKNOWN
    assert seen("nonsense", 1, peer) == UNKNOWN
    assert seen("203.0.113.1", 1, peer) == "203.0.113.1"


def test_no_address_at_all_is_one_client() -> None:
    assert client({}, 0) == UNKNOWN


@given(st.text(max_size=300), st.integers(0, 5), st.lists(st.ip_addresses(), min_size=5, max_size=5))
def test_what_a_stranger_sends_never_changes_who_it_is(hostile: str, hops: int, real: list[object]) -> None:
    """The entries our proxies wrote stand right of whatever the stranger sent."""
    written = ",".join(map(str, real[: max(hops, 1)]))
    assert seen(f"{hostile},{written}", hops) == seen(written, hops)


@given(st.text(max_size=100), st.integers(-1, 4), st.text(max_size=50))
def test_anything_has_a_short_name(forwarded: str, hops: int, peer: str) -> None:
    assert 0 < len(seen(forwarded, hops, peer)) <= 50
