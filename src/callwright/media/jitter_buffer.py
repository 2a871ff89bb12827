"""Packets in any order in, frames on time out.

Sound lies in a ring, addressed by timestamp: packets may hold any length and overlap no frame's
border. What is played now is the sound that left the far end `delay` ago; the delay follows the
jitter that packets show. It is changed where it is least heard: while nothing is being said, or
while nothing is there to play.
"""

from typing import Final, NamedTuple

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, TICK_MS

MAX_DELAY_MS: Final = 120
"""The most we hold audio back. Above roughly 150 ms one way, people start to talk over each
other (ITU-T G.114), and the network needs its share too."""

MIN_DELAY_MS: Final = 20
"""One frame: packets are read once a tick, so one that is on time may just have missed it."""

START_DELAY_MS: Final = 40
"""Before the jitter is known: one frame more than the least."""

FADES: Final = (0.8, 0.4, 0.15)
"""The last frame's gain where the next ones are missing. 60 ms is about the longest that a
repeated sound passes for itself (as in ITU-T G.711 appendix I); then comes silence."""


class Frame(NamedTuple):
    """One tick of one leg's sound."""

    codes: bytes | None
    """`FRAME_SAMPLES` codes, or None for silence."""
    gain: float = 1.0
    """Below 1 where `codes` is a repetition that stands in for what is missing."""


