"""Where the hosts in customers' URLs are: names to addresses that pass the guard."""

import asyncio
import socket
from typing import Final

from callwright.adapters.web.address_guard import AddressGuard
from callwright.engine.ports import ForbiddenAddress, UnknownName

NAME_PATIENCE: Final = 10.0
"""Seconds in which a name has an address, or has none: two resolvers that each time out once."""


class GuardedHosts:
    """Implements `engine.ports.CustomerHosts` with the system's resolver."""

    def __init__(self, guard: AddressGuard) -> None:
        """`guard` judges each address."""
        self._guard = guard

    async def address(self, host: str) -> str:
        """Return the first address of a host that may be called, IPv4 before IPv6.

        Raises:
            UnknownName: there is none.
            ForbiddenAddress: none of them may be called.

        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(NAME_PATIENCE):
                found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:  # TimeoutError is an OSError
            raise UnknownName(f"the name {host!r} has no address") from fault
        refused = ""
        for _, _, _, _, place in sorted(found, key=lambda one: one[0] != socket.AF_INET):
            address = str(place[0])
            rule = self._guard.refusal(address)
            if rule is None:
                return address
            refused = refused or rule
        if not refused:
            raise UnknownName(f"the name {host!r} has no address")
        raise ForbiddenAddress(f"the host has {refused}, which this installation does not call")
