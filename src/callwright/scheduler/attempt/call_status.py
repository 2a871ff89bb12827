"""`CallStatus`: what the events of an extension say of a call (section 12.3)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_US,
    SOCKET_ENDED_BY_US,
    SOCKET_GIVEN_UP,
    EndCause,
    HangupCause,
)


class CallStatus(StrEnum):
    """How a call is; the values are the API's words."""

    CALLING = "CALLING"
    ANSWER = "ANSWER"
    BUSY = "BUSY"
    NO_ANSWER = "NOANSWER"
    CANCEL = "CANCEL"
    """The caller gave up before the answer."""
    CONGESTION = "CONGESTION"
    """The call failed."""
    UNAVAILABLE = "CHANUNAVAIL"
    """The extension has no telephone that can be called."""


_BY_US: Final = frozenset({CANCELLED_BY_US, HUNG_UP_BY_US, SOCKET_GIVEN_UP, SOCKET_ENDED_BY_US})

_BY_CAUSE: Final[Mapping[HangupCause, CallStatus]] = {
    HangupCause.NORMAL: CallStatus.NO_ANSWER,
    HangupCause.NO_ANSWER: CallStatus.NO_ANSWER,
    HangupCause.BUSY: CallStatus.BUSY,
    # Whoever refuses is there, and does not want to talk now (assumed).
    HangupCause.CALL_REJECTED: CallStatus.BUSY,
}
"""Of a call that was not answered; whatever is not here has failed."""

_OF_TELEPHONE: Final[Mapping[HangupCause, CallStatus]] = {
    HangupCause.NUMBER_UNOBTAINABLE: CallStatus.UNAVAILABLE,
    HangupCause.NUMBER_CHANGED: CallStatus.UNAVAILABLE,
}
"""The same of an extension's telephone, before the table above: it is not where it should be."""


def status_at_end(cause: EndCause, *, rang_out: bool, is_telephone: bool) -> CallStatus:
    """Return the status of a call that ended before it was answered.

    `rang_out`: we gave it up because it had rung long enough; `is_telephone`: an extension's.
    """
    if rang_out:
        return CallStatus.NO_ANSWER
    if cause in _BY_US:
        return CallStatus.CANCEL
    known = {**_BY_CAUSE, **_OF_TELEPHONE} if is_telephone else _BY_CAUSE
    return known.get(cause.hangup_cause, CallStatus.CONGESTION)
