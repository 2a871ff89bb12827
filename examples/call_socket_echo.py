"""Echo: whoever calls hears himself, half a second later. Press the star key to hang up.

Run it with `python examples/call_socket_echo.py --certificate server.pem --key server.key`, and
let a `connect` action or `service_start` call `wss://localhost:8443`; docs/call-sockets.md tells
how to make a certificate.
"""

import asyncio
from collections.abc import AsyncIterator

from callwright.callsocket import Call, Digit, PlayOptions, SoundHeard
from callwright.callsocket.websockets import run

LATE = PlayOptions(initial_buffer_ms=500)
"""The platform waits for so much sound before it begins to play: that is all the delay."""


async def echo(call: Call) -> None:
    """Play what is heard, as it comes."""
    heard: asyncio.Queue[bytes | None] = asyncio.Queue()
    call.begin_play(until_none(heard), LATE)
    async for event in call:
        match event:
            case SoundHeard(sound):
                heard.put_nowait(sound)
            case Digit("*"):
                await call.hang_up()
    heard.put_nowait(None)


async def until_none(heard: "asyncio.Queue[bytes | None]") -> AsyncIterator[bytes]:
    """Give what was heard."""
    while (sound := await heard.get()) is not None:
        yield sound


if __name__ == "__main__":
    run(echo)
