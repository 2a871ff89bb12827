"""Calls an ASGI application without a network: one request in, the answer's pieces out."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.types import ASGIApp, Message, Scope

ADDRESS = "192.0.2.7"


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code in an error object."""
        code: str = self.json["error"]["code"]
        return code

    @property
    def text(self) -> str:
        """The text in an error object."""
        text: str = self.json["error"]["text"]
        return text


@dataclass(slots=True)
class AsgiClient:
    """A client of one application."""

    app: ASGIApp

    async def request(
        self,
        method: str,
        target: str,
        *,
        body: bytes | Sequence[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        address: str = ADDRESS,
    ) -> Reply:
        """Send a request, its body in one piece or several, and collect the whole answer."""
        pieces = [body] if isinstance(body, bytes) else list(body)
        scope = _scope(method, target, headers or {}, pieces, address)
        incoming = _incoming(pieces)
        sent: list[Message] = []
        answered = asyncio.Event()

        async def receive() -> Message:
            if len(incoming) == 1:  # the client leaves when it has its answer
                await answered.wait()
            return incoming.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                answered.set()

        await self.app(scope, receive, send)
        start, *rest = sent
        return Reply(
            status=start["status"],
            headers={name.decode(): value.decode() for name, value in start["headers"]},
            body=b"".join(message.get("body", b"") for message in rest),
        )

    @asynccontextmanager
    async def stream(
        self, target: str, *, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> AsyncIterator["OpenStream"]:
        """Open an answer that goes on; leaving the context closes the connection."""
        stream = OpenStream()
        scope = _scope(method, target, headers or {}, [b""], ADDRESS)
        serving = asyncio.ensure_future(self.app(scope, stream.receive, stream.send))
        serving.add_done_callback(lambda _: stream.cut())
        try:
            yield stream
        finally:
            stream.leave()
            await serving


@dataclass(slots=True)
class OpenStream:
    """The client's end of an answer that goes on."""

    status: int = 0
    _pieces: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    _may_send: asyncio.Event = field(default_factory=asyncio.Event)
    _left: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: bool = False

    def __post_init__(self) -> None:
        self._may_send.set()

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b""}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self._may_send.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self._pieces.put_nowait(message.get("body", b""))

    async def piece(self) -> bytes:
        """Wait for the next piece; an empty one is the end, whole or broken off."""
        async with asyncio.timeout(5):
            return await self._pieces.get()

    async def event(self) -> dict[str, Any] | None:
        """Wait for the next event, passing over comments; None at the end."""
        while piece := await self.piece():
            for line in piece.splitlines():
                if line.startswith(b"data: "):
                    event: dict[str, Any] = json.loads(line[len(b"data: ") :])
                    return event
        return None

    async def events(self) -> list[dict[str, Any]]:
        """Collect all events until the server ends the stream."""
        collected = []
        while (event := await self.event()) is not None:
            collected.append(event)
        return collected

    def stop_reading(self) -> None:
        """Let the server's next piece wait, as a full send buffer does."""
        self._may_send.clear()

    def read_again(self) -> None:
        """Take what the server has to send."""
        self._may_send.set()

    def cut(self) -> None:
        """Notice that the server has closed the connection."""
        self._pieces.put_nowait(b"")

    def leave(self) -> None:
        """Close the connection."""
        self._left.set()
        self._may_send.set()


def basic(username: str, password: str) -> dict[str, str]:
    """Return the header of HTTP Basic authentication."""
    token = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"authorization": f"Basic {token}"}


def _scope(
    method: str, target: str, headers: Mapping[str, str], pieces: Sequence[bytes], address: str
) -> Scope:
    parts = urlsplit(f"http://server{target}")
    size = sum(map(len, pieces))
    sized = {"content-length": str(size)} if size and len(pieces) == 1 else {}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": quote(parts.query, safe="%&=/+,;:.-_~").encode(),
        "headers": [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in ({"host": "server"} | sized | dict(headers)).items()
        ],
        "client": (address, 40000),
        "server": ("server", 80),
    }


def _incoming(pieces: Sequence[bytes]) -> list[Message]:
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    return [*messages, {"type": "http.disconnect"}]
