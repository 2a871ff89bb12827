"""A handler behind each library, over real sockets: whoever calls notices no difference."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import pytest
import uvicorn
import websockets
from aiohttp import web
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from callwright.callsocket import DIGITS, Call, Digit, Ended, Origin, PlayFinished, SoundHeard
from callwright.callsocket import aiohttp as with_aiohttp
from callwright.callsocket import starlette as with_starlette
from callwright.callsocket import websockets as with_websockets
from callwright.callsocket.websockets import port_of
from tests.sim.authority import Authority

LONG: Final = 15.0
"""Seconds; a bound, never waited out."""

OFFER: Final = [Subprotocol(one) for one in ("v9.of.tomorrow", "v1.ws.cloud.aculab.com", DIGITS)]
START: Final = (
    '{"type": "call_start", "from": "44"}',
    '{"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1}',
)

Serving = Callable[["Callee"], AbstractAsyncContextManager[int]]


class Callee:
    """A handler that echoes each frame as a play, and tells what it saw."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.is_through = asyncio.Event()

    async def handle(self, call: Call) -> None:
        self.seen += [call.path, call.sub_protocol]
        try:
            async for event in call:
                match event:
                    case SoundHeard(sound):
                        call.begin_play(sound, id="echo")
                    case Digit("9"):
                        await call.hang_up("BUSY", 17)
                    case Digit("0"):
                        raise LookupError("the handler fails")
                    case PlayFinished():
                        pass
                    case _:
                        self.seen.append(event)
        finally:
            self.is_through.set()


@asynccontextmanager
async def on_websockets(callee: Callee) -> AsyncIterator[int]:
    async with with_websockets.serve(callee.handle, port=0) as server:
        yield port_of(server)


