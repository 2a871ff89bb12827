"""Recognition in processes of its own: started when first needed, replaced when one dies.

A stream whose process dies gets a `SpeechFault`; calls and other processes are not touched.
"""

import asyncio
import contextlib
import itertools
import socket
import sys
from collections import deque
from typing import Final, cast

import structlog

from callwright.adapters.speech import recogniser_frames as frames
from callwright.adapters.speech.grammar import bounded, grammar_of, hinted
from callwright.adapters.speech.phrase_ends import DEFAULT_END_SILENCE
from callwright.runner.ports import (
    NoRecogniser,
    Reading,
    Recognised,
    RecognitionOrder,
    SpeechFault,
)
from callwright.runner.speech_plug_ins import SpeechSetup
from callwright.worker.framing import FrameError, Frames

log: Final = structlog.get_logger()

MODULE: Final = "callwright.adapters.speech.recogniser"

START_PATIENCE: Final = 20.0
"""Seconds until a process or a stream must be ready; a quarter of one is usual."""

MAX_LOAD: Final = 32
"""Of a process, that is of a core: a menu or digits take 3 to 5 % of one while somebody speaks, and
people are silent more than half of a call."""

FREE_LOAD: Final = 2
"""Of free speech, against 1 of a menu: three times as much sound, work and memory; but who is
transcribed listens to others, too."""

MAX_UNSENT_BYTES: Final = 4 << 20
"""Sound that waits in a process's socket: so much only when it has stopped reading."""

MAX_PHRASES: Final = 256
"""Phrases that wait for somebody to take them, half an hour of speech; then the oldest goes."""

LAST_PHRASE_WITHIN: Final = 10.0
"""Seconds from the end of the sound to the last phrase; more only where a machine has too much to
do, and nobody waits for it (the original says: several seconds)."""

LEAST_SILENCE: Final = 0.2
"""Seconds; shorter ones are between the sounds of a word."""

_GONE: Final = "the recogniser ended before its time"


class PocketsphinxRecognisers:
    """Implements `runner.ports.Recognisers` for English."""

    def __init__(
        self,
        *,
        processes: int = 1,
        module: str = MODULE,
        last_within: float = LAST_PHRASE_WITHIN,
    ) -> None:
        """Prepare; nothing runs before the first stream. `module` is what a process runs."""
        self._last_within = last_within
        self._most = processes
        self._module = module
        self._processes: list[_Process] = []
        self._numbers = itertools.count(1)
        self._starting = asyncio.Lock()

    async def begin(self, order: RecognitionOrder) -> "_Stream":
        """Begin to recognise a stream."""
        language = order.language.replace("_", "-").lower()
        if language.split("-")[0] != "en":
            raise NoRecogniser(
                f"speech in {order.language!r} cannot be recognised here: the embedded recogniser "
                "knows English (en-*) only; another plug-in may know it"
            )
        is_free = grammar_of(order.phrases, [text for text, _ in order.hints]) is None
        load = FREE_LOAD if is_free else 1
        async with self._starting:
            process = await self._free_process(load)
            stream = _Stream(next(self._numbers), process, load, self._last_within)
            process.streams[stream.number] = stream
        try:
            await process.begin(stream, order)
        except BaseException:
            stream.close()
            raise
        return stream

    async def stop(self) -> None:
        """End all processes and their streams."""
        processes, self._processes = self._processes, []
        await asyncio.gather(*(process.stop() for process in processes))

    async def _free_process(self, load: int) -> "_Process":
        alive = [process for process in self._processes if not process.is_lost]
        lost, self._processes = [one for one in self._processes if one.is_lost], alive
        await asyncio.gather(*(process.stop() for process in lost))
        least = min(alive, key=lambda process: process.load, default=None)
        if least is not None and (not least.streams or len(alive) >= self._most):
            if least.load + load > MAX_LOAD:
                raise SpeechFault(
                    f"no recogniser is free: each has {MAX_LOAD} menus, or half as many streams of "
                    "free speech"
                )
            return least
        started = await _started(self._module)
        self._processes.append(started)
        return started


def pocketsphinx_plug_in(setup: SpeechSetup) -> PocketsphinxRecognisers:
    """Make the embedded recognition: the plug-in `pocketsphinx`."""
    return PocketsphinxRecognisers(processes=setup.processes)


