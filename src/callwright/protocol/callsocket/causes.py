"""Why a call to a WebSocket ended: the protocol's cause names and raw causes."""

from enum import IntEnum, StrEnum
from typing import Final


class Origin(StrEnum):
    """Who ended the call, as `call_end` names it."""

    SERVER = "server"
    CLIENT = "client"
    """We: the application or its limits."""
    ERROR = "error"


class Cause(StrEnum):
    """The causes of `call_hangup` and `call_end`."""

    NORMAL = "NORMAL"
    BUSY = "BUSY"
    NO_ANSWER = "NO_ANSWER"
    NUMBER_UNOBTAINABLE = "NUMBER_UNOBTAINABLE"
    NUMBER_CHANGED = "NUMBER_CHANGED"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    TIMESLOT_BARRED = "TIMESLOT_BARRED"
    CALL_REJECTED = "CALL_REJECTED"
    CHANNEL_BUSY = "CHANNEL_BUSY"
    NO_CHANNELS = "NO_CHANNELS"
    CONGESTION = "CONGESTION"
    FAILED = "FAILED"


class RawCause(IntEnum):
    """The raw causes that no server sends; others are its own, HTTP's or a Close frame's."""

    ENDED_BY_US = 0
    UNCLASSIFIED = 900
    BAD_URL = 901
    """The URL could not be parsed."""
    NO_SUCH_NAME = 902
    """The DNS name from the URL could not be resolved."""
    NO_CONNECTION = 903
    """A connection could not be made to the server."""
    NO_TLS = 904
    """The TLS handshake failed, usually for the certificate."""
    NO_HANDSHAKE = 905
    """The WebSocket handshake failed without a valid HTTP status."""
    NO_CLOSE_CODE = 1005
    """A Close frame without a code (RFC 6455 7.1.5)."""
    CONNECTION_LOST = 1006
    """No Close frame came (RFC 6455 7.1.5)."""


def cause_of(raw_cause: int) -> Cause:
    """The cause that goes with a raw cause of ours, an HTTP status or a Close code."""
    return _CAUSES.get(raw_cause, Cause.FAILED)


_CAUSES: Final[dict[int, Cause]] = {
    RawCause.ENDED_BY_US: Cause.NORMAL,
    486: Cause.BUSY,
    503: Cause.CONGESTION,
    RawCause.BAD_URL: Cause.NUMBER_UNOBTAINABLE,
    RawCause.NO_SUCH_NAME: Cause.NUMBER_UNOBTAINABLE,
    RawCause.NO_CONNECTION: Cause.OUT_OF_ORDER,
    RawCause.NO_TLS: Cause.OUT_OF_ORDER,
    RawCause.NO_HANDSHAKE: Cause.OUT_OF_ORDER,
    1000: Cause.NORMAL,
    1001: Cause.NORMAL,
    # What `close()` without arguments sends in most libraries: the server meant to end the call.
    RawCause.NO_CLOSE_CODE: Cause.NORMAL,
}
