"""What a leg records: either side of it or both, into a wav file.

The file is written by one thread, some seconds behind, so that no disk can make a tick late.
"""

from collections import deque
from concurrent.futures import Executor, Future
from enum import StrEnum
from typing import Final

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
        self.eliminates_dtmf = command.eliminates_dtmf
        """Whether it wants to know of keys."""
        self._takes_heard, self._takes_sent = self._side.takes_heard, self._side.takes_sent
        self._heard: list[bytes] = []  # a frame each; before the first sound, the last few
        self._sent: list[bytes] = []
        self._has_started = not command.starts_with_sound
        self._streak = 0
        self._silent_frames = 0
        self._recorded_frames = 0
        self._contains_sound = False
        self._is_silent = False  # for so long that the recording ends
        self._ending: Ending | None = None
        self._pending: deque[Future[None]] = deque([disk.submit(self._file.open)])

    @property
    def recording(self) -> int:
        """The number that the control process gave it."""
        return self._command.recording

    def beep(self, frame: Samples) -> None:
        """Add the beep to a frame to be sent, as long as it lasts."""
        beep = self._beep[self._beeped : self._beeped + FRAME_SAMPLES]
        mix_into(frame, beep)
        self._beeped += len(beep)
        self._beeps_now = True
        self.is_beeping = self._beeped < len(self._beep)

    def take(
        self,
        heard: Samples,
        sent: Samples,
        *,
        is_sound: bool,
        hears_key: bool = False,
        sends_key: bool = False,
    ) -> None:
        """Take this tick of both sides; while it beeps, nothing.

        `is_sound` says whether the far end makes sound. Whether a key's tone is in either side
        needs only be right for who `eliminates_dtmf`.
        """
        if self._ending is not None or self._beeps_now:
            self._beeps_now = False
            return
        if self._takes_heard:
            self._heard.append(heard.tobytes())
        if self._takes_sent:
            self._sent.append(sent.tobytes())
        if hears_key or sends_key:
            self._erase(hears_key=hears_key, sends_key=sends_key)
        if self._command.max_silence or not self._contains_sound:
            is_speech = self._takes_heard and is_sound and not hears_key
            self._listen(is_sound=is_speech or (not sends_key and self._is_loud(sent)))
        self._count()

    def _listen(self, *, is_sound: bool) -> None:
        """Follow how long there has been sound, or silence."""
        self._streak = self._streak + 1 if is_sound else 0
        if self._streak >= SOUND_FRAMES:
            self._contains_sound = self._has_started = True
            self._silent_frames = 0
        else:
            self._silent_frames += 1
        limits = (self._command.max_initial_silence, self._command.max_silence)
        limit = limits[self._contains_sound]
        # A limit of 0 is none. Half a frame absorbs that seconds aren't exact in binary.
        self._is_silent = bool(limit) and self._silent_frames * TICK >= limit - TICK / 2

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

    def _is_loud(self, sent: Samples) -> bool:
        """Whether we send sound; it carries no line's noise, so that a level is enough."""
        if not self._takes_sent:
            return False
        return float(np.mean(np.square(sent, dtype=np.float32))) > _MIN_POWER

    def _count(self) -> None:
        """Count the frame that was taken, and see whether one of its ends is reached."""
        waiting = len(self._heard or self._sent)
        if not self._has_started:
            del self._heard[:-PREROLL_FRAMES], self._sent[:-PREROLL_FRAMES]
        elif self._recorded_frames:
            self._recorded_frames += 1
        else:
            self._recorded_frames = waiting
        if waiting >= CHUNK_FRAMES + ERASED_FRAMES:
            self._flush(keep=ERASED_FRAMES if self.eliminates_dtmf else 0)
        if self._is_silent:
            self.end(Ending.SILENCE)
        # A longest duration of 0 is none.
        if 0 < self._command.max_duration <= self._recorded_frames * TICK:
            self.end(Ending.MAX_DURATION)

    def _erase(self, *, hears_key: bool, sends_key: bool) -> None:
        """Silence the last frames of whichever side has a key in it."""
        for frames, has_key in ((self._heard, hears_key), (self._sent, sends_key)):
            if has_key:
                count = min(len(frames), ERASED_FRAMES)
                frames[len(frames) - count :] = [_SILENT_FRAME] * count

    def _flush(self, keep: int = 0) -> None:
        """Hand frames to the disk; the last `keep` may still have to be silenced."""
        end = len(self._heard or self._sent) - keep
        if self._problem():
            self._heard, self._sent = [], []
            self.end(Ending.FAILED)
        elif self._has_started and end > 0:
            heard, sent = b"".join(self._heard[:end]), b"".join(self._sent[:end])
            del self._heard[:end], self._sent[:end]
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


_MIN_POWER: Final = mean_square(MIN_LEVEL_DBM0)
_SILENT_FRAME: Final = bytes(FRAME_SAMPLES * 2)