class JitterBuffer:
    """One source's sound in G.711 codes. Times are in samples of 1/8000 s."""

    def __init__(self, silence: int, *, max_delay_ms: int = MAX_DELAY_MS) -> None:
        """Make an empty buffer; `silence` is the code that fills a frame's missing part."""
        self._silence = silence
        self._max_delay = _samples(max_delay_ms)
        self._ring = bytearray(_RING)
        self._marks = bytearray(_RING)  # 1 where the ring holds sound that was not played
        self.packets_late = 0
        self.packets_repeated = 0
        self.frames_missing = 0
        self.reset()

    def reset(self) -> None:
        """Forget the source, for a new one; the counts stay."""
        self._marks[:] = _EMPTY
        self._last_timestamp: int | None = None
        self._last = 0  # the same, without wrapping
        self._end = 0  # behind the newest sample in the ring
        self._position = 0  # the next sample to play
        self._is_waiting = True  # for sound to play
        self._spread = float(_samples(START_DELAY_MS - MIN_DELAY_MS))
        self._fastest = self._fastest_before = 0
        self._fastest_ever = 0
        self._target = _samples(START_DELAY_MS)
        self._played_after = 0  # a sample's time of playing, less its timestamp
        self._counted = 0
        self._resumed_at = 0
        self._spoken: bytes | None = None
        self._faded = 0

    @property
    def delay_ms(self) -> float:
        """How long the buffer means to hold sound back now."""
        return self._target * TICK_MS / FRAME_SAMPLES

    def insert(self, timestamp: int, codes: bytes, now: int) -> None:
        """Take a packet's sound; `now` is its arrival on any steady clock, in samples."""
        if not 0 < len(codes) <= _LONGEST_PACKET:
            return
        at = self._unwrapped(timestamp)
        if not self._continues(at, now):
            at = timestamp
            self._begin(at, now)
        self._last_timestamp, self._last = timestamp, at
        self._measure(now - at)
        if self._is_waiting:
            self._resume(at, now)
        if at < self._position:
            self.packets_late += 1
            return
        start = at & _MASK
        if self._marks[start]:
            self.packets_repeated += 1
            return
        self._store(start, codes)
        self._end = max(self._end, at + len(codes))

    def pull(self, now: int, *, is_quiet: bool = True) -> Frame:
        """Take the frame to play at `now`.

        `is_quiet` says that the sound just played was: then the delay may be corrected.
        """
        if self._is_waiting:
            return self._repeat()
        behind = now - self._played_after - self._position
        if behind >= FRAME_SAMPLES and (is_quiet or behind >= _TOO_FAR):
            for _ in range(behind // FRAME_SAMPLES):
                self._take()  # too much is held back: leave it out
        elif behind <= -FRAME_SAMPLES and is_quiet:
            return self._repeat()  # too little: play one twice
        if self._end <= self._position:
            # The far end is late or paused. Nothing is skipped: the delay is found anew when
            # its sound comes.
            self._is_waiting = True
            self.frames_missing += 1
            return self._repeat()
        codes = self._take()
        if codes is None:
            self.frames_missing += self._position > self._resumed_at
            return self._repeat()
        self._spoken, self._faded = codes, 0
        return Frame(codes)

    def _unwrapped(self, timestamp: int) -> int:
        if self._last_timestamp is None:
            return timestamp
        return self._last + ((timestamp - self._last_timestamp + _HALF) & 0xFFFFFFFF) - _HALF

    def _continues(self, at: int, now: int) -> bool:
        """Whether a packet can belong to the stream that is being played."""
        if self._last_timestamp is None or abs(now - at - self._fastest_ever) >= _HORIZON:
            return False
        return self._is_waiting or at - self._position < _HORIZON

    def _begin(self, at: int, now: int) -> None:
        self.reset()
        self._fastest = self._fastest_before = self._fastest_ever = now - at
        self._position = self._end = at - self._max_delay

    def _measure(self, transit: int) -> None:
        """Follow how much later than the fastest packets arrive: at once up, slowly down."""
        self._counted += 1
        if self._counted >= _MEASURED_PACKETS:  # two windows, so that clocks may drift apart
            self._fastest_before, self._fastest, self._counted = self._fastest, transit, 0
            self._fastest_ever = min(self._fastest_before, transit)
        elif transit < self._fastest:
            self._fastest = transit
            self._fastest_ever = min(self._fastest_before, transit)
        late = transit - self._fastest_ever
        self._spread = max(late, self._spread * _FORGETTING)
        frames = -(-max(0, int(self._spread) - _PUNCTUAL) // FRAME_SAMPLES) + 1
        self._target = min(frames * FRAME_SAMPLES, self._max_delay)
        self._played_after = self._fastest_ever + self._target

    def _resume(self, at: int, now: int) -> None:
        """Choose what is played next, now that there is sound again."""
        ideal = now - self._played_after
        # A whole number of frames before the packet, so that frames keep to its borders; never
        # behind what was played, never so late that this packet itself is lost.
        early = max(0, round((at - ideal) / FRAME_SAMPLES)) * FRAME_SAMPLES
        self._position = max(self._position, at - early)
        self._end = max(self._end, self._position)
        self._resumed_at = at
        self._is_waiting = False

    def _store(self, start: int, codes: bytes) -> None:
        stop = start + len(codes)
        if stop <= _RING:
            self._ring[start:stop] = codes
            self._marks[start:stop] = _FULL[: stop - start]
            return
        first = _RING - start
        self._store(start, codes[:first])
        self._store(0, codes[first:])

    def _take(self) -> bytes | None:
        """The frame at the position, or None when nothing of it has come; move on."""
        start = self._position & _MASK
        self._position += FRAME_SAMPLES
        stop = start + FRAME_SAMPLES
        if stop <= _RING:
            codes, marks = self._ring[start:stop], self._marks[start:stop]
            self._marks[start:stop] = _EMPTY[:FRAME_SAMPLES]
        else:
            codes = self._ring[start:] + self._ring[: stop - _RING]
            marks = self._marks[start:] + self._marks[: stop - _RING]
            self._marks[start:] = _EMPTY[: _RING - start]
            self._marks[: stop - _RING] = _EMPTY[: stop - _RING]
        present = marks.count(1)
        if present == FRAME_SAMPLES:
            return bytes(codes)
        if not present:
            return None
        pairs = zip(codes, marks, strict=True)
        return bytes(code if mark else self._silence for code, mark in pairs)

    def _repeat(self) -> Frame:
        if self._spoken is None or self._faded >= len(FADES):
            return _SILENT
        gain = FADES[self._faded]
        self._faded += 1
        return Frame(self._spoken, gain)


def _samples(duration_ms: int) -> int:
    return duration_ms * SAMPLE_RATE_HZ // 1000


_RING: Final = 1 << 13
"""Samples that the ring holds: 1.024 s, many times the longest delay; a power of two."""

_MASK: Final = _RING - 1
_LONGEST_PACKET: Final = _samples(200)
"""RFC 3551 4.2: receivers should accept packets of up to 200 ms."""

_HORIZON: Final = _RING - _LONGEST_PACKET
"""A packet that is further off than this starts the stream anew."""

_PUNCTUAL: Final = _samples(2)
"""A spread below this is the tick's own lateness, not the network's."""

_HALF: Final = 1 << 31
_EMPTY: Final = bytes(_RING)
_FULL: Final = b"\1" * _RING
_TOO_FAR: Final = _samples(60)
"""Three frames too much are corrected even in the middle of a word."""

_MEASURED_PACKETS: Final = 250
"""Five seconds of packets a window: longer than a word, short against clocks that drift."""

_FORGETTING: Final = 1 - 1 / 512
"""The spread halves in seven seconds without late packets."""

_SILENT: Final = Frame(None)
