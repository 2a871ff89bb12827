"""The worker's frame matrices and the arithmetic on them, over all legs at once."""

from collections.abc import Container, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media import g711
from callwright.media.dtmf import DtmfDetector, Heard
from callwright.media.frames import FRAME_SAMPLES, Coded, Samples, grown
from callwright.media.g711 import Law
from callwright.media.mixer import Mixer
from callwright.media.speech_activity import SpeechActivity
from callwright.worker.ports import Faded

FIRST_ROWS: Final = 64
"""Rows to begin with; they double when there are more legs."""


class Findings(NamedTuple):
    """What was found in one tick's sound; by row."""

    keys: Sequence[Heard]
    started: Sequence[int]
    """Rows in which somebody began to make sound."""
    ended: Sequence[int]
    """Rows in which it ended."""


class Sound:
    """One tick of every leg, in both directions, as codes and as samples."""

    def __init__(self) -> None:
        self.rows = 0
        """How many rows have ever been in use at once; the matrices may hold more."""
        self.rooms = Mixer()
        """Rows without packets: they hear what the others of their room were sent."""
        self.is_loud: list[bool] = []
        """Whether a row's last frame was sound."""
        self.held_keys: Container[int] = frozenset()
        """Rows in whose last frame a key's tone was heard."""
        self._codes_in: Coded = np.zeros((FIRST_ROWS, FRAME_SAMPLES), np.uint8)
        self._codes_out: Coded = np.zeros((FIRST_ROWS, FRAME_SAMPLES), np.uint8)
        self._heard: Samples = np.zeros((FIRST_ROWS, FRAME_SAMPLES), np.int16)
        self._sent: Samples = np.zeros((FIRST_ROWS, FRAME_SAMPLES), np.int16)
        self._laws: dict[int, Law] = {}
        self._linear: set[int] = set()
        """Rows whose sound never was codes: it is put into `heard` before `hear`."""
        self._rows_by_law: dict[Law, NDArray[np.intp]] = {}
        self._dtmf = DtmfDetector()
        self._speech = SpeechActivity()

    @property
    def codes_in(self) -> Coded:
        """What the packet core has received: to be filled before `hear`."""
        return self._codes_in[: self.rows]

    @property
    def heard(self) -> Samples:
        """What the far ends say."""
        return self._heard[: self.rows]

    @property
    def sent(self) -> Samples:
        """What the far ends will hear: silence after `hear`, to be filled before `to_send`."""
        return self._sent[: self.rows]

    def clear(self, row: int) -> None:
        """Make a row silent, for a new leg or after an old one."""
        self.rows = max(self.rows, row + 1)
        self._codes_in = grown(self._codes_in, self.rows)
        self._codes_out = grown(self._codes_out, self.rows)
        self._heard = grown(self._heard, self.rows)
        self._sent = grown(self._sent, self.rows)
        self._heard[row] = self._sent[row] = 0
        self.is_loud += [False] * (self.rows - len(self.is_loud))
        self._dtmf.reset(row)
        self._speech.reset(row)
        self.rooms.remove(row)
        self._linear.discard(row)
        if self._laws.pop(row, None) is not None:
            self._sort()

    def connect(self, row: int, law: Law) -> None:
        """Code and decode the row by this law from now on."""
        if self._laws.get(row) is not law:
            self._laws[row] = law
            self._sort()

    def connect_linear(self, row: int) -> None:
        """Take the row's sound as it is from now on."""
        self._linear.add(row)

    def hear(self, faded: Sequence[Faded]) -> Findings:
        """Decode what was received, mix the rooms, and listen to all of it.

        A room's legs hear what its others were sent one tick ago: however legs, bridges and rooms
        are chained, nothing waits for itself. It costs 20 ms for each room on the way.
        """
        if not self._laws and not self.rooms and not self._linear:
            self.sent[:] = 0
            return _NOTHING
        codes, heard = self.codes_in, self.heard
        for law, rows in self._rows_by_law.items():
            if len(rows) == self.rows:
                g711.decode_into(codes, law, heard)
            else:
                heard[rows] = g711.decode(codes[rows], law)
        for row, gain in faded:
            heard[row] = (heard[row] * gain).astype(np.int16)
        self.rooms.mix(self.sent, heard)
        self.sent[:] = 0
        activity = self._speech.listen(heard)
        self.is_loud = activity.is_sound.tolist()
        keys = self._dtmf.detect(heard)
        self.held_keys = self._dtmf.held
        return Findings(keys, activity.started.tolist(), activity.ended.tolist())

    def to_send(self) -> Coded:
        """Encode what is to be sent."""
        codes, sent = self._codes_out[: self.rows], self.sent
        for law, rows in self._rows_by_law.items():
            if len(rows) == self.rows:
                g711.encode_into(sent, law, codes)
            else:
                codes[rows] = g711.encode(sent[rows], law)
        return codes

    def _sort(self) -> None:
        self._rows_by_law = {
            law: np.array([row for row, its in self._laws.items() if its is law])
            for law in set(self._laws.values())
        }


_NOTHING: Final = Findings((), (), ())
