"""Key presses as RTP events, both ways: RFC 4733.

Durations and timestamps are in units of the RTP clock, 8000 a second.
"""

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.sequence import TIMESTAMP_MODULUS, timestamp_distance

KEYS: Final = "0123456789*#ABCD"
"""The sixteen keys; a key's place is its event code (RFC 4733 table 3)."""

LONGEST_DURATION: Final = 0xFFFF
"""What the field holds: 8.19 s. A longer press goes on in a new segment (2.5.1.3)."""

END_PACKETS: Final = 3
"""The last packet is sent three times, so that one or two may get lost (2.5.1.4)."""

REPORTED_AFTER: Final = 320
"""40 ms: the shortest press that ITU-T Q.24 asks a receiver to take for one. A longer one is
reported then and not at its end, so that a prompt stops while the key is still down."""

SILENT_FOR: Final = 0.1
"""Seconds without a packet after which an event whose end got lost counts as over: five
packets of 20 ms."""

_FIELDS: Final = struct.Struct(">BBH")
_DEFAULT_VOLUME: Final = 10


class TelephoneEvent(NamedTuple):
    """The payload: RFC 4733 2.3."""

    code: int
    is_end: bool
    volume: int
    """Level in -dBm0: 0 is loudest, 63 faintest."""
    duration: int


def parse_event(payload: bytes) -> TelephoneEvent:
    """Read the payload of an event packet.

    Raises:
        RemoteRtpError: it is shorter than the four bytes of an event.

    """
    if len(payload) < _FIELDS.size:
        raise RemoteRtpError(f"a telephone event of {len(payload)} bytes; expected {_FIELDS.size}")
    code, flags, duration = _FIELDS.unpack_from(payload)
    return TelephoneEvent(code, flags > 0x7F, flags & 0x3F, duration)  # noqa: PLR2004 - top bit


def print_event(event: TelephoneEvent) -> bytes:
    """Write the payload of an event packet."""
    flags = event.volume | (0x80 if event.is_end else 0)
    return _FIELDS.pack(event.code, flags, event.duration)


class EventPacket(NamedTuple):
    """What the sender wants on the wire now; the timestamp is the press's beginning."""

    payload: bytes
    timestamp: int
    marker: bool


@dataclass(slots=True)
class EventSender:
    """One key press on its way out: a packet each frame, growing, then the end three times."""

    code: int
    timestamp: int
    duration: int
    """How long the key is held; at most `LONGEST_DURATION`."""
    volume: int = _DEFAULT_VOLUME
    _elapsed: int = 0
    _ends_sent: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the last packet has been sent."""
        return self._ends_sent == END_PACKETS

    def next_packet(self, frame: int) -> EventPacket:
        """Make the packet at the end of a frame of this many units; not once it is over."""
        is_first = self._elapsed == 0
        self._elapsed = min(self._elapsed + frame, self.duration)
        is_end = self._elapsed == self.duration
        self._ends_sent += is_end
        event = TelephoneEvent(self.code, is_end, self.volume, self._elapsed)
        return EventPacket(print_event(event), self.timestamp, is_first)


class Press(NamedTuple):
    """A key that the far end pressed."""

    key: str
    duration: int
    """As far as it is known; the key may still be down."""


class EventReceiver:
    """Presses out of event packets that may be lost, repeated or reordered.

    Packets of one press share their timestamp, so that is what tells presses apart. A press is
    reported once: at its end, or when it has lasted `REPORTED_AFTER`.
    """

    def __init__(self) -> None:
        self._timestamp: int | None = None
        self._code = 0
        self._duration = 0
        self._is_reported = True
        self._is_ended = True
        self._earlier_segments = 0
        self._heard_at = 0.0

    @property
    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called, or None for never."""
        return None if self._is_reported else self._heard_at + SILENT_FOR

    def receive(self, timestamp: int, event: TelephoneEvent, now: float) -> list[Press]:
        """Take one packet's event; usually nothing is new in it."""
        if event.code >= len(KEYS):
            return []  # flash, or a tone of a fax: no key
        presses: list[Press] = []
        if timestamp != self._timestamp:
            if not self._is_newer(timestamp):
                return []
            if self._is_next_segment(timestamp, event):
                self._earlier_segments += LONGEST_DURATION
            else:
                presses = self._unreported()
                self._code, self._earlier_segments = event.code, 0
                self._is_reported = self._is_ended = False
            self._timestamp, self._duration = timestamp, 0
        self._heard_at = now
        self._duration = max(self._duration, event.duration)
        self._is_ended = self._is_ended or event.is_end
        if self._is_ended or self._earlier_segments + self._duration >= REPORTED_AFTER:
            presses += self._unreported()
        return presses

    def handle_timer(self, now: float) -> list[Press]:
        """Report a press whose end never came."""
        deadline = self.deadline
        return self._unreported() if deadline is not None and now >= deadline else []

    def _is_newer(self, timestamp: int) -> bool:
        return self._timestamp is None or timestamp_distance(timestamp, self._timestamp) > 0

    def _is_next_segment(self, timestamp: int, event: TelephoneEvent) -> bool:
        """Whether the press goes on behind the longest duration (2.5.1.3)."""
        if self._timestamp is None or self._is_ended or event.code != self._code:
            return False
        return timestamp == (self._timestamp + LONGEST_DURATION) % TIMESTAMP_MODULUS

    def _unreported(self) -> list[Press]:
        if self._is_reported:
            return []
        self._is_reported = True
        return [Press(KEYS[self._code], self._earlier_segments + self._duration)]
