"""Host names to addresses, through the system's resolver."""

import asyncio
import ipaddress
import socket


class SystemNames:
    """Implements `engine.ports.Names` for IPv4."""

    async def resolve(self, host: str) -> str:
        """Return an address of a host; a literal is returned as it is.

        Raises:
            OSError: there is none.

        """
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(host, None, family=socket.AF_INET)
            return str(found[0][4][0])
