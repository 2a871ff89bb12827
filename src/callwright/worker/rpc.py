"""What the control process and a media worker say to each other.

One Unix stream socket joins the two. Each message is one frame: four bytes of length (big
endian), then a MessagePack array that starts with the message's name. Commands go down, events
come up; neither side ever waits for an answer. A worker whose socket closes ends at once, so
that a killed control process leaves no sound behind.

A leg is named by the control process, with an integer that it never uses twice in one worker's
life. Times are seconds unless the name says otherwise; audio is 8 kHz mono.
"""

from typing import Final

import msgspec

MAX_FRAME_BYTES: Final = 1 << 20
"""The longest frame either side accepts: far above any real message, so that a length that is
wrong is seen at once and not after a gigabyte."""


class _Message(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A message on the socket: an array, its first element the class's name."""


# --- what a play is made of ---------------------------------------------------------------


class PlayFile(_Message, frozen=True):
    """A wav file: G.711, 8-bit or 16-bit linear, mono, 8 kHz."""

    path: str


class PlayDigits(_Message, frozen=True):
    """Keys, sent as RFC 4733 events where the far end takes them, else as tones in the audio.

    `digits` holds `0-9A-D*#` and `,`, a pause.
    """

    digits: str
    tone_ms: int = 100
    gap_ms: int = 100
    pause_ms: int = 500


class PlayTone(_Message, frozen=True):
    """One or two frequencies for a length of time; no frequency is silence."""

    frequencies_hz: tuple[float, ...]
    duration_ms: int
    level_dbm0: float = -10.0


Playable = PlayFile | PlayDigits | PlayTone


# --- commands -----------------------------------------------------------------------------


class OpenLeg(_Message, frozen=True):
    """Take a pair of UDP ports for a new leg. Answered by `LegOpened` or `CommandFailed`."""

    leg: int
    reports_speech: bool = False
    """Whether `SpeechStarted` and `SpeechEnded` are wanted for what the far end says."""


class ConnectLeg(_Message, frozen=True):
    """Where the far end listens and how sound is coded: the outcome of offer and answer.

    Sent again when the far end moves, changes codec or holds.
    """

    leg: int
    host: str
    port: int
    rtcp_port: int
    encoding: str
    """`PCMU` or `PCMA`."""
    payload_type: int
    telephone_event: int | None
    """Payload type of RFC 4733 events, or None: keys travel as tones."""
    sends: bool = True
    receives: bool = True


class Play(_Message, frozen=True):
    """Play these after one another, instead of whatever the leg is playing now.

    Always answered by exactly one `PlayEnded` with the same `play`.
    """

    leg: int
    play: int
    items: tuple[Playable, ...]
    loops: bool = False


class StopPlay(_Message, frozen=True):
    """End the play now; one that has ended already is left alone."""

    leg: int
    play: int


class Record(_Message, frozen=True):
    """Record what the far end says. Always answered by exactly one `RecordEnded`."""

    leg: int
    recording: int
    path: str
    """Where the wav file is written; its folder exists."""
    encoding: str
    """`PCMU`, `PCMA` or `PCM16`."""
    max_duration: float
    max_silence: float
    """Silence after sound that ends the recording; 0 for never."""
    max_initial_silence: float
    """Silence before any sound that ends the recording; 0 for never."""
    beeps: bool = False
    """Whether the far end hears a beep first; the beep is not part of the recording."""
    starts_with_sound: bool = True
    """Whether what comes before the first sound is left out."""


class StopRecord(_Message, frozen=True):
    """Close the file now and report; a recording that has ended already is left alone."""

    leg: int
    recording: int


class CloseLeg(_Message, frozen=True):
    """End everything on the leg and give its ports back. Answered by `LegClosed`."""

    leg: int


Command = OpenLeg | ConnectLeg | Play | StopPlay | Record | StopRecord | CloseLeg


# --- events -------------------------------------------------------------------------------


class Ready(_Message, frozen=True):
    """The worker runs and takes commands."""

    pid: int


class LegOpened(_Message, frozen=True):
    """The leg's RTP port; RTCP is the next one."""

    leg: int
    rtp_port: int


class CommandFailed(_Message, frozen=True):
    """A command could not be carried out; `command` is its class's name.

    For `OpenLeg` the leg does not exist afterwards. A `Play` or `Record` that fails is reported
    by `PlayEnded` or `RecordEnded` instead.
    """

    leg: int
    command: str
    problem: str


class MediaArrived(_Message, frozen=True):
    """The first packet of the far end's sound was received."""

    leg: int


class DigitReceived(_Message, frozen=True):
    """The far end pressed a key: `0-9A-D*#`. Reported once, at the key's end or after 40 ms."""

    leg: int
    digit: str
    duration_ms: int
    in_band: bool


class SpeechStarted(_Message, frozen=True):
    """The far end began to make sound."""

    leg: int


class SpeechEnded(_Message, frozen=True):
    """The far end has been silent for half a second after sound."""

    leg: int
    duration: float


class PlayEnded(_Message, frozen=True):
    """A play is over. `problem` is empty unless something could not be played."""

    leg: int
    play: int
    finished: bool
    """True when the last sample was sent; False when it was stopped, replaced or failed."""
    duration: float
    problem: str = ""


class RecordEnded(_Message, frozen=True):
    """A recording is closed and its file complete on disk."""

    leg: int
    recording: int
    duration: float
    contains_sound: bool
    ended_by: str
    """`max_duration`, `silence`, `stopped`, `closed` or `failed`."""
    problem: str = ""


class LegClosed(_Message, frozen=True):
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


class TickReport(_Message, frozen=True):
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
    | MediaArrived
    | DigitReceived
    | SpeechStarted
    | SpeechEnded
    | PlayEnded
    | RecordEnded
    | LegClosed
    | TickReport
)

TICK_LATENESS_BOUNDS_MS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Upper bounds of the classes in `TickReport.late_counts`. Five milliseconds is the promise."""


class FrameError(Exception):
    """The other process broke the framing: a bug or a foreign peer; the socket must be closed."""


class Frames:
    """Messages out of a byte stream: feed bytes, take whole frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take what the socket gave; return the frames that are complete now.

        Raises:
            FrameError: a frame announces more than `MAX_FRAME_BYTES`.

        """
        self._pending += data
        frames: list[bytes] = []
        start = 0
        while len(self._pending) - start >= _LENGTH_BYTES:
            length = int.from_bytes(self._pending[start : start + _LENGTH_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES} expected")
            end = start + _LENGTH_BYTES + length
            if len(self._pending) < end:
                break
            frames.append(bytes(self._pending[start + _LENGTH_BYTES : end]))
            start = end
        del self._pending[:start]
        return frames


def encode(message: Command | Event) -> bytes:
    """Put a message into one frame, length first."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def decode_command(frame: bytes) -> Command:
    """Read a frame's body as a command.

    Raises:
        FrameError: it is none.

    """
    try:
        return _COMMANDS.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise FrameError(f"not a command: {problem}") from problem


def decode_event(frame: bytes) -> Event:
    """Read a frame's body as an event.

    Raises:
        FrameError: it is none.

    """
    try:
        return _EVENTS.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise FrameError(f"not an event: {problem}") from problem


_LENGTH_BYTES: Final = 4
_ENCODER: Final = msgspec.msgpack.Encoder()
_COMMANDS: Final[msgspec.msgpack.Decoder[Command]] = msgspec.msgpack.Decoder(Command)
_EVENTS: Final[msgspec.msgpack.Decoder[Event]] = msgspec.msgpack.Decoder(Event)
