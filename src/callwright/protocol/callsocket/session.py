"""One call on a WebSocket, from the handshake's end to the Close: who may send what when.

In: frames, the time, and the user's verbs. Out: what is to be sent, one `Ended`, and the next
deadline. Sound that goes to the server is not handed through here: while `is_talking`, the user
sends it as it is.
"""

from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from callwright.protocol.callsocket import messages
from callwright.protocol.callsocket.causes import Origin, RawCause, cause_of
from callwright.protocol.callsocket.errors import BadMessage, BrokenSocket
from callwright.protocol.callsocket.messages import Hangup, PlayAbort, PlayEnd, PlayStart
from callwright.protocol.callsocket.play_queue import Piece, PlayQueue
from callwright.protocol.callsocket.ws_frames import (
    INVALID_TEXT,
    Assembly,
    CloseReason,
    Opcode,
    WsFrame,
    close_reason,
)

PING_INTERVAL: Final = 30.0
"""Seconds between two Pings: often enough to keep what stands between from forgetting us."""

PONG_PATIENCE: Final = 10.0
"""Seconds for a server to answer one; then it counts as dead."""

CLOSE_PATIENCE: Final = 2.0
"""Seconds for a server to answer our Close. It has been told everything; we only wait so that the
last messages are not cut off."""

OVERFLOW_INTERVAL: Final = 1.0
"""Seconds between two warnings that sound is dropped."""

NORMAL_CLOSURE: Final = 1000
GOING_AWAY: Final = 1001
POLICY_VIOLATION: Final = 1008
"""Close codes: RFC 6455 7.4.1."""


class State(StrEnum):
    """How far a call is."""

    TALKING = "talking"
    CLOSING = "closing"
    """Everything was said and Close sent; the server's own is awaited."""
    CLOSED = "closed"
    """The connection can go."""


class Happening(StrEnum):
    """What takes a call further."""

    END = "end"
    """Either side ended the call, or something went wrong."""
    CLOSE = "close"
    """The server's Close."""
    LOSS = "loss"
    """The connection is gone, or not to be waited for any longer."""


TRANSITIONS: Final[dict[State, dict[Happening, State]]] = {
    State.TALKING: {
        Happening.END: State.CLOSING,
        Happening.CLOSE: State.CLOSED,
        Happening.LOSS: State.CLOSED,
    },
    State.CLOSING: {
        # No END: a call ends once, whatever comes after it.
        Happening.CLOSE: State.CLOSED,
        Happening.LOSS: State.CLOSED,
    },
    State.CLOSED: {},
}


class Outgoing(NamedTuple):
    """A frame to be sent; the masks are the library's."""

    opcode: Opcode
    payload: bytes


class Ended(NamedTuple):
    """The call is over, for this reason; told once."""

    origin: Origin
    cause: str
    raw_cause: int
    problem: str = ""


