"""What the control process tells a media worker; times are seconds unless the name says so."""

import msgspec


class Message(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A message on the socket: an array, its first element the class's name."""


class Cipher(Message, frozen=True):
    """AES in CBC mode with PKCS#7 padding; what it is used on is useless without it."""

    key: bytes
    """16, 24 or 32 bytes."""
    initialisation_vector: bytes
    """16 bytes."""

    def __repr__(self) -> str:
        """Keep the key out of every log and trace."""
        return "Cipher(...)"


class PlayFile(Message, frozen=True):
    """A wav file: G.711, 8-bit or 16-bit linear, OKI or IMA ADPCM; mono, 8 kHz."""

    path: str
    cipher: Cipher | None = None
    """Set when the file is stored encrypted."""


class PlayDigits(Message, frozen=True):
    """Keys, sent as RFC 4733 events where the far end takes them, else as tones in the audio.

    `digits` holds `0-9A-D*#` and `,`, a pause.
    """

    digits: str
    tone_ms: int = 100
    gap_ms: int = 100
    pause_ms: int = 500


class PlayTone(Message, frozen=True):
    """One or two frequencies for a length of time; no frequency is silence."""

    frequencies_hz: tuple[float, ...]
    duration_ms: int
    level_dbm0: float = -10.0


Playable = PlayFile | PlayDigits | PlayTone


class OpenLeg(Message, frozen=True):
    """Take a pair of UDP ports for a new leg. Answered by `LegOpened` or `CommandFailed`."""

    leg: int
    reports_speech: bool = False
    """Whether `SpeechStarted` and `SpeechEnded` are wanted for what the far end says."""


class OpenRoomLeg(Message, frozen=True):
    """A leg without packets, in a room: it hears what all others in the room send.

    A room is a number of the control process's own; it exists as long as it has legs. Two legs
    in a room are a call inside the machine, more are a conference: there, keys that came as
    events go no further, so that nobody hears others' keys. Sound takes one tick through a room.
    Answered by `LegOpened` with port 0; the leg plays, records, hears keys and is bridged like any
    other, and sends keys as tones.
    """

    leg: int
    room: int
    talks: bool = True
    hears: bool = True
    reports_speech: bool = False


class OpenSocketLeg(Message, frozen=True):
    """A leg whose far end is a customer's server, to which this worker connects a WebSocket.

    Answered by `LegOpened` with port 0, or `CommandFailed`; then by `SocketConnected`, which is
    the call's answer, and in any case by one `SocketEnded`. The leg plays, records, hears keys and
    is bridged like any other, also while nobody is connected; it exists until `CloseLeg`.
    """

    leg: int
    url: str
    """`wss://`, as it was called; its host is the name in the certificate."""
    address: str
    """The IP address to connect to, which the control process has checked."""
    from_: str
    """The caller's number or SIP address, for `call_start`."""
    sub_protocols: tuple[str, ...]
    """What is offered, the best first."""
    trust_file: str = ""
    """Certificates to trust, in PEM; empty for the system's."""
    handshake_timeout: float = 10.0
    """Until the server has answered the handshake, from the moment it is called."""
    reports_speech: bool = False


class EndSocket(Message, frozen=True):
    """We end the call: the server is told so, and the connection closed.

    Answered by `SocketEnded`; a leg whose socket has ended already is left alone.
    """

    leg: int
    cause: str = "NORMAL"
    """For `call_end`."""
    raw_cause: int = 0


class SetRoomLeg(Message, frozen=True):
    """Whether a leg of a room is heard by the others, and hears them, from now on."""

    leg: int
    talks: bool
    hears: bool


class Bridge(Message, frozen=True):
    """Let two legs of this worker hear each other, beside what each of them is played.

    Keys go across: those that came as events are sent on as the other leg sends keys. A leg that
    is bridged already leaves that bridge first. The bridge ends with either leg.
    """

    leg: int
    other: int


class Unbridge(Message, frozen=True):
    """End the leg's bridge; a leg without one is left alone."""

    leg: int


class ConnectLeg(Message, frozen=True):
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


class Play(Message, frozen=True):
    """Play these after one another, instead of whatever the leg is playing now.

    Always answered by exactly one `PlayEnded` with the same `play`.
    """

    leg: int
    play: int
    items: tuple[Playable, ...]
    loops: bool = False


class StopPlay(Message, frozen=True):
    """End the play now; one that has ended already is left alone."""

    leg: int
    play: int


class Record(Message, frozen=True):
    """Record a leg. Always answered by exactly one `RecordEnded`."""

    leg: int
    recording: int
    path: str
    """Where the wav file is written; its folder exists."""
    encoding: str
    """`PCMU`, `PCMA` or `PCM16`."""
    max_duration: float
    """Ends the recording; 0 for never."""
    max_silence: float
    """Silence after sound that ends the recording; 0 for never."""
    max_initial_silence: float
    """Silence before any sound that ends the recording; 0 for never."""
    beeps: bool = False
    """Whether the far end hears a beep first; the beep is not part of the recording."""
    starts_with_sound: bool = True
    """Whether what comes before the first sound is left out."""
    side: str = "heard"
    """`heard`: what the far end says; `sent`: what it is told; `mixed`: both in one channel;
    `separate`: two channels, the far end first."""
    eliminates_dtmf: bool = False
    """Whether keys that are tones, on whichever side is recorded, are replaced by silence."""
    cipher: Cipher | None = None
    """Encrypts the file; nothing of it is ever on disk in clear. A worker that is killed leaves
    what was written until then: whole blocks without padding, `openssl enc -d -nopad`."""


class StopRecord(Message, frozen=True):
    """Close the file now and report; a recording that has ended already is left alone."""

    leg: int
    recording: int


class Listen(Message, frozen=True):
    """Hand the sound of a leg up, in pieces of 100 ms, as `SoundHeard`."""

    leg: int
    listening: int
    side: str = "heard"
    """`heard`, `sent` or `mixed`, as in `Record`."""


class StopListening(Message, frozen=True):
    """Hand up what there is and no more; one that is not listening is left alone."""

    leg: int
    listening: int


class Classify(Message, frozen=True):
    """Find out what answered: a human, a machine or a fax. Answered by one `FarEndClassified`.

    An answering machine is listened to further, until it is ready to record; that is told by one
    `GreetingEnded`.
    """

    leg: int
    mode: str
    """`network_connect` or `answer_detect`."""
    timeout_ms: int


class CloseLeg(Message, frozen=True):
    """End everything on the leg and give its ports back. Answered by `LegClosed`."""

    leg: int


Command = (
    OpenLeg
    | OpenRoomLeg
    | OpenSocketLeg
    | EndSocket
    | SetRoomLeg
    | ConnectLeg
    | Bridge
    | Unbridge
    | Play
    | StopPlay
    | Record
    | StopRecord
    | Listen
    | StopListening
    | Classify
    | CloseLeg
)
