"""Loss and jitter of one source, counted as RFC 3550 A.1, A.3 and A.8 count them."""

from dataclasses import dataclass
from typing import Final

from callwright.protocol.rtp.rtcp import ReportBlock
from callwright.protocol.rtp.sequence import SEQUENCE_MODULUS, timestamp_distance

MAX_DROPOUT: Final = 3000
"""A gap of more packets than this is a new stream, not a loss: a minute of sound (A.1)."""

MAX_MISORDER: Final = 100
"""A packet that comes later than this many others is a new stream too: two seconds (A.1)."""

_MAX_LOST: Final = 0x7FFFFF
_MIN_LOST: Final = -0x800000


@dataclass(slots=True)
class Reception:
    """What has come from one source. Timestamps and jitter are in units of the RTP clock."""

    base_sequence: int
    highest_sequence: int
    """Extended: how often the number wrapped, in the upper bits."""
    received: int = 0
    jitter: float = 0.0
    _transit: int | None = None
    _bad_sequence: int | None = None
    _expected_before: int = 0
    _received_before: int = 0

    @classmethod
    def starting_at(cls, sequence: int) -> "Reception":
        """Statistics of a source whose first packet has this sequence number."""
        return cls(base_sequence=sequence, highest_sequence=sequence - 1)

    @property
    def expected(self) -> int:
        """How many packets the source has sent, by its sequence numbers (A.3)."""
        return self.highest_sequence - self.base_sequence + 1

    @property
    def lost(self) -> int:
        """How many did not come; below zero when some came twice (A.3)."""
        return self.expected - self.received

    def receive(self, sequence: int, timestamp: int, arrival: int) -> bool:
        """Count a packet; False when its number fits nowhere and it must be dropped.

        `arrival` is in timestamp units on any clock that is steady.
        """
        ahead = (sequence - self.highest_sequence) & 0xFFFF
        if ahead < MAX_DROPOUT:
            self.highest_sequence += ahead
        elif ahead <= SEQUENCE_MODULUS - MAX_MISORDER:
            if sequence != self._bad_sequence:
                self._bad_sequence = (sequence + 1) & 0xFFFF
                return False
            self._restart(sequence)  # two in a row: the source really started anew (A.1)
        self.received += 1
        transit = (arrival - timestamp) & 0xFFFFFFFF
        if self._transit is not None:
            # A.8, with the floating point variant of the 1/16 gain.
            self.jitter += (abs(timestamp_distance(transit, self._transit)) - self.jitter) / 16
        self._transit = transit
        return True

    def report(self, *, ssrc: int, last_sender_report: int, delay: int) -> ReportBlock:
        """Make the block for the next report, with the loss since the last one (A.3).

        `last_sender_report` is the middle 32 bits of the source's last NTP timestamp, `delay` the
        time since it came in units of 1/65536 s; both 0 when none came.
        """
        expected = self.expected - self._expected_before
        lost = expected - (self.received - self._received_before)
        self._expected_before, self._received_before = self.expected, self.received
        fraction = (lost << 8) // expected if expected > 0 and lost > 0 else 0
        return ReportBlock(
            ssrc=ssrc,
            fraction_lost=min(fraction, 0xFF),
            lost=max(_MIN_LOST, min(_MAX_LOST, self.lost)),
            highest_sequence=self.highest_sequence & 0xFFFFFFFF,
            jitter=int(self.jitter) & 0xFFFFFFFF,
            last_sender_report=last_sender_report,
            delay=delay,
        )

    def _restart(self, sequence: int) -> None:
        self.base_sequence = self.highest_sequence = sequence
        self.received = self._expected_before = self._received_before = 0
        self._transit = self._bad_sequence = None
