"""One table from SIP statuses to the API's causes."""

import pytest

from callwright.domain.causes import CallCause, HangupCause, cause_of_sip_failure

CAUSES = [
    (486, HangupCause.BUSY, CallCause.BUSY),
    (600, HangupCause.BUSY, CallCause.BUSY),
    (408, HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    (480, HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    (487, HangupCause.NO_ANSWER, CallCause.NO_ANSWER),
    (404, HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    (410, HangupCause.NUMBER_CHANGED, CallCause.UNOBTAINABLE),
    (484, HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    (485, HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    (604, HangupCause.NUMBER_UNOBTAINABLE, CallCause.UNOBTAINABLE),
    (403, HangupCause.TIMESLOT_BARRED, CallCause.FAILED),
    (488, HangupCause.CALL_REJECTED, CallCause.FAILED),
    (503, HangupCause.CONGESTION, CallCause.FAILED),
    (603, HangupCause.CALL_REJECTED, CallCause.FAILED),
    (699, HangupCause.FAILED, CallCause.FAILED),
    (305, HangupCause.FAILED, CallCause.FAILED),
]


@pytest.mark.parametrize(("status", "hangup_cause", "call_cause"), CAUSES)
def test_says_why_a_call_failed(
    status: int, hangup_cause: HangupCause, call_cause: CallCause
) -> None:
    cause = cause_of_sip_failure(status)
    assert (cause.hangup_cause, cause.call_cause) == (hangup_cause, call_cause)
    assert str(cause) == f"{hangup_cause}({status})"


@pytest.mark.parametrize("status", range(300, 700))
def test_every_failure_has_a_cause(status: int) -> None:
    assert cause_of_sip_failure(status).raw_cause == status
