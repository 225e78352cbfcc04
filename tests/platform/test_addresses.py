from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.platform.addresses import AddressPolicy, parse_vouched, why_forbidden

HERE = Path(__file__).parent
FORBIDDEN = (HERE / "forbidden_addresses.txt").read_text("utf-8").split()
PUBLIC = (HERE / "public_addresses.txt").read_text("utf-8").split()


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert AddressPolicy().why_not(address, 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert AddressPolicy().why_not(address, 443) == ""


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_allowed(address: object) -> None:
    parsed = ip_address(str(address))
    if not parsed.is_global or parsed.is_multicast:
        assert why_forbidden(parsed)


@pytest.mark.parametrize("port", [80, 443, 88, 8443])
def test_the_ports_of_the_web_are_allowed(port: int) -> None:
    assert AddressPolicy().why_not("1.1.1.1", port) == ""


@pytest.mark.parametrize("port", [0, 21, 22, 25, 53, 5432, 6379, 8080, 11211])
def test_other_ports_are_refused(port: int) -> None:
    assert AddressPolicy().why_not("1.1.1.1", port) == f"port {port}"


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "1.1.1.1 "])
def test_what_is_not_an_address_is_refused(text: str) -> None:
    assert AddressPolicy().why_not(text, 443) == "not an address"


def test_a_zone_does_not_hide_a_link_local_address() -> None:
    assert AddressPolicy().why_not("fe80::1%eth0", 443) == "link-local"


def test_the_owner_vouches_for_addresses_networks_and_ports() -> None:
    policy = AddressPolicy(parse_vouched("10.0.0.0/8, 192.168.1.5:9000,[fd00::1]:9, ::1"))
    assert policy.why_not("10.1.2.3", 5555) == ""
    assert policy.why_not("192.168.1.5", 9000) == ""
    assert policy.why_not("192.168.1.5", 443) == "private"
    assert policy.why_not("192.168.1.6", 9000) == "private"
    assert policy.why_not("fd00::1", 9) == ""
    assert policy.why_not("fd00::1", 80) == "private"
    assert policy.why_not("::1", 1) == ""
    assert policy.why_not("127.0.0.1", 80) == "loopback"


def test_the_owner_vouches_for_names() -> None:
    vouched = parse_vouched("Bot-API:8081, sandbox, big_box.local.")
    assert vouched.has_host("bot-api", 8081)
    assert not vouched.has_host("bot-api", 8082)
    assert vouched.has_host("sandbox", 1)
    assert vouched.has_host("big_box.local", 443)
    assert not vouched.has_host("sandbox.evil.example", 1)
    assert vouched.networks == ()


def test_an_empty_list_vouches_for_nothing() -> None:
    assert parse_vouched(" , ,") == parse_vouched("")


@pytest.mark.parametrize(
    "text",
    ["box:0", "box:65536", "box:", "box:x", "http://box", "10.0.0.0/33", "127.1", "a b", "a..b",
     "10.0.0.1/8/8", "2130706433", "[::1", "[::1]x", "*", "a/b"],
)  # fmt: skip
def test_an_unreadable_entry_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is neither|has no valid port"):
        parse_vouched(f"10.0.0.1,{text}")


def test_a_vouched_network_reads_as_it_was_written() -> None:
    assert parse_vouched("10.1.2.3/8").networks == ((ip_network("10.0.0.0/8"), 0),)