@asynccontextmanager
async def on_aiohttp(callee: Callee) -> AsyncIterator[int]:
    app = web.Application()
    app.add_routes([web.get("/agent", with_aiohttp.route(callee.handle))])
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def on_starlette(callee: Callee) -> AsyncIterator[int]:
    app = Starlette(routes=[WebSocketRoute("/agent", with_starlette.route(callee.handle))])
    config = uvicorn.Config(
        app, loop="none", ws="websockets-sansio", lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        serving = asyncio.create_task(server.serve([bound]))
        try:
            yield int(bound.getsockname()[1])
        finally:
            server.should_exit = True
            await serving


SERVINGS: Final = (on_websockets, on_aiohttp, on_starlette)


async def texts_until(connection: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Every message up to one of this type."""
    texts: list[dict[str, Any]] = []
    while not texts or texts[-1]["type"] != kind:
        message = await connection.recv()
        texts += [json.loads(message)] if isinstance(message, str) else []
    return texts


@asynccontextmanager
async def called(serving: Serving) -> AsyncIterator[tuple[ClientConnection, Callee]]:
    """A call that has begun."""
    callee = Callee()
    async with asyncio.timeout(LONG), serving(callee) as port:
        url = f"ws://127.0.0.1:{port}/agent?language=en"
        async with connect(url, subprotocols=OFFER, proxy=None, close_timeout=2) as connection:
            for text in START:
                await connection.send(text)
            yield connection, callee


@pytest.mark.parametrize("serving", SERVINGS)
def test_a_call_goes_to_and_fro_until_the_platform_ends_it(serving: Serving) -> None:
    async def story() -> None:
        async with called(serving) as (connection, callee):
            assert connection.subprotocol == DIGITS
            await connection.send(bytes(range(160)) * 2)
            start = json.loads(await connection.recv())
            assert (start["type"], start["id"]) == ("audio_play_start", "echo")
            assert await connection.recv() == bytes(range(160)) * 2
            await texts_until(connection, "audio_play_end")
            for text in (
                '{"type": "audio_play_finished", "id": "echo"}',
                '{"type": "audio_end"}',
                '{"type": "call_end", "origin": "client", "cause": "NORMAL", "raw_cause": 0}',
            ):
                await connection.send(text)
            await connection.close()
            await callee.is_through.wait()
            ended = Ended(Origin.CLIENT, "NORMAL", 0)
            assert callee.seen == ["/agent?language=en", DIGITS, ended]

    asyncio.run(story())


@pytest.mark.parametrize("serving", SERVINGS)
def test_a_handler_hangs_up(serving: Serving) -> None:
    async def story() -> None:
        async with called(serving) as (connection, callee):
            await connection.send('{"type": "dtmf", "digit": "9"}')
            hangup = (await texts_until(connection, "call_hangup"))[-1]
            assert (hangup["cause"], hangup["raw_cause"]) == ("BUSY", 17)
            await connection.send(
                '{"type": "call_end", "origin": "server", "cause": "BUSY", "raw_cause": 17}'
            )
            await callee.is_through.wait()
            with pytest.raises(websockets.ConnectionClosed):
                await connection.recv()
            assert connection.close_code == 1000

    asyncio.run(story())


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize(("code", "raw_cause"), [(1001, 1001), (4000, 4000), (None, 1006)])
def test_a_connection_ends_without_a_word(
    serving: Serving, code: int | None, raw_cause: int
) -> None:
    async def story() -> None:
        async with called(serving) as (connection, callee):
            if code is None:
                connection.transport.abort()
            else:
                await connection.close(code)
            await callee.is_through.wait()
            assert callee.seen[-1] == Ended(Origin.ERROR, "FAILED", raw_cause)

    asyncio.run(story())


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"type": "dtmf", "digit": "0"}', 1011),
        ("no JSON", 1002),
        ('{"type": "call_start", "from": "44"}', 1002),
    ],
)
def test_what_goes_wrong_ends_the_call_with_a_code(
    serving: Serving, message: str, code: int
) -> None:
    async def story() -> None:
        async with called(serving) as (connection, callee):
            await connection.send(message)
            with pytest.raises(websockets.ConnectionClosed):
                await texts_until(connection, "never")
            assert connection.close_code == code
            await callee.is_through.wait()

    asyncio.run(story())


@pytest.mark.parametrize("serving", SERVINGS)
def test_a_connection_that_is_no_call_never_reaches_a_handler(serving: Serving) -> None:
    async def story() -> None:
        callee = Callee()
        async with asyncio.timeout(LONG), serving(callee) as port:
            url = f"ws://127.0.0.1:{port}/agent"
            async with connect(url, proxy=None) as connection:
                assert connection.subprotocol is None
                await connection.send("hello")
                with pytest.raises(websockets.ConnectionClosed):
                    await connection.recv()
                assert connection.close_code == 1002
        assert callee.seen == []

    asyncio.run(story())


def test_calls_come_over_tls() -> None:
    authority = Authority()

    async def story() -> None:
        callee = Callee()
        tls = authority.certificate().server_context()
        async with (
            asyncio.timeout(LONG),
            with_websockets.serve(callee.handle, port=0, tls=tls) as server,
            connect(
                f"wss://localhost:{port_of(server)}/", ssl=authority.trusting(), proxy=None
            ) as connection,
        ):
            for text in START:
                await connection.send(text)
            await connection.close(1000)
            await callee.is_through.wait()
        assert callee.seen[0] == "/"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("login", "is_let_in"),
    [("ann:p%40ss@", True), ("ann:wrong@", False), ("bob:p%40ss@", False), ("", False)],
)
def test_only_a_url_with_the_credentials_is_let_in(login: str, is_let_in: bool) -> None:  # noqa: FBT001 - a column of the table
    async def story() -> None:
        callee = Callee()
        async with (
            asyncio.timeout(LONG),
            with_websockets.serve(callee.handle, port=0, credentials=("ann", "p@ss")) as server,
            connect(f"ws://{login}127.0.0.1:{port_of(server)}/", proxy=None) as connection,
        ):
            await connection.close()

    if is_let_in:
        asyncio.run(story())
    else:
        with pytest.raises(websockets.InvalidStatus, match="401"):
            asyncio.run(story())


def test_a_server_that_stops_ends_its_calls() -> None:
    async def story() -> None:
        async with asyncio.timeout(LONG), called(on_websockets) as (_, callee):
            pass
        assert callee.is_through.is_set()

    asyncio.run(story())
