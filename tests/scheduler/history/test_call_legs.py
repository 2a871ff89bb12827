"""The legs of an attempt: whose they are, who ended them, and who ended the call."""

from dataclasses import replace

import pytest

from callwright.domain.callback import Attempt, AttemptOutcome, CallUuid
from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_THEM,
    HUNG_UP_BY_US,
    CallCause,
    EndCause,
    HangupCause,
    cause_of_sip_failure,
)
from callwright.domain.clock import UnixTime
from callwright.domain.destination import parse_destination
from callwright.domain.ids import CallId
from callwright.domain.records import CallDirection, Cdr
from callwright.scheduler.history.call_legs import (
    Leg,
    Phone,
    answered_number,
    cause_of,
    disposition_of,
    disposition_of_part,
    is_elsewhere,
    leg_of,
)
from callwright.scheduler.history.calls import Party

ANN, BOB, BEN, CID = "sip:ann@a.example", "sip:bob@a.example", "tel:37120000001", "tel:37120000002"
PHONES = tuple(
    Phone(Party(number, None), parse_destination(called), is_a_side)
    for number, called, is_a_side in (
        ("200", ANN, True),
        ("201", BOB, True),
        ("+37120000001", BEN, False),
        ("+37120000002", CID, False),
    )
)
ATTEMPT = Attempt(1, CallUuid("0" * 32), UnixTime(0.0))
TALKED = replace(ATTEMPT, joined_at=UnixTime(10.0), a_answered="200")

LOST = EndCause(HangupCause.FAILED, CallCause.DROPPED, 408)
BUSY, REFUSED, GONE = (cause_of_sip_failure(status) for status in (486, 603, 404))
RANG_OUT = cause_of_sip_failure(480)


def leg(
    called: str,
    cause: EndCause,
    *,
    answered: float | None = None,
    at: tuple[float, float] = (1.0, 20.0),
    attempt: Attempt = ATTEMPT,
) -> Leg:
    """Return the leg of a CDR that was begun and ended at these moments."""
    cdr = Cdr(
        call_id=CallId("1"),
        destination_address=called,
        originating_address="",
        direction=CallDirection.OUT,
        channel_type="x",
        initiated_at=UnixTime(at[0]),
        connected_at=None if answered is None else UnixTime(answered),
        hung_up_at=UnixTime(at[1]),
        joined=0.0,
        cause=cause,
    )
    return leg_of(cdr, attempt, PHONES)


@pytest.mark.parametrize(
    ("of_ann", "of_ben", "of_call", "of_parts"),
    [
        (HUNG_UP_BY_THEM, HUNG_UP_BY_US, "caller_bye", ("callee_bye", "caller_bye")),
        (HUNG_UP_BY_US, HUNG_UP_BY_THEM, "callee_bye", ("caller_bye", "callee_bye")),
        (HUNG_UP_BY_US, HUNG_UP_BY_US, "internal_cancel", ("internal_cancel",) * 2),
        (HUNG_UP_BY_US, LOST, None, ("internal_cancel", None)),
        (LOST, LOST, None, (None, None)),
    ],
)
def test_who_ended_a_conversation(
    of_ann: EndCause,
    of_ben: EndCause,
    of_call: str | None,
    of_parts: tuple[str | None, str | None],
) -> None:
    joined = AttemptOutcome.JOINED
    legs = [leg(ANN, of_ann, answered=2.0), leg(BEN, of_ben, answered=5.0)]
    assert disposition_of(joined, legs) == of_call
    assert tuple(disposition_of_part(one, joined, legs) for one in legs) == of_parts


def test_who_left_first_ended_it_though_the_other_one_was_transferred() -> None:
    legs = [
        leg(ANN, HUNG_UP_BY_THEM, answered=2.0, at=(1.0, 15.0), attempt=TALKED),
        leg(BEN, HUNG_UP_BY_THEM, answered=5.0, at=(3.0, 30.0), attempt=TALKED),
        leg(CID, HUNG_UP_BY_US, answered=18.0, at=(15.5, 30.1), attempt=TALKED),
    ]
    assert [one.is_transfer for one in legs] == [False, False, True]
    assert disposition_of(AttemptOutcome.JOINED, legs) == "caller_bye"
    assert cause_of(legs) is HangupCause.NORMAL


