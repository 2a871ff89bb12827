"""What the media worker needs from outside, and the contract between packets and sound.

Each tick the packet core puts every leg's sound into the frame matrix as G.711 codes, and takes
the codes to send out of another. All else about packets, from jitter to reports, is its affair.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from callwright.media.frames import Coded
from callwright.media.g711 import Law


class Entropy(Protocol):
    """Where chance comes from."""

    def below(self, limit: int, /) -> int:
        """Return a number from 0 to `limit` - 1 that nobody can guess."""
        ...


class NoPortLeft(Exception):
    """Every pair of RTP ports is in use, by us or by other programs."""


class Peer(NamedTuple):
    """The far end of a leg: the outcome of offer and answer."""

    host: str
    port: int
    rtcp_port: int
    law: Law
    payload_type: int
    telephone_event: int | None
    sends: bool
    """Whether we send."""
    receives: bool
    """Whether we listen."""


class MediaStarted(NamedTuple):
    """A row's first sound has come."""

    row: int


class KeyPressed(NamedTuple):
    """The far end pressed a key and said so with an RTP event (RFC 4733)."""

    row: int
    key: str
    duration_ms: int


PacketEvent = MediaStarted | KeyPressed


class Faded(NamedTuple):
    """A row whose sound is a repetition, to be played this much fainter."""

    row: int
    gain: float


class Received(NamedTuple):
    """What a tick brought beside sound."""

    events: Sequence[PacketEvent]
    faded: Sequence[Faded]


class LegStatistics(NamedTuple):
    """What a leg's packets looked like from beginning to end."""

    packets_sent: int
    packets_received: int
    packets_lost: int
    packets_discarded: int
    jitter_ms: float
    round_trip_ms: float | None


class PacketCore(Protocol):
    """Sockets, RTP and RTCP of many legs; a leg is known by its row in the frame matrix."""

    stray_packets: int
    """Packets that were no RTP or RTCP of a leg's peer, ever."""

    def open(self, row: int) -> int:
        """Take a pair of ports for a row; return the even one, RTP's.

        Raises:
            NoPortLeft: none is free.

        """
        ...

    def connect(self, row: int, peer: Peer, now: float) -> None:
        """Tell where the row's far end is, for the first time or anew.

        Raises:
            ValueError: its host is no IP address that the row's socket reaches.

        """
        ...

    def press(self, row: int, key: str, duration_ms: int) -> None:
        """Send a key as RTP events instead of sound, beginning with the next packet."""
        ...

    def receive(self, now: float, codes: Coded, is_loud: Sequence[bool]) -> Received:
        """Read what has come, and put the sound to be heard now into the connected rows.

        `is_loud` says of each row whether its last frame was sound.
        """
        ...

    def send(self, now: float, codes: Coded) -> None:
        """Send each connected row's sound, and the reports that are due."""
        ...

    def close(self, row: int, now: float) -> LegStatistics:
        """Say goodbye, give the ports back and sum up."""
        ...

    def shut_down(self, now: float) -> None:
        """Close every row."""
        ...
