"""From a URL to an open WebSocket, and what each step's failure means (raw causes 901 to 905).

Whatever the server does or leaves undone, it is over when the handshake's time is: the connection
is shut down then, and the step that waits for it fails in its own way.
"""

import asyncio
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from picows import WSHandshakeError, WSListener, WSTransport, WSUpgradeResponse, ws_connect

from callwright.protocol.callsocket.causes import RawCause
from callwright.protocol.callsocket.target import BadUrl, Target, target_of
from callwright.worker import rpc
from callwright.worker.trust import Trust

L = TypeVar("L", bound=WSListener)

MAX_FRAME_BYTES: Final = 16 * 1024
"""What the library takes of one frame before it closes the connection by itself. Frames may have
1600 bytes; who sends somewhat more is told goodbye properly."""

READ_BUFFER_BYTES: Final = 4096
"""To begin with, a leg: two hundred milliseconds of sound."""

TLS_BUFFER_BYTES: Final = 16 * 1024 + 64
"""One TLS record, in either direction."""

TLS_GOODBYE: Final = 2.0
"""Seconds for the server's part in ending TLS."""

KERNEL_UNSENT_BYTES: Final = 4096
"""What the kernel may hold beside what is on its way: sound must wait where it can be dropped."""


class DialFailed(Exception):
    """There is no connection; `raw_cause` says at which step it failed."""

    def __init__(self, raw_cause: int, problem: str) -> None:
        super().__init__(problem)
        self.raw_cause = raw_cause


async def dial(
    command: rpc.OpenSocketLeg, listener: Callable[[str], L], trust: Trust
) -> tuple[WSTransport, L]:
    """Connect, and make both handshakes; `listener` takes what comes then.

    It is made with the sub-protocol that the server chose, of those offered, or with nothing.

    Raises:
        DialFailed: that was not possible.

    """
    try:
        target = target_of(command.url)
    except BadUrl as problem:
        raise DialFailed(RawCause.BAD_URL, str(problem)) from None
    loop = asyncio.get_running_loop()
    deadline = loop.time() + command.handshake_timeout
    context = await _context(command.trust_file, trust)
    opened = await _connect(command.address, target.port, deadline)
    clock = loop.call_at(deadline, _shut, opened)
    try:
        return await _shake_hands(command, target, opened, listener, context)
    except BaseException:
        # Also when we are cancelled: the library would keep a half-open connection.
        _shut(opened)
        raise
    finally:
        clock.cancel()


def report_all_but_connections(
    loop: asyncio.AbstractEventLoop,
    context: dict[str, Any],  # Any: asyncio's signature
) -> None:
    """Take what the event loop has to say of unexpected failures (`set_exception_handler`).

    A server that hangs up during TLS is one of them to aiofastnet; here it is raw cause 904.
    """
    if not type(context.get("transport")).__module__.startswith("aiofastnet"):
        loop.default_exception_handler(context)


async def _context(trust_file: str, trust: Trust) -> ssl.SSLContext:
    try:
        return await trust.context(trust_file)
    except OSError as problem:
        raise DialFailed(RawCause.NO_TLS, f"trust file {trust_file}: {problem}") from None


async def _connect(address: str, port: int, deadline: float) -> socket.socket:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError as problem:
        raise DialFailed(RawCause.NO_CONNECTION, str(problem)) from None
    family = socket.AF_INET if version == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, KERNEL_UNSENT_BYTES)
        async with asyncio.timeout_at(deadline):
            await asyncio.get_running_loop().sock_connect(opened, (address, port))
    except OSError as problem:  # TimeoutError is one
        opened.close()
        words = str(problem) or "no answer in time"
        raise DialFailed(RawCause.NO_CONNECTION, f"{address} port {port}: {words}") from None
    except BaseException:
        opened.close()
        raise
    return opened


async def _shake_hands(
    command: rpc.OpenSocketLeg,
    target: Target,
    opened: socket.socket,
    listener: Callable[[str], L],
    context: ssl.SSLContext,
) -> tuple[WSTransport, L]:
    offered = ", ".join(command.sub_protocols)
    made: list[L] = []

    def make(_request: object, response: WSUpgradeResponse) -> L:
        chosen = response.headers.get("Sec-WebSocket-Protocol", "")
        made.append(listener(chosen if chosen in command.sub_protocols else ""))
        return made[0]

    try:
        transport, _ = await ws_connect(
            make,
            target.url,
            ssl_context=context,
            server_hostname=target.host,
            ssl_shutdown_timeout=TLS_GOODBYE,
            ssl_incoming_bio_size=TLS_BUFFER_BYTES,
            ssl_outgoing_bio_size=TLS_BUFFER_BYTES,
            socket_factory=lambda _: opened,
            websocket_handshake_timeout=None,
            logger_name=_MUTE,
            enable_auto_pong=False,
            max_frame_size=MAX_FRAME_BYTES,
            read_buffer_init_size=READ_BUFFER_BYTES,
            extra_headers=target.headers | ({"Sec-WebSocket-Protocol": offered} if offered else {}),
            max_redirects=0,
        )
    except WSHandshakeError as problem:
        raise _refusal(problem) from None
    except OSError as problem:
        raise DialFailed(
            RawCause.NO_TLS, f"TLS: {str(problem) or 'the connection ended'}"
        ) from None
    if not made:
        raise DialFailed(RawCause.NO_HANDSHAKE, "the connection ended without an HTTP answer")
    return transport, made[0]


def _refusal(problem: WSHandshakeError) -> DialFailed:
    """An HTTP status is the raw cause, unless it says that all is well and yet nothing is."""
    found = _STATUS_LINE.match(problem.raw_header or b"")
    status = int(found[1]) if found else 0
    if status in _REFUSALS:
        return DialFailed(status, f"the server answered HTTP {status}")
    return DialFailed(RawCause.NO_HANDSHAKE, str(problem)[:200])


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # gone already
        opened.shutdown(socket.SHUT_RDWR)


_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|$)")
_REFUSALS: Final = range(200, 600)

_MUTE: Final = logging.getLogger("callwright.call_sockets")
"""The library's own log quotes what servers send; what matters of it reaches the control process
as a report."""

_MUTE.setLevel(logging.CRITICAL + 1)
