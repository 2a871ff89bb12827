"""What a leg records: the far end's sound, into a wav file.

The file is written by one thread, some seconds behind, so that no disk can make a tick late.
"""

from collections import deque
from concurrent.futures import Executor, Future
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from callwright.media.frames import FRAME_SAMPLES, TICK, TICK_MS, Samples
from callwright.media.tones import RECORD_BEEP, render
from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc

CHUNK_FRAMES: Final = 100
"""Handed to the disk at once: two seconds."""

MAX_CHUNKS_BEHIND: Final = 15
"""How far the disk may lag, 30 s; then the recording fails, since memory has an end too."""

SOUND_FRAMES: Final = 3
"""Frames of sound in a row that are more than a click: 60 ms."""

PREROLL_FRAMES: Final = 10
"""What is kept from before the first sound, so that no word loses its first consonant: 200 ms."""


class Ending(StrEnum):
    """What ended a recording, as `rpc.RecordEnded` says it."""

    MAX_DURATION = "max_duration"
    SILENCE = "silence"
    STOPPED = "stopped"
    CLOSED = "closed"
    FAILED = "failed"


class Recorder:
    """One `Record` command: takes a frame a tick until one of its ends is reached."""

    def __init__(self, command: rpc.Record, *, disk: Executor) -> None:
        """Begin, and create the file.

        Raises:
            ValueError: the encoding is none that we write.

        """
        self._command = command
        self._disk = disk
        encoding = _encoding(command.encoding)
        self._writing = _Writing(command.path, encoding)
        self._beep = render(RECORD_BEEP) if command.beeps else render(())
        self._beeped = 0
        self.is_beeping = command.beeps
        """Whether the beep is still to be heard; nothing is recorded before."""
        self._frames: list[bytes] = []
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_FRAMES)
        self._has_started = not command.starts_with_sound
        self._streak = 0
        self._silent_frames = 0
        self._recorded_frames = 0
        self._contains_sound = False
        self._ending: Ending | None = None
        self._pending: deque[Future[None]] = deque([disk.submit(self._writing.open)])

    @property
    def recording(self) -> int:
        """The number that the control process gave it."""
        return self._command.recording

    def beep(self, frame: Samples) -> None:
        """Put the beep into a frame to be sent, as long as it lasts."""
        beep = self._beep[self._beeped : self._beeped + FRAME_SAMPLES]
        frame[: len(beep)] = beep
        self._beeped += len(beep)
        self.is_beeping = self._beeped < len(self._beep)

    def take(self, frame: Samples, *, is_sound: bool) -> None:
        """Take what was heard in this tick."""
        if self._ending is not None:
            return
        self._streak = self._streak + 1 if is_sound else 0
        if self._streak >= SOUND_FRAMES:
            self._contains_sound = True
            self._silent_frames = 0
        else:
            self._silent_frames += 1
        self._keep(frame.tobytes())
        self._check_silence()
        if self._recorded_frames * TICK >= self._command.max_duration:
            self.end(Ending.MAX_DURATION)

    def end(self, ending: Ending) -> None:
        """Close the file; one that is closing already is left alone."""
        if self._ending is None:
            self._ending = ending
            self.is_beeping = False
            self._flush()
            self._pending.append(self._disk.submit(self._writing.close))

    def result(self) -> rpc.RecordEnded | None:
        """What became of it, once the file is complete; None until then."""
        if self._ending is None:
            return None
        problem = self._problem()
        if self._pending and not problem:
            return None
        return rpc.RecordEnded(
            leg=self._command.leg,
            recording=self.recording,
            duration=self._recorded_frames * TICK_MS / 1000,
            contains_sound=self._contains_sound,
            ended_by=Ending.FAILED if problem else self._ending,
            problem=problem,
        )

    def _keep(self, sound: bytes) -> None:
        if self._has_started:
            self._frames.append(sound)
            self._recorded_frames += 1
        else:
            self._preroll.append(sound)
            if self._contains_sound:
                self._has_started = True
                self._frames.extend(self._preroll)
                self._recorded_frames = len(self._frames)
        if len(self._frames) >= CHUNK_FRAMES:
            self._flush()

    def _check_silence(self) -> None:
        limits = (self._command.max_initial_silence, self._command.max_silence)
        limit = limits[self._contains_sound]
        # A limit of 0 is none. Half a frame absorbs that seconds aren't exact in binary.
        if limit and self._silent_frames * TICK >= limit - TICK / 2:
            self.end(Ending.SILENCE)

    def _flush(self) -> None:
        if self._problem():
            self._frames.clear()
            self.end(Ending.FAILED)
        elif self._frames:
            sound, self._frames = b"".join(self._frames), []
            self._pending.append(self._disk.submit(self._writing.write, sound))

    def _problem(self) -> str:
        """What the disk has refused, or nothing; forgets what it has done."""
        while self._pending and self._pending[0].done():
            failure = self._pending[0].exception()
            if failure is not None:
                return f"{self._command.path}: {failure}"
            self._pending.popleft()
        if len(self._pending) > MAX_CHUNKS_BEHIND:
            return f"{self._command.path}: the disk is {len(self._pending)} chunks behind"
        return ""


class _Writing:
    """A file in the writing thread's hands."""

    def __init__(self, path: str, encoding: Encoding) -> None:
        self._path = path
        self._encoding = encoding
        self._stream: BinaryIO | None = None
        self._writer: WavWriter | None = None

    def open(self) -> None:
        self._stream = Path(self._path).open("wb")  # noqa: SIM115 - `close` closes it
        self._writer = WavWriter(self._stream, self._encoding)

    def write(self, sound: bytes) -> None:
        if self._writer is not None:
            self._writer.write(np.frombuffer(sound, np.int16))

    def close(self) -> None:
        if self._stream is not None and self._writer is not None:
            with self._stream:
                self._writer.close()


def _encoding(name: str) -> Encoding:
    writable = {it.name: it for it in (Encoding.PCMU, Encoding.PCMA, Encoding.PCM16)}
    if name not in writable:
        raise ValueError(f"encoding {name!r}; expected {' or '.join(writable)}")
    return writable[name]
