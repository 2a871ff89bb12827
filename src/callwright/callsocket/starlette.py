"""A handler in Starlette: `Starlette(routes=[WebSocketRoute("/agent", route(handler))])`."""

from collections.abc import Awaitable, Callable
from typing import Final

from .call import Handler
from .conversation import converse
from .session import SUB_PROTOCOLS, choose_sub_protocol

try:
    from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
except ImportError as error:
    raise ImportError(
        "callwright.callsocket.starlette needs Starlette: pip install starlette"
    ) from error

NO_CODE: Final = frozenset({1005, 1006})
"""What servers say where the connection was cut; ASGI has one word for that and for a Close frame
without a code, which the platform never sends."""


class StarletteConnection:
    """A WebSocket of Starlette, as `converse` needs it."""

    def __init__(self, socket: WebSocket, sub_protocol: str | None) -> None:
        """Begin after the handshake."""
        self._socket = socket
        self._sub_protocol = sub_protocol
        self._close_code: int | None = None

    async def receive(self) -> str | bytes | None:
        """Wait for the next message; None when the connection is closed."""
        if self._socket.client_state is WebSocketState.DISCONNECTED:
            return None
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            code = int(message.get("code", 1005))
            self._close_code = None if code in NO_CODE else code
            return None
        text: str | None = message.get("text")
        sound: bytes | None = message.get("bytes")
        return text if text is not None else sound

    async def send(self, message: str | bytes) -> None:
        """Send a message; nothing if it is closed."""
        try:
            if isinstance(message, str):
                await self._socket.send_text(message)
            else:
                await self._socket.send_bytes(message)
        except (WebSocketDisconnect, RuntimeError):
            return  # Closed, which it says in one of these; whoever reads is told.

    async def close(self, code: int, reason: str = "") -> None:
        """Close, unless it is closed."""
        states = (self._socket.client_state, self._socket.application_state)
        if WebSocketState.DISCONNECTED not in states:
            await self._socket.close(code, reason)

    @property
    def close_code(self) -> int | None:
        """The code of the other side's Close frame."""
        return self._close_code

    @property
    def sub_protocol(self) -> str | None:
        """What was agreed on."""
        return self._sub_protocol

    @property
    def path(self) -> str:
        """What the request named, with its query."""
        url = self._socket.url
        return f"{url.path}?{url.query}" if url.query else url.path


def route(
    handler: Handler, *, sub_protocols: tuple[str, ...] = SUB_PROTOCOLS
) -> Callable[[WebSocket], Awaitable[None]]:
    """Make an endpoint of a handler of calls."""

    async def handle(socket: WebSocket) -> None:
        chosen = choose_sub_protocol(socket.scope.get("subprotocols", []), sub_protocols)
        await socket.accept(subprotocol=chosen)
        await converse(StarletteConnection(socket, chosen), handler)

    return handle
