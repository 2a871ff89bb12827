"""A call on a WebSocket as a handler has it: what is heard, what is played, and the end of it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from .messages import Ended, PlayFinished, SoundHeard, hang_up
from .playing import AS_HEARD, Play, PlayDesk, PlayOptions, Send, Sound
from .session import DIGITS, Event, Session
from .sound import SoundFormat

MAX_EVENTS: Final = 500
"""Events that a handler has not looked at: ten seconds of sound. Beyond them the oldest sound is
dropped, as on a telephone that nobody holds to the ear; everything else is kept as long as there is
sound to drop."""


class Inbox:
    """Events on their way to a handler."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._events: deque[Event] = deque()
        self._came = asyncio.Event()
        self.is_closed = False
        """Whether the last event was taken."""

    def put(self, event: Event) -> None:
        """Add an event."""
        if len(self._events) >= MAX_EVENTS:
            sound = (at for at, it in enumerate(self._events) if isinstance(it, SoundHeard))
            del self._events[next(sound, 0)]
        self._events.append(event)
        self._came.set()

    async def take(self) -> Event | None:
        """Return the next event; None after the last one."""
        while not self._events:
            if self.is_closed:
                return None
            self._came.clear()
            await self._came.wait()
        event = self._events.popleft()
        self.is_closed = isinstance(event, Ended)
        return event


class Call:
    """One call; made for a handler, which has it until it returns."""

    def __init__(
        self, session: Session, send: Send, *, sub_protocol: str | None, path: str
    ) -> None:
        """Begin right after `audio_start`."""
        self.sub_protocol = sub_protocol
        self.path = path
        """What the URL named after the host, with its query: `/agent?language=en`."""
        self.ended: Ended | None = None
        """How the call ended, once it has."""
        self._session = session
        self._send = send
        self._is_hung_up = False
        self._inbox = Inbox()
        self._desk = PlayDesk(session, send)

    @property
    def caller(self) -> str:
        """The number or SIP address of the one who calls."""
        return self._session.caller

    @property
    def format(self) -> SoundFormat:
        """How the sound of `SoundHeard` is coded: on calls 16-bit linear, one channel."""
        return self._session.format

    @property
    def takes_digits(self) -> bool:
        """Whether keys come as `Digit`; else they are tones in the sound."""
        return self.sub_protocol == DIGITS

    @property
    def is_over(self) -> bool:
        """Whether nothing can be heard or played any more."""
        return self._is_hung_up or not self._session.is_talking

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Give the events as they come; `Ended` is the last one."""
        while (event := await self._inbox.take()) is not None:
            yield event

    def begin_play(
        self,
        sound: Sound,
        options: PlayOptions = AS_HEARD,
        *,
        id: str | None = None,  # noqa: A002 - the protocol's name
    ) -> Play:
        """Play this after what is played already, without waiting for it."""
        return self._desk.begin(sound, options, id)

    async def play(
        self,
        sound: Sound,
        options: PlayOptions = AS_HEARD,
        *,
        id: str | None = None,  # noqa: A002 - as above
    ) -> bool:
        """Play this after what is played already, and wait until it is over.

        Returns whether it was heard to its end: not where it was aborted, or the call ended.
        """
        return await self.begin_play(sound, options, id=id).heard()

    async def abort(self) -> None:
        """Be silent at once: everything that is played or waits is dropped."""
        await self._desk.abort()

    async def hang_up(self, cause: str = "NORMAL", raw_cause: int = 0) -> None:
        """End the call; the application that called is told both.

        Raises:
            ValueError: a cause that the protocol has not.

        """
        text = hang_up(cause, raw_cause)
        if not self.is_over:
            self._is_hung_up = True
            self._desk.stop()
            await self._send(text)

    def tell(self, event: Event) -> None:
        """Note what happened; whoever reads the connection calls this."""
        if isinstance(event, PlayFinished):
            self._desk.finished(event.id, asyncio.get_running_loop().time())
        if isinstance(event, Ended):
            self.ended = event
            self._desk.stop()
        self._inbox.put(event)

    def stop(self) -> None:
        """Send no more; whoever runs the call calls this when it is through."""
        self._desk.stop()


Handler = Callable[[Call], Awaitable[None]]
"""What a customer writes: it has the call until it returns, which hangs up."""
