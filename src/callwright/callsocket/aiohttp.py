"""A handler in aiohttp: `app.add_routes([web.get("/agent", route(handler))])`."""

from collections.abc import Awaitable, Callable
from typing import cast

from .call import Handler
from .conversation import converse
from .session import SUB_PROTOCOLS, choose_sub_protocol

try:
    from aiohttp import WSCloseCode, WSMsgType, web
except ImportError as error:
    raise ImportError("callwright.callsocket.aiohttp needs aiohttp: pip install aiohttp") from error

TAKES_BYTES = 1 << 16
"""Longest message that is read: many times what the platform sends."""


class AiohttpConnection:
    """A WebSocket of aiohttp, as `converse` needs it."""

    def __init__(self, socket: web.WebSocketResponse, path: str) -> None:
        """Begin after the handshake."""
        self._socket = socket
        self._path = path

    async def receive(self) -> str | bytes | None:
        """Wait for the next message; None when the connection is closed."""
        message = await self._socket.receive()
        if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            return cast("str | bytes", message.data)  # what these two types carry
        return None

    async def send(self, message: str | bytes) -> None:
        """Send a message; nothing if it is closed."""
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
        except ConnectionError:
            return  # Whoever reads is told.

    async def close(self, code: int, reason: str = "") -> None:
        """Close, unless it is closed."""
        await self._socket.close(code=code, message=reason.encode())

    @property
    def close_code(self) -> int | None:
        """The code of the other side's Close frame."""
        code = self._socket.close_code
        return None if code == WSCloseCode.ABNORMAL_CLOSURE else code

    @property
    def sub_protocol(self) -> str | None:
        """What was agreed on."""
        return self._socket.ws_protocol

    @property
    def path(self) -> str:
        """What the request named, with its query."""
        return self._path


def route(
    handler: Handler, *, sub_protocols: tuple[str, ...] = SUB_PROTOCOLS
) -> Callable[[web.Request], Awaitable[web.WebSocketResponse]]:
    """Make a request handler of a handler of calls."""

    async def handle(request: web.Request) -> web.WebSocketResponse:
        header = request.headers.get("Sec-WebSocket-Protocol", "")
        offered = [one.strip() for one in header.split(",")]
        # aiohttp would take the first of the client's that it knows: it is told one only.
        chosen = choose_sub_protocol(offered, sub_protocols)
        socket = web.WebSocketResponse(
            protocols=[] if chosen is None else [chosen], compress=False, max_msg_size=TAKES_BYTES
        )
        await socket.prepare(request)
        await converse(AiohttpConnection(socket, request.path_qs), handler)
        return socket

    return handle
