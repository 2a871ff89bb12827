"""What a leg records: either side of it or both, into a wav file.

The file is written by one thread, some seconds behind, so that no disk can make a tick late.
"""

from collections import deque
from concurrent.futures import Executor, Future
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from callwright.media.frames import FRAME_SAMPLES, TICK, TICK_MS, Samples, mean_square, mix_into
from callwright.media.speech_activity import MIN_LEVEL_DBM0
from callwright.media.tones import RECORD_BEEP, render
from callwright.worker import rpc
from callwright.worker.recording_file import RecordingFile
from callwright.worker.sides import Side, side_named

CHUNK_FRAMES: Final = 100
"""Handed to the disk at once: two seconds."""

MAX_CHUNKS_BEHIND: Final = 15
"""How far the disk may lag, 30 s; then the recording fails, since memory has an end too."""

SOUND_FRAMES: Final = 3
"""Frames of sound in a row that are more than a click: 60 ms."""

PREROLL_FRAMES: Final = 10
"""What is kept from before the first sound, so that no word loses its first consonant: 200 ms."""

ERASED_FRAMES: Final = 5
"""How much is silenced when a key becomes certain: its own frame and 80 ms before. The detector
needs 53 ms at most, and a gateway that sends events lets as much of the tone through."""


class Ending(StrEnum):
    """What ended a recording, as `rpc.RecordEnded` says it."""

    MAX_DURATION = "max_duration"
    SILENCE = "silence"
    STOPPED = "stopped"
    CLOSED = "closed"
    FAILED = "failed"


class Marks(NamedTuple):
    """What is known of a leg's sound in this tick."""

    is_sound: bool
    """Whether the far end makes sound."""
    hears_key: bool = False
    """Whether a key's tone is in what is heard; needs only be right for who `eliminates_dtmf`."""
    sends_key: bool = False
    """The same for what is sent."""


class Recorder:
    """One `Record` command: takes a frame a tick until one of its ends is reached."""

    def __init__(self, command: rpc.Record, *, disk: Executor) -> None:
        """Begin, and create the file.

        Raises:
            ValueError: the encoding, the side or the cipher is none that we write.

        """
        self._command = command
        self._disk = disk
        self._side = side_named(command.side, *Side)
        self._file = RecordingFile(command, self._side)
        self._beep = render(RECORD_BEEP) if command.beeps else render(())
        self._beeped = 0
        self.is_beeping = command.beeps
        """Whether the beep is still to be heard; nothing is recorded before."""
        self._beeps_now = False
        self._frames: list[_Frame] = []
        self._preroll: deque[_Frame] = deque(maxlen=PREROLL_FRAMES)
        self._has_started = not command.starts_with_sound
        self._streak = 0
        self._silent_frames = 0
        self._recorded_frames = 0
        self._contains_sound = False
        self._ending: Ending | None = None
        self._pending: deque[Future[None]] = deque([disk.submit(self._file.open)])

    @property
    def recording(self) -> int:
        """The number that the control process gave it."""
        return self._command.recording

    @property
    def eliminates_dtmf(self) -> bool:
        """Whether it wants to know of keys."""
        return self._command.eliminates_dtmf

    def beep(self, frame: Samples) -> None:
        """Add the beep to a frame to be sent, as long as it lasts."""
        beep = self._beep[self._beeped : self._beeped + FRAME_SAMPLES]
        mix_into(frame, beep)
        self._beeped += len(beep)
        self._beeps_now = True
        self.is_beeping = self._beeped < len(self._beep)

    def take(self, heard: Samples, sent: Samples, marks: Marks) -> None:
        """Take this tick of both sides; while it beeps, nothing."""
        beeps, self._beeps_now = self._beeps_now, False
        if self._ending is not None or beeps:
            return
        self._streak = self._streak + 1 if self._is_sound(sent, marks) else 0
        if self._streak >= SOUND_FRAMES:
            self._contains_sound = True
            self._silent_frames = 0
        else:
            self._silent_frames += 1
        side = self._side
        self._keep(
            _Frame(
                heard.tobytes() if side.takes_heard else b"",
                sent.tobytes() if side.takes_sent else b"",
            )
        )
        if self.eliminates_dtmf and (marks.hears_key or marks.sends_key):
            self._erase(marks)
        if len(self._frames) >= CHUNK_FRAMES + ERASED_FRAMES:
            self._flush(keep=ERASED_FRAMES if self.eliminates_dtmf else 0)
        self._check_silence()
        # A longest duration of 0 is none.
        if 0 < self._command.max_duration <= self._recorded_frames * TICK:
            self.end(Ending.MAX_DURATION)

    def end(self, ending: Ending) -> None:
        """Close the file; one that is closing already is left alone."""
        if self._ending is None:
            self._ending = ending
            self.is_beeping = False
            self._flush()
            self._pending.append(self._disk.submit(self._file.close))

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

    def _is_sound(self, sent: Samples, marks: Marks) -> bool:
        if self._contains_sound and not self._command.max_silence:
            return True  # nobody asks any more
        erases = self.eliminates_dtmf
        if self._side.takes_heard and marks.is_sound and not (erases and marks.hears_key):
            return True
        if not self._side.takes_sent or (erases and marks.sends_key):
            return False
        # What we send carries no line's noise: a level is enough.
        return float(np.mean(np.square(sent, dtype=np.float32))) > _MIN_POWER

    def _keep(self, frame: "_Frame") -> None:
        if self._has_started:
            self._frames.append(frame)
            self._recorded_frames += 1
            return
        self._preroll.append(frame)
        if self._contains_sound:
            self._has_started = True
            self._frames.extend(self._preroll)
            self._recorded_frames = len(self._frames)

    def _erase(self, marks: Marks) -> None:
        """Silence the last frames of whichever side has a key in it."""
        kept = self._frames if self._has_started else self._preroll
        for at in range(max(0, len(kept) - ERASED_FRAMES), len(kept)):
            heard, sent = kept[at]
            kept[at] = _Frame(
                bytes(len(heard)) if marks.hears_key else heard,
                bytes(len(sent)) if marks.sends_key else sent,
            )

    def _check_silence(self) -> None:
        limits = (self._command.max_initial_silence, self._command.max_silence)
        limit = limits[self._contains_sound]
        # A limit of 0 is none. Half a frame absorbs that seconds aren't exact in binary.
        if limit and self._silent_frames * TICK >= limit - TICK / 2:
            self.end(Ending.SILENCE)

    def _flush(self, keep: int = 0) -> None:
        """Hand frames to the disk; the last `keep` may still have to be silenced."""
        if self._problem():
            self._frames.clear()
            self.end(Ending.FAILED)
        elif len(self._frames) > keep:
            end = len(self._frames) - keep
            heard = b"".join(it.heard for it in self._frames[:end])
            sent = b"".join(it.sent for it in self._frames[:end])
            del self._frames[:end]
            self._pending.append(self._disk.submit(self._file.write, heard, sent))

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


class _Frame(NamedTuple):
    """One tick of what is recorded; a side that isn't is empty."""

    heard: bytes
    sent: bytes


_MIN_POWER: Final = mean_square(MIN_LEVEL_DBM0)
