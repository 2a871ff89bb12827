"""Why a call ended: one table from SIP's words to the two vocabularies of the API.

Records print a `HangupCause` with the raw cause in parentheses, `BUSY(486)`; pages are told a
`CallCause` and the raw cause as text. The raw cause of a SIP call is the SIP status, 200 after
a normal BYE, and -1 where nothing on the wire said why. That of a call WebSocket is what its server
said, an HTTP status, a Close code or 900 to 905, and 0 where we ended the call.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class HangupCause(StrEnum):
    """Causes as data records and call WebSockets print them."""

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


class CallCause(StrEnum):
    """Causes as the final page is told them in `this_call.call_cause`."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNOBTAINABLE = "unobtainable"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EndCause:
    """Why one call ended, in both vocabularies."""

    hangup_cause: HangupCause
    call_cause: CallCause
    raw_cause: int

    def __str__(self) -> str:
        """Print as the records do: `NORMAL(200)`."""
        return f"{self.hangup_cause}({self.raw_cause})"


HUNG_UP_BY_US: Final = EndCause(HangupCause.NORMAL, CallCause.COMPLETED, 200)
HUNG_UP_BY_THEM: Final = EndCause(HangupCause.NORMAL, CallCause.HUNG_UP, 200)
CANCELLED_BY_US: Final = EndCause(HangupCause.NO_ANSWER, CallCause.NO_ANSWER, 487)
"""We gave a call up that nobody had answered; its INVITE gets a 487 (RFC 3261 9.1)."""
SOCKET_ENDED_BY_US: Final = EndCause(HangupCause.NORMAL, CallCause.COMPLETED, 0)
"""The same as `HUNG_UP_BY_US` on a call WebSocket, where it is the published 0."""
SOCKET_GIVEN_UP: Final = EndCause(HangupCause.NO_ANSWER, CallCause.NO_ANSWER, 0)
"""The same as `CANCELLED_BY_US` there."""
FAILED_HERE: Final = EndCause(HangupCause.FAILED, CallCause.FAILED, -1)
"""The call ended for a reason of ours: a fault, a shutdown, media that could not start."""

_BY_SIP_STATUS: Final[dict[int, tuple[HangupCause, CallCause]]] = {
    301: (HangupCause.NUMBER_CHANGED, CallCause.FAILED),
    302: (HangupCause.NUMBER_CHANGED, CallCause.FAILED),
    403: (HangupCause.TIMESLOT_BARRED, CallCause.FAILED),
    404: (HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    408: (HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    410: (HangupCause.NUMBER_CHANGED, CallCause.UNOBTAINABLE),
    480: (HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    484: (HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    485: (HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    486: (HangupCause.BUSY, CallCause.BUSY),
    487: (HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    500: (HangupCause.OUT_OF_ORDER, CallCause.FAILED),
    502: (HangupCause.OUT_OF_ORDER, CallCause.FAILED),
    503: (HangupCause.CONGESTION, CallCause.FAILED),
    504: (HangupCause.CONGESTION, CallCause.FAILED),
    600: (HangupCause.BUSY, CallCause.BUSY),
    603: (HangupCause.CALL_REJECTED, CallCause.FAILED),
    604: (HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    607: (HangupCause.CALL_REJECTED, CallCause.FAILED),
    608: (HangupCause.CALL_REJECTED, CallCause.FAILED),
}
"""SIP statuses that say more than "it failed" (RFC 3261 21, 8197, 8688; ISUP mapping RFC 3398);
what pages are told of them is A-75."""

_BY_HANGUP_CAUSE: Final[dict[HangupCause, CallCause]] = {
    HangupCause.NORMAL: CallCause.HUNG_UP,
    HangupCause.BUSY: CallCause.BUSY,
    HangupCause.NO_ANSWER: CallCause.NO_ANSWER,
    HangupCause.NUMBER_UNOBTAINABLE: CallCause.UNOBTAINABLE,
    HangupCause.NUMBER_CHANGED: CallCause.UNOBTAINABLE,
}
"""What pages are told of causes that the server of a call WebSocket names; any other: it failed."""

_CALL_REJECTED: Final = range(400, 500)


def cause_of_sip_failure(sip_status: int) -> EndCause:
    """Say why a call failed that ended with this SIP status, 300 to 699."""
    known = _BY_SIP_STATUS.get(sip_status)
    if known is None:
        rejected = sip_status in _CALL_REJECTED
        known = (HangupCause.CALL_REJECTED if rejected else HangupCause.FAILED, CallCause.FAILED)
    return EndCause(*known, sip_status)


def cause_of_socket_end(hangup_cause: HangupCause, raw_cause: int) -> EndCause:
    """Say why the call to a WebSocket ended that we did not end."""
    call_cause = _BY_HANGUP_CAUSE.get(hangup_cause, CallCause.FAILED)
    return EndCause(hangup_cause, call_cause, raw_cause)