class CallSession:
    """The platform's side of a call, which is the WebSocket's client. Times are seconds."""

    def __init__(self, *, caller: str, takes_digits: bool, now: float) -> None:
        """Begin right after the handshake; `takes_digits` when the sub-protocol has `dtmf`."""
        self.state = State.TALKING
        self.takes_digits = takes_digits
        self._plays = PlayQueue()
        self._assembly = Assembly()
        self._to_send: list[Outgoing] = []
        self._events: list[Ended] = []
        self._ping_at = now + PING_INTERVAL
        self._give_up_at: float | None = None
        """While a Pong or the server's Close is awaited."""
        self._warn_at = now
        self._say(messages.call_start(caller))
        self._say(messages.audio_start())

    @property
    def is_talking(self) -> bool:
        """Whether sound may be sent."""
        return self.state is State.TALKING

    @property
    def is_silent(self) -> bool:
        """Whether the server plays nothing."""
        return self._plays.is_empty

    @property
    def has_to_send(self) -> bool:
        """Whether `to_send` has something; asked after each frame, it mostly hasn't."""
        return bool(self._to_send)

    def receive(self, frame: WsFrame, now: float) -> None:
        """Take a frame of the server's."""
        if self.state is State.CLOSED:
            return
        try:
            message = self._assembly.take(frame)
            if message is not None:
                self._receive(*message, now)
        except BrokenSocket as problem:
            self._fail(problem.close_code, problem.close_code, str(problem), now)

    def lose(self, problem: str, *, raw_cause: int = RawCause.CONNECTION_LOST) -> None:
        """The connection is gone without a Close of the server's."""
        self._end(Ended(Origin.ERROR, cause_of(raw_cause), raw_cause, problem))
        self._move(Happening.LOSS)

    def give_up(self, problem: str, now: float) -> None:
        """End a call whose server does what cannot be borne."""
        self._fail(RawCause.UNCLASSIFIED, POLICY_VIOLATION, problem, now)

    def hang_up(self, cause: str, raw_cause: int, now: float) -> None:
        """We end the call."""
        self._say_goodbye(Ended(Origin.CLIENT, cause, raw_cause), NORMAL_CLOSURE, now)

    def press(self, digit: str) -> None:
        """Tell of a key; only with a sub-protocol that has it."""
        if self.is_talking:
            self._say(messages.dtmf(digit))

    def drop_sound(self, now: float) -> None:
        """A frame of sound could not be sent: warn, but not each time."""
        if self.is_talking and now >= self._warn_at:
            self._warn_at = now + OVERFLOW_INTERVAL
            self._say(messages.audio_overflow_warning())

    def take_sound(self, samples: int) -> list[Piece]:
        """What is heard of the server now, at most so many samples."""
        pieces = self._plays.take(samples)
        if self._plays.has_finished:
            self._tell_finished()
        return pieces

    def handle_timer(self, now: float) -> None:
        """Do what is due: Pings, and giving up when nothing comes."""
        if self._give_up_at is not None and now >= self._give_up_at:
            self._give_up_at = None
            if self.is_talking:
                problem = f"no Pong within {PONG_PATIENCE:.0f} s"
                self._fail(RawCause.UNCLASSIFIED, GOING_AWAY, problem, now)
            else:
                self._move(Happening.LOSS)
        elif self.is_talking and now >= self._ping_at:
            self._ping_at = now + PING_INTERVAL
            self._give_up_at = now + PONG_PATIENCE
            self._to_send.append(Outgoing(Opcode.PING, b""))

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called next, or None for never."""
        if self.state is State.CLOSED:
            return None
        return self._ping_at if self._give_up_at is None else self._give_up_at

    def to_send(self) -> list[Outgoing]:
        """What is to be sent now, in this order."""
        to_send, self._to_send = self._to_send, []
        return to_send

    def events(self) -> list[Ended]:
        """What has happened since the last call."""
        events, self._events = self._events, []
        return events

    def _receive(self, opcode: Opcode, payload: bytes, now: float) -> None:
        if opcode is Opcode.CLOSE:
            self._closed(close_reason(payload))
        elif not self.is_talking:
            return  # what crosses our Close on its way means nothing any more
        elif opcode is Opcode.PING:
            self._to_send.append(Outgoing(Opcode.PONG, payload))
        elif opcode is Opcode.PONG:
            # Whichever it answers: who sends one is alive.
            self._give_up_at = None
        else:
            self._understand(opcode, payload, now)

    def _understand(self, opcode: Opcode, payload: bytes, now: float) -> None:
        try:
            if opcode is Opcode.BINARY:
                self._plays.add(payload)
            else:
                self._obey(payload, now)
        except BadMessage as problem:
            self._say(messages.error(str(problem)))

    def _obey(self, text: bytes, now: float) -> None:
        try:
            text.decode()
        except UnicodeDecodeError:
            # RFC 6455 8.1 leaves no choice.
            raise BrokenSocket("a text that is no UTF-8", close_code=INVALID_TEXT) from None
        request = messages.parse_request(text)
        match request:
            case PlayStart():
                self._plays.start(request)
            case PlayEnd():
                self._plays.end()
            case PlayAbort():
                self._plays.abort()
                self._tell_finished()
            case Hangup(cause, raw_cause):
                self._say_goodbye(Ended(Origin.SERVER, cause, raw_cause), NORMAL_CLOSURE, now)
            case _:
                assert_never(request)

    def _closed(self, reason: CloseReason) -> None:
        if self.is_talking:
            # Whoever has sent Close reads nothing more: there is nobody to say goodbye to.
            cause = Ended(Origin.SERVER, cause_of(reason.code), reason.code, reason.text)
            self._end(cause)
            code = NORMAL_CLOSURE if reason.code == RawCause.NO_CLOSE_CODE else reason.code
            self._to_send.append(Outgoing(Opcode.CLOSE, code.to_bytes(2, "big")))
        self._move(Happening.CLOSE)

    def _fail(self, raw_cause: int, close_code: int, problem: str, now: float) -> None:
        ended = Ended(Origin.ERROR, cause_of(raw_cause), raw_cause, problem)
        self._say_goodbye(ended, close_code, now)

    def _say_goodbye(self, ended: Ended, close_code: int, now: float) -> None:
        if not self.is_talking:
            return
        self._plays.abort()
        self._tell_finished()
        self._say(messages.audio_end())
        self._say(messages.call_end(ended.origin, ended.cause, ended.raw_cause))
        self._to_send.append(Outgoing(Opcode.CLOSE, close_code.to_bytes(2, "big")))
        self._give_up_at = now + CLOSE_PATIENCE
        self._end(ended)
        self._move(Happening.END)

    def _end(self, ended: Ended) -> None:
        if self.is_talking:
            self._plays.abort()
            self._plays.finished()
            self._events.append(ended)

    def _move(self, happening: Happening) -> None:
        self.state = TRANSITIONS[self.state].get(happening, self.state)

    def _tell_finished(self) -> None:
        for play_id in self._plays.finished():
            self._say(messages.audio_play_finished(play_id))

    def _say(self, text: str) -> None:
        self._to_send.append(Outgoing(Opcode.TEXT, text.encode()))
