"""Customers' servers that are called over WebSockets: where they are, and how all are called."""

from dataclasses import dataclass
from typing import Final

from callwright.domain.errors import RemoteFault
from callwright.engine.ports import CustomerHosts, ForbiddenAddress, UnknownName
from callwright.protocol.callsocket.causes import RawCause
from callwright.protocol.callsocket.target import BadUrl, target_of

SUB_PROTOCOLS: Final = (
    "v2.ws.cloud.aculab.com",
    "v1.ws.cloud.aculab.com",
    "v1.cloud.aculab.com",
)
"""The published names, in the order of web services 19.1: they differ in how keys are told."""


class Unreachable(RemoteFault):
    """There is no server at a URL, or none that may be called; `raw_cause` says which."""

    def __init__(self, raw_cause: RawCause, problem: str) -> None:
        """Say why in words, too."""
        super().__init__(problem)
        self.raw_cause = raw_cause


@dataclass(frozen=True, slots=True)
class SocketManners:
    """How all servers are called."""

    sub_protocols: tuple[str, ...] = SUB_PROTOCOLS
    """What is offered, the best first."""
    trust_file: str = ""
    """Certificates to trust, in PEM; empty for the system's."""
    handshake_timeout: float = 10.0
    """Seconds for connecting, TLS and the WebSocket's handshake together."""


@dataclass(frozen=True, slots=True)
class CallSockets:
    """What the engine needs to call servers."""

    hosts: CustomerHosts
    manners: SocketManners

    async def address(self, url: str) -> str:
        """Return the IP address that a URL leads to.

        Raises:
            Unreachable: it leads to none, or to none that may be called.

        """
        try:
            return await self.hosts.address(target_of(url).host)
        except BadUrl as fault:
            raise Unreachable(RawCause.BAD_URL, str(fault)) from fault
        except UnknownName as fault:
            raise Unreachable(RawCause.NO_SUCH_NAME, str(fault)) from fault
        except ForbiddenAddress as fault:
            raise Unreachable(RawCause.NO_CONNECTION, str(fault)) from fault