class _Stream:
    """One stream, our end of it; implements `runner.ports.Recognition`."""

    def __init__(self, number: int, process: "_Process", load: int, last_within: float) -> None:
        self.number = number
        self.load = load
        self.begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._process = process
        self._said: deque[Recognised] = deque(maxlen=MAX_PHRASES)
        self._changed = asyncio.Event()
        self._is_over = False
        self._fault = ""
        self._patience: asyncio.TimerHandle | None = None
        self._last_within = last_within

    def feed(self, sound: bytes) -> None:
        """Pass the next sound on."""
        if not self._is_over:
            self._process.send(frames.Sound(self.number, sound))

    def finish(self) -> None:
        """Ask for what was said last."""
        if not self._is_over and self._patience is None:
            self._process.send(frames.Finish(self.number))
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(self._last_within, self._give_up)

    async def next_phrase(self) -> Recognised | None:
        """Wait for the next phrase."""
        while not self._said and not self._is_over:
            self._changed.clear()
            await self._changed.wait()
        if self._said:
            return self._said.popleft()
        if self._fault:
            raise SpeechFault(self._fault)
        return None

    def close(self) -> None:
        """Forget everything."""
        if not self._is_over:
            self._process.send(frames.Forget(self.number))
        self._said.clear()
        self._fault = ""
        self.end()

    def hear(self, said: frames.Said) -> None:
        """Take what the process recognised; of interim results only the latest waits."""
        readings = tuple(Reading(text, confidence) for text, confidence in said.readings)
        if self._said and not self._said[-1].is_final:
            self._said.pop()
        self._said.append(Recognised(readings, said.is_final, said.stability))
        self._changed.set()

    def end(self, fault: str = "") -> None:
        """No more will come."""
        self._fault = self._fault or fault
        self._is_over = True
        if self._patience is not None:
            self._patience.cancel()
        self._process.streams.pop(self.number, None)
        if fault and not self.begun.done():
            self.begun.set_result(fault)
        self._changed.set()

    def _give_up(self) -> None:
        self._process.send(frames.Forget(self.number))
        self.end(f"what was said last was not recognised within {self._last_within:g} s")


class _Process(asyncio.Protocol):
    """One process, our end of it."""

    def __init__(self) -> None:
        self.streams: dict[int, _Stream] = {}
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_lost = False
        self._is_stopping = False
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._child: asyncio.subprocess.Process | None = None

    @property
    def load(self) -> int:
        """How much its streams are, against one menu."""
        return sum(stream.load for stream in self.streams.values())

    async def run(self, module: str) -> None:
        """Start it and wait until it takes commands."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, "--fd", str(theirs.fileno())),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
            )
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=ours)
        await self.started

    async def begin(self, stream: _Stream, order: RecognitionOrder) -> None:
        """Begin a stream.

        Raises:
            SpeechFault: it cannot be.

        """
        silence = DEFAULT_END_SILENCE if order.end_silence is None else order.end_silence
        self.send(
            frames.Begin(
                stream.number,
                bounded(order.phrases),
                hinted(order),
                order.max_alternatives,
                order.wants_interim_results,
                max(LEAST_SILENCE, silence),
            )
        )
        try:
            async with asyncio.timeout(START_PATIENCE):
                problem = await stream.begun
        except TimeoutError:
            problem = f"no recogniser answered within {START_PATIENCE:g} s"
        if problem:
            raise SpeechFault(problem)

    def send(self, command: frames.Command) -> None:
        """Pass a command on; one that does not read any more is given up."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(frames.encode(command))
        if transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            log.error("recogniser.stalled", streams=len(self.streams))
            transport.abort()

    async def stop(self) -> None:
        """Close the socket, which ends the process, and wait for that."""
        self._is_stopping = True
        if self._transport is not None:
            self._transport.close()
        if self._child is not None:
            try:
                async with asyncio.timeout(2.0):
                    await self._child.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self._child.kill()
                await self._child.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                self._take(frames.decode_event(frame))
        except FrameError as problem:
            log.warning("recogniser.bad_frame", problem=str(problem))
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.is_lost = True
        if not self.started.done():
            self.started.set_exception(SpeechFault(_GONE))
        if not self._is_stopping:
            log.error("recogniser.died", streams=len(self.streams))
        for stream in list(self.streams.values()):
            stream.end("" if self._is_stopping else _GONE)

    def _take(self, event: frames.Event) -> None:
        if isinstance(event, frames.Started):
            if not self.started.done():
                self.started.set_result(None)
            return
        stream = self.streams.get(event.stream)
        if stream is None:
            return
        match event:
            case frames.Begun():
                if not stream.begun.done():
                    stream.begun.set_result(event.problem)
            case frames.Said():
                stream.hear(event)
            case frames.Dropped():
                log.warning("recogniser.sound_dropped", seconds=event.seconds)
            case frames.Finished():
                stream.end()


async def _started(module: str) -> _Process:
    process = _Process()
    try:
        async with asyncio.timeout(START_PATIENCE):
            await process.run(module)
    except (TimeoutError, OSError) as problem:
        await process.stop()
        raise SpeechFault("a recogniser cannot be started") from problem
    except BaseException:
        await process.stop()
        raise
    return process
