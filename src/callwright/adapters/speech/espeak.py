"""Text to speech with espeak-ng: a program of its own, fed by its standard input.

The text is never on a command line, where every user of the machine could read it. espeak-ng is
GPL and stays a separate process.
"""

import asyncio
import io
import os
import wave
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.sound_cache import SoundCache
from callwright.adapters.speech.ssml import Speakable, speakable
from callwright.adapters.speech.voices import local_voice
from callwright.domain.clock import Clock
from callwright.media.resample import resample
from callwright.runner.ports import SpeechFault, SpokenText
from callwright.runner.speech_plug_ins import SpeechSetup

MAX_TEXT_LENGTH: Final = 3000
"""Characters of one text, tags included (assumed, A-67)."""

CALL_RATE_HZ: Final = 8000
"""What calls run at: G.711."""

CONCURRENCY: Final = 2
"""Programs at a time. One makes three minutes of speech in half a second of one core (measured with
the resampling); more of them would only take the processor from the calls."""

NICENESS: Final = 5
"""Below the media workers, whose ticks must not wait; above recognition, since callers wait."""

TIMEOUT: Final = 20.0
"""Seconds for one text. The longest allowed takes half a second; a machine forty times busier than
that has other troubles."""

MAX_SOUND_BYTES: Final = 32 << 20
"""About twelve minutes at 22,050 Hz: more than 3000 characters last, unless a text holds pauses of
hours."""

CACHE_BYTES: Final = 512 << 20
"""About nine hours of speech."""

_HEADER_BYTES: Final = 44
_RATE_AT: Final = slice(24, 28)
_SHORTEST_SAMPLES: Final = 160
"""One frame: an empty text is a moment of silence, not an empty file."""


def espeak_plug_in(setup: SpeechSetup) -> "EspeakSpeech":
    """Make the embedded text to speech: the plug-in `espeak`."""
    return EspeakSpeech(setup.folder, clock=setup.clock, cache_bytes=setup.max_bytes)


class EspeakSpeech:
    """Speaks with espeak-ng."""

    def __init__(
        self,
        cache_folder: Path,
        *,
        clock: Clock,
        cache_bytes: int = CACHE_BYTES,
        program: str = "espeak-ng",
        time_limit: float = TIMEOUT,
    ) -> None:
        """`cache_folder` is this node's own."""
        self._cache = SoundCache(cache_folder, max_bytes=cache_bytes, clock=clock)
        self._program = program
        self._time_limit = time_limit
        self._turns = asyncio.Semaphore(CONCURRENCY)

    async def say(self, text: str, *, voice: str) -> SpokenText:
        """Make a wav file of a text, or find the one made before."""
        if len(text) > MAX_TEXT_LENGTH:
            raise SpeechFault(
                f"the text has {len(text)} characters: at most {MAX_TEXT_LENGTH} can be said"
            )
        local = local_voice(voice)
        path = self._cache.find(text, local.name)
        if path is None:
            async with self._turns:
                # The same text may have been made while we waited.
                path = self._cache.find(text, local.name) or await self._make(text, local.name)
        seconds = (path.stat().st_size - _HEADER_BYTES) / 2 / CALL_RATE_HZ
        return SpokenText(str(path), seconds, local.warning)

    async def _make(self, text: str, voice: str) -> Path:
        try:
            async with asyncio.timeout(self._time_limit):
                spoken = await self._run(speakable(text), voice)
        except TimeoutError:
            raise SpeechFault(f"espeak-ng took more than {self._time_limit:g} s") from None
        return await asyncio.to_thread(self._keep, spoken, text, voice)

    def _keep(self, spoken: bytes, text: str, voice: str) -> Path:
        return self._cache.add(_telephony_wav(spoken), text, voice)

    async def _run(self, text: Speakable, voice: str) -> bytes:
        mode = ("-m",) if text.is_ssml else ()
        try:
            process = await asyncio.create_subprocess_exec(
                self._program,
                *("-v", voice, "-b", "1", "--stdin", "--stdout", *mode),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise SpeechFault(
                f"{self._program} cannot be started: install the package espeak-ng"
            ) from error
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        try:
            sound = await _exchange(process, text.text.encode())
            status = await process.wait()
        except BaseException:
            await _kill(process)
            raise
        if status:
            raise SpeechFault(f"espeak-ng ended with status {status}")
        # Nothing at all, not even a header, comes of a text without a word in it.
        return sound


async def _exchange(process: asyncio.subprocess.Process, text: bytes) -> bytes:
    """Give the text and take the sound; espeak-ng reads all of it before it speaks."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):
        process.stdin.write(text)
        await process.stdin.drain()
        process.stdin.close()
    sound = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        sound += chunk
        if len(sound) > MAX_SOUND_BYTES:
            raise SpeechFault("the text would be spoken for more than ten minutes")
    return bytes(sound)


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    # What it still had to say is thrown away; unread, its pipe would never be closed.
    while process.stdout is not None and await process.stdout.read(1 << 16):
        pass
    await process.wait()


def _telephony_wav(spoken: bytes) -> bytes:
    # The lengths in the header are wrong when espeak-ng writes to a pipe, so they are not read.
    rate_hz = int.from_bytes(spoken[_RATE_AT], "little")
    body = spoken[_HEADER_BYTES:]
    samples: NDArray[np.int16] = np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2")
    at_call_rate = resample(samples, rate_hz, CALL_RATE_HZ)
    missing = max(0, _SHORTEST_SAMPLES - at_call_rate.size)
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(CALL_RATE_HZ)
        wav.writeframes(np.pad(at_call_rate, (0, missing)).astype("<i2").tobytes())
    return file.getvalue()
