"""Hosts in customers' URLs: addresses that pass the guard, and why there is none."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import pytest

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.customer_hosts import GuardedHosts
from callwright.engine.ports import ForbiddenAddress, UnknownName

LOOPBACK = ip_network("127.0.0.0/8")


def address(host: str, *, guard: AddressGuard, knows: Sequence[str] | None = None) -> str:
    """Ask for the address of a host; with `knows`, of one that has these."""

    async def ask() -> str:
        if knows is not None:

            async def getaddrinfo(*_: object, **__: object) -> list[Any]:
                return [
                    (socket.AF_INET6 if ":" in one else socket.AF_INET, 0, 0, "", (one, 0))
                    for one in knows
                ]

            asyncio.get_running_loop().getaddrinfo = getaddrinfo  # type: ignore[method-assign]
        return await GuardedHosts(guard).address(host)

    return asyncio.run(ask())


def test_an_address_that_is_allowed_is_its_own() -> None:
    assert address("127.0.0.1", guard=AddressGuard([LOOPBACK])) == "127.0.0.1"


def test_a_name_that_is_none_has_no_address() -> None:
    with pytest.raises(UnknownName, match=r"'nobody\.invalid' has no address"):
        address("nobody.invalid", guard=AddressGuard())


def test_a_host_of_ours_may_not_be_called() -> None:
    with pytest.raises(ForbiddenAddress, match="the host has a loopback address"):
        address("127.0.0.1", guard=AddressGuard())


@pytest.mark.parametrize(
    ("knows", "chosen"),
    [
        (["2606:4700::1", "198.41.0.4"], "198.41.0.4"),
        (["10.0.0.1", "198.41.0.4"], "198.41.0.4"),
        (["10.0.0.1", "2606:4700::1"], "2606:4700::1"),
    ],
)
def test_the_first_that_may_be_called_is_taken(knows: Sequence[str], chosen: str) -> None:
    guard = AddressGuard(is_ours=lambda _: False)
    assert address("voice.example", guard=guard, knows=knows) == chosen


def test_a_host_without_any_is_unknown() -> None:
    with pytest.raises(UnknownName):
        address("voice.example", guard=AddressGuard(), knows=[])
