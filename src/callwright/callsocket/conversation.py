"""A connection and a handler, from the first message to the Close, whatever carries the frames."""

import asyncio
import logging
from typing import Final, Protocol

from .call import Call, Handler
from .messages import BadPlatformMessage, Ended, Origin
from .session import Event, Session

START_WITHIN: Final = 10.0
"""Seconds until a connection must have said what it is; the platform says so at once."""

END_WITHIN: Final = 5.0
"""Seconds for the platform to say `call_end` after `call_hangup`."""

FINISH_WITHIN: Final = 30.0
"""Seconds for a handler to come to its end after the call's, to save what it has to save."""

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
INTERNAL_ERROR: Final = 1011
"""Close codes of RFC 6455 7.4.1; the application sees them as raw causes."""

log = logging.getLogger("callwright.callsocket")


class Connection(Protocol):
    """A WebSocket after its handshake, as any library has it."""

    async def receive(self) -> str | bytes | None:
        """Wait for the next message; None when the connection is closed."""

    async def send(self, message: str | bytes) -> None:
        """Send a message, and wait while the other side is slow; nothing if it is closed."""

    async def close(self, code: int, reason: str = "") -> None:
        """Close, unless it is closed."""

    @property
    def close_code(self) -> int | None:
        """The code of the other side's Close frame."""

    @property
    def sub_protocol(self) -> str | None:
        """What was agreed on."""

    @property
    def path(self) -> str:
        """What the request named, with its query."""


async def converse(
    connection: Connection, handler: Handler, *, finish_within: float = FINISH_WITHIN
) -> None:
    """Run one call: the handler beside whatever comes, until both are through."""
    session = Session()
    call = Call(
        session,
        connection.send,
        sub_protocol=connection.sub_protocol,
        path=connection.path,
    )
    if not await _has_begun(connection, session):
        return
    reading = asyncio.create_task(_read(connection, session, call))
    handling = asyncio.ensure_future(handler(call))
    try:
        await asyncio.wait({reading, handling}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            await _end(connection, call, handling)
            await asyncio.wait({reading}, timeout=END_WITHIN)
        await asyncio.wait({handling}, timeout=finish_within)
        await connection.close(NORMAL)
    except asyncio.CancelledError:
        await connection.close(GOING_AWAY, "the server stops")
        raise
    finally:
        await _stop(call, reading, handling)
        _tell_failures(reading, handling)


async def _has_begun(connection: Connection, session: Session) -> bool:
    problem = f"neither call_start nor audio_start within {START_WITHIN:.0f} s"
    try:
        async with asyncio.timeout(START_WITHIN):
            while not session.is_talking:
                message = await connection.receive()
                if message is None:
                    return False
                if isinstance(session.receive(message), Ended):
                    break
            else:
                return True
            problem = "the call ended before it began"
    except BadPlatformMessage as mistake:
        problem = str(mistake)
    except TimeoutError:
        pass  # The problem says it.
    log.warning("a connection that is no call: %s", problem)
    await connection.close(PROTOCOL_ERROR, problem[:100])
    return False


async def _read(connection: Connection, session: Session, call: Call) -> None:
    while call.ended is None:
        message = await connection.receive()
        event: Event | None
        try:
            if message is None:
                event = session.lose(connection.close_code)
            else:
                event = session.receive(message)
        except BadPlatformMessage as mistake:
            log.warning("a call is given up: %s", mistake)
            await connection.close(PROTOCOL_ERROR, str(mistake)[:100])
            session.lose(None)
            event = Ended(Origin.ERROR, "FAILED", PROTOCOL_ERROR)
        if event is not None:
            call.tell(event)


async def _end(connection: Connection, call: Call, handling: "asyncio.Future[None]") -> None:
    if handling.exception() is None:
        await call.hang_up()
    else:
        await connection.close(INTERNAL_ERROR, "the handler failed")


async def _stop(call: Call, *work: "asyncio.Future[None]") -> None:
    for one in work:
        one.cancel()
    call.stop()
    await asyncio.wait(work)


def _tell_failures(reading: "asyncio.Future[None]", handling: "asyncio.Future[None]") -> None:
    if not reading.cancelled() and (problem := reading.exception()) is not None:
        log.error("a connection broke in an unexpected way", exc_info=problem)
    if handling.cancelled():
        log.warning("a handler went on after its call; it was cancelled")
    elif (problem := handling.exception()) is not None:
        log.error("a handler failed; its call was ended", exc_info=problem)
