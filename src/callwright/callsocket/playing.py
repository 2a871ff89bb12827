"""Plays: sound on its way to the platform, one after the other, at the pace of the platform."""

import asyncio
import itertools
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from .messages import play_abort, play_end, play_start
from .pacing import AHEAD, MAX_INITIAL_BUFFER_MS, Framer, Pacer
from .session import Session
from .sound import Encoding, SoundFormat

MAX_WAITING_PLAYS: Final = 4
"""Plays that the platform queues; a further one waits here."""

CUT_SHORT: Final = 0.5
"""Seconds: a play that finishes so much earlier than its sound lasts was not heard to its end. The
two clocks drift, and less would not be missed."""

Sound = bytes | bytearray | memoryview | Iterable[bytes] | AsyncIterable[bytes]
"""Sound that is there, or comes in pieces of any length."""

Send = Callable[[str | bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """How a play's sound is coded, and how it is to be played."""

    encoding: Encoding = Encoding.PCM_16
    channels: int = 1
    channel: int = 0
    """Which of two channels is played, 1 or 2; 0 mixes both. Only 16-bit sound can be mixed."""
    initial_buffer_ms: int = 100
    """Milliseconds that must have come before the platform begins: what is made as it is sent
    comes less evenly than sound from a file."""

    def __post_init__(self) -> None:
        """Refuse what the platform would refuse, and where the mistake is made."""
        if self.channel not in range(3) or (self.channels == 1 and self.channel == 2):  # noqa: PLR2004 - the second channel
            raise ValueError(
                f"channel is {self.channel} of {self.channels}: 0, 1 or, of two, 2 was expected"
            )
        if self.format.channels > 1 and self.channel == 0 and self.encoding != Encoding.PCM_16:
            raise ValueError(f"two channels of {self.encoding} cannot be mixed: say channel 1 or 2")
        if self.initial_buffer_ms not in range(MAX_INITIAL_BUFFER_MS + 1):
            raise ValueError(
                f"initial_buffer_ms is {self.initial_buffer_ms}: "
                f"0 to {MAX_INITIAL_BUFFER_MS} was expected"
            )

    @property
    def format(self) -> SoundFormat:
        """How the sound is laid out."""
        return SoundFormat(self.encoding, self.channels)


AS_HEARD: Final = PlayOptions()
"""16-bit sound of one channel: the same as what is heard."""


class Play:
    """One play, from when it was asked for until it is over."""

    def __init__(self, play_id: str, options: PlayOptions) -> None:
        """Begin before anything was sent."""
        self.id = play_id
        self.options = options
        self.heard_at = float("inf")
        """When all of it can have been heard, by the loop's clock; known once all was sent."""
        self._over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def is_over(self) -> bool:
        """Whether it was heard, aborted or cut short."""
        return self._over.done()

    async def heard(self) -> bool:
        """Wait until it is over, and say whether it was heard to its end.

        Raises:
            Exception: whatever the sound's source raised; what came before that is played.

        """
        return await asyncio.shield(self._over)

    def end(self, *, is_heard: bool) -> None:
        """Note that it is over, unless it is already."""
        if not self.is_over:
            self._over.set_result(is_heard)

    def fail(self, problem: Exception) -> None:
        """Note that its source broke."""
        if not self.is_over:
            self._over.set_exception(problem)


class PlayDesk:
    """Sends plays in the order in which they were asked for; one owner of all that goes out."""

    def __init__(self, session: Session, send: Send) -> None:
        """Begin with nothing to play."""
        self._session = session
        self._send = send
        self._pacer = Pacer()
        self._numbers = itertools.count(1)
        self._turn = asyncio.Lock()
        self._moved = asyncio.Event()
        """A play is over, so that another may begin."""
        self._begun: list[Play] = []
        """Plays that the platform knows of, in order."""
        self._work: dict[asyncio.Task[None], Play] = {}

    def begin(self, sound: Sound, options: PlayOptions, play_id: str | None) -> Play:
        """Play this after everything that was asked for before."""
        play = Play(f"play-{next(self._numbers)}" if play_id is None else play_id, options)
        work = asyncio.create_task(self._run(play, sound))
        self._work[work] = play
        work.add_done_callback(self._work.pop)
        return play

    def finished(self, play_id: str, now: float) -> None:
        """The platform says that a play is over."""
        play = next((it for it in self._begun if it.id == play_id), None)
        if play is not None:
            self._begun.remove(play)
            play.end(is_heard=now >= play.heard_at - CUT_SHORT)
        self._moved.set()

    async def abort(self) -> None:
        """Drop everything that is not heard yet."""
        is_anything_there = bool(self._work or self._begun)
        self.stop()
        if is_anything_there and self._session.is_talking:
            await self._send(play_abort())

    def stop(self) -> None:
        """Send no more, and call every play over."""
        for work, play in self._work.items():
            work.cancel()
            play.end(is_heard=False)
        for play in self._begun:
            play.end(is_heard=False)
        self._begun.clear()
        self._pacer.forget()

    async def _run(self, play: Play, sound: Sound) -> None:
        async with self._turn:
            await self._slot()
            if not self._session.is_talking:
                play.end(is_heard=False)
                return
            self._session.begin_play(play.id)
            self._begun.append(play)
            options = play.options
            # Fewer would never be enough for the platform to begin.
            self._pacer.ahead = AHEAD + options.initial_buffer_ms / 1000
            await self._send(
                play_start(
                    play.id,
                    options.format,
                    channel=options.channel,
                    initial_buffer_ms=options.initial_buffer_ms,
                )
            )
            try:
                await self._pour(options.format, sound)
            except Exception as problem:  # noqa: BLE001 - the source is not ours; who waits is told
                play.fail(problem)
            play.heard_at = self._pacer.silent_at
            await self._send(play_end())

    async def _slot(self) -> None:
        while self._session.is_talking and self._session.waiting_plays >= MAX_WAITING_PLAYS:
            self._moved.clear()
            await self._moved.wait()

    async def _pour(self, layout: SoundFormat, sound: Sound) -> None:
        framer = Framer(layout)
        async for piece in _pieces_of(sound):
            for frame in framer.cut(piece):
                await self._send_frame(frame, layout)
        for frame in framer.flush():
            await self._send_frame(frame, layout)

    async def _send_frame(self, frame: bytes, layout: SoundFormat) -> None:
        clock = asyncio.get_running_loop()
        if (wait := self._pacer.wait(clock.time())) > 0:
            await asyncio.sleep(wait)
        await self._send(frame)
        self._pacer.sent(layout.seconds_of(len(frame)), clock.time())


async def _pieces_of(sound: Sound) -> AsyncIterable[bytes]:
    match sound:
        case bytes() | bytearray() | memoryview():
            yield bytes(sound)
        case AsyncIterable():
            async for piece in sound:
                yield piece
        case _:
            for piece in sound:
                yield piece
