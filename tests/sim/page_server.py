"""A customer's web application on a loopback port: answers by script, remembers what was asked.

It runs in a thread of its own, so that a test may be a coroutine, a plain function or a journey
that starts programs. It can be slow, closed or talk garbage.
"""

import asyncio
import base64
import json
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

ANSWERS_WITHIN: Final = 10.0
"""Seconds a test waits for a request that should come; a bound for a failure, never waited out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    connection: int
    """The client's port: the same one as long as the connection is kept."""
    target: str
    """What the request line named."""

    @property
    def info(self) -> Any:
        """The instance info, wherever it was."""
        return json.loads(self.query["instance_info"] if self.method == "GET" else self.body)

    @property
    def login(self) -> tuple[str, str] | None:
        """User name and password of HTTP Basic."""
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        username, _, password = base64.b64decode(value).decode().partition(":")
        return username, password


@dataclass(frozen=True, slots=True)
class Answer:
    """An ordinary answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = field(default_factory=dict)
    """Pairs where one name stands several times."""


@dataclass(frozen=True, slots=True)
class Closes:
    """The connection is closed after these bytes, which need not be HTTP."""

    after: bytes = b""


@dataclass(frozen=True, slots=True)
class Stalls:
    """These bytes, and then nothing until the server stops."""

    after: bytes


@dataclass(frozen=True, slots=True)
class Endless:
    """These bytes, and then others over and over, until the client has enough."""

    after: bytes
    then: bytes


@dataclass(frozen=True, slots=True)
class NeverAnswers:
    """Nothing comes until the server stops."""


Reaction = Answer | Closes | Stalls | Endless | NeverAnswers
Script = Callable[[Asked], Reaction]


def actions(*items: Mapping[str, object], token: str | None = None) -> Answer:
    """Make the answer that tells to run these actions."""
    document: dict[str, object] = {"api_version": "2.0", "actions": list(items)}
    if token is not None:
        document["token"] = token
    return Answer(
        json.dumps(document).encode(), headers={"Content-Type": "application/json; charset=utf-8"}
    )


class PageServer:
    """Serves from `__enter__` to `__exit__`; an unscripted path answers 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.port = 0
        self._tls = tls
        self._pages: dict[str, list[Reaction | Script]] = {}
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def page(self, path: str, *reactions: Reaction | Script) -> None:
        """Answer a path with these, one after the other; the last one stays."""
        self._pages[path] = list(reactions)

    def url(self, path: str) -> str:
        """The URL of a path."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        """Which paths were asked, in order."""
        return [asked.path for asked in self.asked]

    def wait_for(self, path: str, *, times: int = 1, within: float = ANSWERS_WITHIN) -> Asked:
        """Return the request to a path, as soon as it has come so many times."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.paths().count(path) >= times, within)
            assert came, f"{path} was asked {self.paths().count(path)} times, not {times}"
            return [asked for asked in self.asked if asked.path == path][times - 1]

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until what was asked is as it should be."""
        with self._changed:
            assert self._changed.wait_for(is_so, ANSWERS_WITHIN), f"{self.paths()} was asked"

    def __enter__(self) -> Self:
        self._thread.start()
        with self._changed:
            assert self._changed.wait_for(lambda: self.port, ANSWERS_WITHIN)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._serve_until_stopped())
        self._loop.close()

    async def _serve_until_stopped(self) -> None:
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        with self._changed:
            self.port = int(runner.addresses[0][1])
            self._changed.notify_all()
        await self._stopped.wait()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        asked = Asked(
            request.method,
            request.path,
            dict(request.query),
            dict(request.headers),
            await request.read(),
            transport.get_extra_info("peername")[1],
            request.raw_path,
        )
        with self._changed:
            self.asked.append(asked)
            self._changed.notify_all()
        script = self._pages.get(asked.path, [Answer(status=404)])
        reaction = script.pop(0) if len(script) > 1 else script[0]
        if callable(reaction):
            reaction = reaction(asked)
        match reaction:
            case Answer():
                return web.Response(
                    body=reaction.body, status=reaction.status, headers=reaction.headers
                )
            case Closes():
                transport.write(reaction.after)
                transport.close()
            case Stalls():
                transport.write(reaction.after)
                await self._stopped.wait()
            case Endless():
                await self._pour(transport, reaction)
            case NeverAnswers():
                await self._stopped.wait()
        return web.Response()

    async def _pour(self, transport: asyncio.Transport, endless: Endless) -> None:
        transport.write(endless.after)
        while not transport.is_closing() and not self._stopped.is_set():
            # No further ahead than what was taken: the client decides how much there is.
            if transport.get_write_buffer_size() < 1 << 16:
                transport.write(endless.then)
            await asyncio.sleep(0)
