"""What a cause makes of `CallStatus`; the table is complete."""

import pytest

from callwright.domain.causes import (
    CANCELLED_BY_US,
    FAILED_HERE,
    HUNG_UP_BY_US,
    SOCKET_ENDED_BY_US,
    SOCKET_GIVEN_UP,
    EndCause,
    HangupCause,
    cause_of_sip_failure,
    cause_of_socket_end,
)
from callwright.scheduler.attempt.call_status import CallStatus, status_at_end

BY_CAUSE = {
    HangupCause.NORMAL: ("NOANSWER", "NOANSWER"),
    HangupCause.NO_ANSWER: ("NOANSWER", "NOANSWER"),
    HangupCause.BUSY: ("BUSY", "BUSY"),
    HangupCause.CALL_REJECTED: ("BUSY", "BUSY"),
    HangupCause.NUMBER_UNOBTAINABLE: ("CONGESTION", "CHANUNAVAIL"),
    HangupCause.NUMBER_CHANGED: ("CONGESTION", "CHANUNAVAIL"),
    HangupCause.OUT_OF_ORDER: ("CONGESTION", "CONGESTION"),
    HangupCause.TIMESLOT_BARRED: ("CONGESTION", "CONGESTION"),
    HangupCause.CHANNEL_BUSY: ("CONGESTION", "CONGESTION"),
    HangupCause.NO_CHANNELS: ("CONGESTION", "CONGESTION"),
    HangupCause.CONGESTION: ("CONGESTION", "CONGESTION"),
    HangupCause.FAILED: ("CONGESTION", "CONGESTION"),
}
"""Of a public number, and of an extension's telephone."""


@pytest.mark.parametrize("cause", HangupCause)
def test_each_cause_has_its_status(cause: HangupCause) -> None:
    end = cause_of_socket_end(cause, 1)
    found = [status_at_end(end, rang_out=False, is_telephone=one) for one in (False, True)]
    assert tuple(found) == BY_CAUSE[cause]


@pytest.mark.parametrize(
    ("cause", "rang_out", "expected"),
    [
        (cause_of_sip_failure(486), False, CallStatus.BUSY),
        (cause_of_sip_failure(600), False, CallStatus.BUSY),
        (cause_of_sip_failure(603), False, CallStatus.BUSY),
        (cause_of_sip_failure(480), False, CallStatus.NO_ANSWER),
        (cause_of_sip_failure(404), False, CallStatus.UNAVAILABLE),
        (cause_of_sip_failure(503), False, CallStatus.CONGESTION),
        (FAILED_HERE, False, CallStatus.CONGESTION),
        *((ours, False, CallStatus.CANCEL) for ours in (CANCELLED_BY_US, SOCKET_GIVEN_UP)),
        *((ours, False, CallStatus.CANCEL) for ours in (HUNG_UP_BY_US, SOCKET_ENDED_BY_US)),
        *((ours, True, CallStatus.NO_ANSWER) for ours in (CANCELLED_BY_US, SOCKET_GIVEN_UP)),
    ],
)
def test_who_gave_up_makes_the_difference(
    *, cause: EndCause, rang_out: bool, expected: CallStatus
) -> None:
    assert status_at_end(cause, rang_out=rang_out, is_telephone=True) is expected
