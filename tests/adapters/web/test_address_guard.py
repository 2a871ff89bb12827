"""Which addresses customers' URLs may lead to: every rule, every disguise, every exception."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.web.address_guard import (
    Address,
    AddressGuard,
    AddressRefused,
    Network,
    is_our_own,
)

LOOPBACK = "a loopback address"
PRIVATE = "a private address (RFC 1918)"
LINK_LOCAL = "a link-local address"
MULTICAST = "a multicast address"
UNSPECIFIED = "an unspecified address"
RESERVED = "a broadcast or reserved address"
NOT_REAL = "an address for documentation or measurement"
TRANSITION = "an address of a transition between IPv4 and IPv6"
PROTOCOL = "an address of a protocol's own"
OUTSIDE = "an address outside the Internet"
NO_ADDRESS = "no plain address"
OURS = "an address of this installation"

RULES = [
    ("127.0.0.1", LOOPBACK),
    ("127.255.255.254", LOOPBACK),
    ("::1", LOOPBACK),
    ("10.0.0.0", PRIVATE),
    ("10.255.255.255", PRIVATE),
    ("172.15.255.255", None),
    ("172.16.0.1", PRIVATE),
    ("172.31.255.255", PRIVATE),
    ("172.32.0.0", None),
    ("192.168.1.1", PRIVATE),
    ("fc00::1", "a private address (RFC 4193)"),
    ("fdff::1", "a private address (RFC 4193)"),
    ("100.63.255.255", None),
    ("100.64.0.1", "an address behind a carrier's NAT (RFC 6598)"),
    ("100.127.255.255", "an address behind a carrier's NAT (RFC 6598)"),
    ("100.128.0.0", None),
    ("169.254.169.254", LINK_LOCAL),
    ("fe80::1", LINK_LOCAL),
    ("fe80::1%eth0", LINK_LOCAL),
    ("fec0::1", LINK_LOCAL),
    ("224.0.0.1", MULTICAST),
    ("ff02::1", MULTICAST),
    ("0.0.0.0", UNSPECIFIED),  # noqa: S104 - nothing is bound to it
    ("0.1.2.3", UNSPECIFIED),
    ("::", UNSPECIFIED),
    ("240.0.0.1", RESERVED),
    ("255.255.255.255", RESERVED),
    ("192.0.2.1", NOT_REAL),
    ("198.51.100.1", NOT_REAL),
    ("203.0.113.1", NOT_REAL),
    ("198.18.0.1", NOT_REAL),
    ("2001:db8::1", NOT_REAL),
    ("3fff::1", NOT_REAL),
    ("2002:a00:1::1", TRANSITION),
    ("192.88.99.1", TRANSITION),
    ("64:ff9b:1::a00:1", TRANSITION),
    ("192.0.0.8", PROTOCOL),
    ("2001::1", PROTOCOL),
    ("2001:1ff::1", PROTOCOL),
    ("2001:200::1", None),
    # IPv4 addresses inside others are judged as what they are.
    ("::ffff:127.0.0.1", LOOPBACK),
    ("::ffff:a00:1", PRIVATE),
    ("::ffff:8.8.8.8", None),
    ("64:ff9b::127.0.0.1", LOOPBACK),
    ("64:ff9b::a9fe:a9fe", LINK_LOCAL),
    ("64:ff9b::8.8.8.8", None),
    ("::127.0.0.1", OUTSIDE),
    ("5f00::1", OUTSIDE),
    ("4000::1", OUTSIDE),
    # What the C library would take for an address, and the standard does not.
    ("2130706433", NO_ADDRESS),
    ("017700000001", NO_ADDRESS),
    ("0x7f.1", NO_ADDRESS),
    ("0177.0.0.1", NO_ADDRESS),
    ("127.1", NO_ADDRESS),
    ("127.0.0.1.", NO_ADDRESS),
    ("", NO_ADDRESS),
    ("localhost", NO_ADDRESS),
    ("8.8.8.8", None),
    ("2606:4700::1111", None),
]


def networks(text: str) -> list[Network]:
    return [ip_network(one) for one in text.split()]


def of_others(_: Address) -> bool:
    """A machine that has no address of its own."""
    return False


@pytest.mark.parametrize(("address", "rule"), RULES)
def test_every_address_is_judged_by_its_rule(address: str, rule: str | None) -> None:
    assert AddressGuard(is_ours=of_others).refusal(address) == rule


@pytest.mark.parametrize(
    ("allowed", "address", "rule"),
    [
        ("127.0.0.0/8", "127.0.0.1", None),
        ("127.0.0.0/8", "::ffff:127.0.0.1", None),
        ("127.0.0.0/8", "64:ff9b::7f00:1", None),
        ("127.0.0.0/8", "::1", LOOPBACK),
        ("127.0.0.0/8", "10.0.0.1", PRIVATE),
        ("127.0.0.0/8 ::1", "::1", None),
        ("10.1.2.3", "10.1.2.3", None),
        ("10.1.2.3", "10.1.2.4", PRIVATE),
        ("fe80::/10", "fe80::1%2", None),
        ("8.8.8.8", "8.8.8.8", None),
        ("", "127.0.0.1", LOOPBACK),
    ],
)
def test_allowed_networks_are_exceptions(allowed: str, address: str, rule: str | None) -> None:
    assert AddressGuard(networks(allowed), is_ours=of_others).refusal(address) == rule


def test_an_address_of_this_machine_needs_an_exception() -> None:
    ours = ip_address("8.8.8.8")

    def is_ours(address: Address) -> bool:
        return address == ours

    assert AddressGuard(is_ours=is_ours).refusal("8.8.8.8") == OURS
    assert AddressGuard(is_ours=is_ours).refusal("::ffff:8.8.8.8") == OURS
    assert AddressGuard(is_ours=is_ours).refusal("8.8.4.4") is None
    assert AddressGuard(networks("8.8.8.8"), is_ours=is_ours).refusal("8.8.8.8") is None


@pytest.mark.parametrize(
    ("address", "is_ours"), [("127.0.0.1", True), ("8.8.8.8", False), ("2606:4700::1111", False)]
)
def test_the_machine_knows_its_own_addresses(address: str, *, is_ours: bool) -> None:
    assert is_our_own(ip_address(address)) == is_ours


@pytest.mark.parametrize("target", [("127.0.0.1", 80), ("::1", 80, 0, 0), ("127.1", 80)])
def test_no_socket_is_made_for_a_refused_address(target: Sequence[object]) -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", target)
    with pytest.raises(AddressRefused) as caught:
        AddressGuard().socket_for(info)  # type: ignore[arg-type] # short for the same thing
    assert caught.value.rule in {LOOPBACK, NO_ADDRESS}
    assert str(target[0]) not in f"{caught.value} {caught.value.rule}"


def test_an_allowed_address_gets_its_socket() -> None:
    guard = AddressGuard(networks("127.0.0.1"))
    target = ("127.0.0.1", 80)
    with guard.socket_for(
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", target)
    ) as made:
        assert (made.family, made.type) == (socket.AF_INET, socket.SOCK_STREAM)


@given(st.ip_addresses(v=4))
def test_a_disguise_changes_no_verdict(address: Address) -> None:
    guard = AddressGuard(is_ours=of_others)
    verdict = guard.refusal(str(address))
    assert guard.refusal(f"::ffff:{address}") == verdict
    assert guard.refusal(f"64:ff9b::{address}") == verdict
    assert (verdict is None) <= address.is_global


@given(st.ip_addresses(v=6))
def test_what_is_let_through_is_on_the_internet(address: Address) -> None:
    if AddressGuard(is_ours=of_others).refusal(str(address)) is None:
        assert address.is_global


@given(st.text())
def test_no_text_but_a_plain_address_is_let_through(text: str) -> None:
    if AddressGuard(is_ours=of_others).refusal(text) is None:
        assert ip_address(text).is_global