@pytest.mark.parametrize(
    ("outcome", "of_ben", "of_call", "of_part"),
    [
        (AttemptOutcome.A_HANGUP, CANCELLED_BY_US, "caller_cancel", "caller_cancel"),
        (AttemptOutcome.B_NO_ANSWER, CANCELLED_BY_US, "internal_cancel", "internal_cancel"),
        (AttemptOutcome.B_NO_ANSWER, RANG_OUT, None, None),
        (AttemptOutcome.B_BUSY, BUSY, "callee_refuse", "callee_refuse"),
        (AttemptOutcome.B_REJECTED, REFUSED, "callee_refuse", "callee_refuse"),
        (AttemptOutcome.B_FAILED, GONE, None, None),
        (AttemptOutcome.CANCELLED, CANCELLED_BY_US, "internal_cancel", "internal_cancel"),
        (AttemptOutcome.INTERRUPTED, LOST, None, None),
        (None, CANCELLED_BY_US, None, "internal_cancel"),
    ],
)
def test_who_ended_a_call_that_b_did_not_answer(
    outcome: AttemptOutcome | None, of_ben: EndCause, of_call: str | None, of_part: str | None
) -> None:
    left = HUNG_UP_BY_THEM if outcome is AttemptOutcome.A_HANGUP else HUNG_UP_BY_US
    legs = [leg(ANN, left, answered=2.0), leg(BEN, of_ben)]
    assert disposition_of(outcome, legs) == of_call
    assert disposition_of_part(legs[1], outcome, legs) == of_part
    assert cause_of(legs) is of_ben.hangup_cause


@pytest.mark.parametrize(
    ("outcome", "of_ann", "of_call"),
    [
        (AttemptOutcome.A_NO_ANSWER, CANCELLED_BY_US, "internal_cancel"),
        (AttemptOutcome.A_NO_ANSWER, RANG_OUT, None),
        (AttemptOutcome.A_BUSY, BUSY, None),
    ],
)
def test_who_ended_a_call_that_never_reached_b(
    outcome: AttemptOutcome, of_ann: EndCause, of_call: str | None
) -> None:
    legs = [leg(ANN, of_ann)]
    assert disposition_of(outcome, legs) == of_call
    assert cause_of(legs) is of_ann.hangup_cause


def test_nobody_ended_what_never_ran() -> None:
    assert disposition_of(AttemptOutcome.CANCELLED, []) is None
    assert cause_of([]) is None


@pytest.mark.parametrize(
    ("ended", "cause", "was_elsewhere"),
    [
        (4.0, CANCELLED_BY_US, True),
        (4.0, BUSY, False),
        # It had rung out before the other one was called.
        (1.5, CANCELLED_BY_US, False),
    ],
)
def test_a_number_stopped_ringing_because_another_one_had_answered(
    ended: float,
    cause: EndCause,
    was_elsewhere: bool,  # noqa: FBT001 - a column of the table
) -> None:
    loser = leg(BOB, cause, at=(1.0, ended))
    legs = [leg(ANN, HUNG_UP_BY_US, answered=3.9), loser, leg(BEN, CANCELLED_BY_US)]
    assert [is_elsewhere(one, legs) for one in legs] == [False, was_elsewhere, False]


def test_who_answered_is_known_also_where_nobody_noted_it() -> None:
    legs = [leg(ANN, CANCELLED_BY_US), leg(BOB, HUNG_UP_BY_US, answered=3.0), leg(BEN, BUSY)]
    assert answered_number(ATTEMPT, legs) == "201"
    assert answered_number(TALKED, legs) == "200"
    assert answered_number(ATTEMPT, legs[:1]) is None


def test_a_call_to_nobody_of_the_task_is_nobodys() -> None:
    for called in ("tel:1234567", "what is this?"):
        found = leg(called, HUNG_UP_BY_US, answered=2.0)
        assert (found.phone, found.is_a_side, found.is_b_side) == (None, False, False)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("443069990123@callwright.example", "443069990123"),
        ("sip:443069990123@callwright.example", "443069990123"),
        ("callback-2@callwright.example", ""),
        ("", ""),
    ],
)
def test_the_number_that_a_leg_was_shown(address: str, shown: str) -> None:
    found = leg(ANN, HUNG_UP_BY_US)
    assert replace(found, cdr=replace(found.cdr, originating_address=address)).shown_number == shown
