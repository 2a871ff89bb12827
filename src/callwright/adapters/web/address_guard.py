"""Keeps customers' URLs out of the operator's own network: pages, notifications, downloads.

Every socket is made here, after the name was resolved and for the one address that it then
connects to. So there is no second look-up that could answer differently, and no spelling of an
address (decimal, octal, mapped into IPv6) that gets by: what is judged is what the kernel is given.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

from aiohttp import AddrInfoType

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

RULES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("a loopback address", ("127.0.0.0/8", "::1/128")),
    ("a private address (RFC 1918)", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
    ("a private address (RFC 4193)", ("fc00::/7",)),
    ("an address behind a carrier's NAT (RFC 6598)", ("100.64.0.0/10",)),
    ("a link-local address", ("169.254.0.0/16", "fe80::/10", "fec0::/10")),
    ("a multicast address", ("224.0.0.0/4", "ff00::/8")),
    ("an unspecified address", ("0.0.0.0/8", "::/128")),
    ("a broadcast or reserved address", ("240.0.0.0/4",)),
    (
        "an address for documentation or measurement",
        (
            *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15"),
            *("2001:db8::/32", "3fff::/20"),
        ),
    ),
    # 6to4, Teredo, local NAT64 (RFC 8215) and the relays of the former: IPv4 addresses inside,
    # and a translator of the operator's that would reach them.
    (
        "an address of a transition between IPv4 and IPv6",
        ("2002::/16", "192.88.99.0/24", "64:ff9b:1::/48"),
    ),
    ("an address of a protocol's own", ("192.0.0.0/24", "2001::/23")),
)
"""What is refused, after RFC 6890 and its registries; the first that holds is named."""

UNICAST: Final = ip_network("2000::/3")
"""All of IPv6 that was ever given out to be reached (RFC 4291 2.4)."""

NAT64: Final = ip_network("64:ff9b::/96")
"""RFC 6052 2.1: its last 32 bits are the IPv4 address that is reached."""

_REFUSED: Final = tuple(
    (rule, tuple(ip_network(text) for text in networks)) for rule, networks in RULES
)

_DISCARD_PORT: Final = 9
"""RFC 863. Nothing is ever sent to it."""


class AddressRefused(OSError):
    """An address that customers' URLs may not lead to."""

    def __init__(self, rule: str) -> None:
        """`rule` says what the address is, and does not name it."""
        # One text for all: of several errors with one text the event loop tells the first as it
        # is, and a host may have addresses that different rules refuse.
        super().__init__("refused")
        self.rule = rule


def is_our_own(address: Address) -> bool:
    """Whether this machine has the address: the kernel then talks to it from that same address."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            # For datagrams this only looks up the route.
            probe.connect((str(address), _DISCARD_PORT))
        except OSError:
            return False
        return ip_address(probe.getsockname()[0]) == address


class AddressGuard:
    """Makes the sockets of connections to customers, or refuses to."""

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        *,
        is_ours: Callable[[Address], bool] = is_our_own,
    ) -> None:
        """`allowed` are the operator's exceptions: networks that may be reached though a rule
        forbids them.
        """
        self._allowed = tuple(allowed)
        self._is_ours = is_ours

    def refusal(self, text: str) -> str | None:
        """Return the rule that forbids an address, None when it may be reached."""
        try:
            address = _reached(ip_address(text))
        except ValueError:
            # The kernel would read some of these its own way: 127.1, 2130706433, 0x7f000001.
            return "no plain address"
        if any(address in network for network in self._allowed):
            return None
        for rule, networks in _REFUSED:
            if any(address in network for network in networks):
                return rule
        if address.version == UNICAST.version and address not in UNICAST:
            return "an address outside the Internet"
        return "an address of this installation" if self._is_ours(address) else None

    def refusal_of_url(self, url: str) -> str | None:
        """Return the rule that forbids the address in a URL, before anything is sent there.

        None for a name: it is looked up when something is sent, and its addresses judged then.
        """
        host = urlsplit(url).hostname or ""
        if host.lower().rstrip(".") == "localhost":
            return self.refusal("127.0.0.1")
        try:
            ip_address(host)
        except ValueError:
            return None
        return self.refusal(host)

    def socket_for(self, info: AddrInfoType) -> socket.socket:
        """Make the socket that is about to be connected to this address: aiohttp's hook for it.

        Raises:
            AddressRefused: it may not be reached.

        """
        family, kind, protocol, _, target = info
        rule = self.refusal(str(target[0]))
        if rule is not None:
            raise AddressRefused(rule)
        return socket.socket(family, kind, protocol)


def _reached(address: Address) -> Address:
    """Return what a connection to the address reaches: an IPv4 address may be wrapped in it."""
    match address:
        case IPv4Address():
            return address
        case IPv6Address(ipv4_mapped=IPv4Address() as inner):
            return inner
        case _ if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        case IPv6Address(scope_id=str()):
            return IPv6Address(int(address))
        case _:
            return address
