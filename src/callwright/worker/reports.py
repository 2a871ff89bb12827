"""What a media worker tells the control process; times are seconds unless the name says so."""

from typing import Final

from callwright.worker.commands import Message


class Ready(Message, frozen=True):
    """The worker runs and takes commands."""

    pid: int


class LegOpened(Message, frozen=True):
    """The leg's RTP port; RTCP is the next one."""

    leg: int
    rtp_port: int


class CommandFailed(Message, frozen=True):
    """A command could not be carried out; `command` is its class's name.

    For `OpenLeg` the leg does not exist afterwards. A `Play` or `Record` that fails is reported
    by `PlayEnded` or `RecordEnded` instead.
    """

    leg: int
    command: str
    problem: str


class SocketConnected(Message, frozen=True):
    """A socket leg's server has taken the call."""

    leg: int
    sub_protocol: str
    """What the server chose; empty when it chose none."""


class SocketEnded(Message, frozen=True):
    """A socket leg's call is over, or never came to be. Reported once, for whatever reason."""

    leg: int
    origin: str
    """`server`, `client` (that is us) or `error`."""
    cause: str
    """`NORMAL`, `FAILED` and so on: see `protocol.callsocket.causes`."""
    raw_cause: int
    """What the server said, an HTTP status, a Close code, or 900 to 905."""
    problem: str = ""
    """What went wrong, in words, where the raw cause says less."""


class MediaArrived(Message, frozen=True):
    """The first packet of the far end's sound was received."""

    leg: int


class DigitReceived(Message, frozen=True):
    """The far end pressed a key: `0-9A-D*#`. Reported once, at the key's end or after 40 ms."""

    leg: int
    digit: str
    duration_ms: int
    in_band: bool


class SpeechStarted(Message, frozen=True):
    """The far end began to make sound."""

    leg: int


class SpeechEnded(Message, frozen=True):
    """The far end has been silent for half a second after sound."""

    leg: int
    duration: float


class PlayEnded(Message, frozen=True):
    """A play is over. `problem` is empty unless something could not be played."""

    leg: int
    play: int
    finished: bool
    """True when the last sample was sent; False when it was stopped, replaced or failed."""
    duration: float
    problem: str = ""


class RecordEnded(Message, frozen=True):
    """A recording is closed and its file complete on disk."""

    leg: int
    recording: int
    duration: float
    contains_sound: bool
    ended_by: str
    """`max_duration`, `silence`, `stopped`, `closed` or `failed`."""
    problem: str = ""


class SoundHeard(Message, frozen=True):
    """A piece of what a leg listens to: 16-bit linear, little endian, 8 kHz, mono."""

    leg: int
    listening: int
    sound: bytes
    is_last: bool = False
    """True once, for the piece (maybe empty) after `StopListening` or the leg's end."""


class FarEndClassified(Message, frozen=True):
    """What answered."""

    leg: int
    far_end_type: str
    """`human`, `answering_machine`, `fax_machine` or `unknown`."""
    decided_after: float
    """Seconds since `Classify`."""
    reasons: tuple[str, ...]
    timeline: tuple[tuple[float, float, str], ...]
    """Begin, end and kind of each piece of sound, in seconds since `Classify`."""


class GreetingEnded(Message, frozen=True):
    """An answering machine is ready to record."""

    leg: int
    after: float
    """Seconds since `Classify`."""
    ended_by: str
    """`beep`, `silence` or `timeout`."""


class LegClosed(Message, frozen=True):
    """The leg is gone; what its sound looked like (RFC 3550 6.4)."""

    leg: int
    packets_sent: int
    packets_received: int
    packets_lost: int
    packets_discarded: int
    """Late, repeated or foreign packets."""
    jitter_ms: float
    round_trip_ms: float | None
    """From the far end's receiver reports, or None when none came."""


class TickReport(Message, frozen=True):
    """Once a second: how punctual the tick was since the last report."""

    legs: int
    ticks: int
    late_counts: tuple[int, ...]
    """How many ticks fell in each class of `TICK_LATENESS_BOUNDS_MS`, the last one above it."""
    worst_ms: float
    busy_ratio: float
    """Share of the time that the worker spent inside ticks, 0 to 1."""
    stray_packets: int
    """Packets that were no RTP or RTCP of a leg's peer."""


Event = (
    Ready
    | LegOpened
    | CommandFailed
    | SocketConnected
    | SocketEnded
    | MediaArrived
    | DigitReceived
    | SpeechStarted
    | SpeechEnded
    | PlayEnded
    | RecordEnded
    | SoundHeard
    | FarEndClassified
    | GreetingEnded
    | LegClosed
    | TickReport
)

TICK_LATENESS_BOUNDS_MS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Upper bounds of the classes in `TickReport.late_counts`. Five milliseconds is the promise."""
