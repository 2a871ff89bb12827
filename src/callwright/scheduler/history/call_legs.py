"""The legs of an attempt: whose each CDR is, why it ended, and who ended it (section 11.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callwright.domain.callback import Attempt, AttemptOutcome
from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_US,
    SOCKET_ENDED_BY_US,
    SOCKET_GIVEN_UP,
    CallCause,
    HangupCause,
)
from callwright.domain.clock import UnixTime
from callwright.domain.destination import BadDestination, Destination, parse_destination
from callwright.domain.records import Cdr
from callwright.scheduler.history.calls import Disposition, Party

_OUR_ENDS: Final = (HUNG_UP_BY_US, CANCELLED_BY_US, SOCKET_ENDED_BY_US, SOCKET_GIVEN_UP)
_REFUSALS: Final = frozenset({HangupCause.BUSY, HangupCause.CALL_REJECTED})
_NOT_ANSWERED: Final = frozenset({HangupCause.NORMAL, HangupCause.NO_ANSWER})

_BY_OUTCOME: Final[Mapping[AttemptOutcome, Disposition]] = {
    AttemptOutcome.A_HANGUP: Disposition.CALLER_CANCEL,
    AttemptOutcome.B_BUSY: Disposition.CALLEE_REFUSE,
    AttemptOutcome.B_REJECTED: Disposition.CALLEE_REFUSE,
    AttemptOutcome.CANCELLED: Disposition.INTERNAL_CANCEL,
}
"""Who ended a call that was never joined, where its outcome alone says so."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number of the task, and what calling it calls."""

    party: Party
    destination: Destination | None
    is_a_side: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """A CDR, and whose it is; None: whose number reaches somebody else by now."""

    cdr: Cdr
    phone: Phone | None
    is_transfer: bool
    """It was called for whoever stayed when the other one had hung up."""

    @property
    def shown_number(self) -> str:
        """The number that it was shown; empty where none was: then it was called in words."""
        user = self.cdr.originating_address.partition("@")[0].removeprefix("sip:")
        return user if user.isdecimal() else ""

    @property
    def is_a_side(self) -> bool:
        """Whether it is the call to a number of the A side."""
        return self.phone is not None and self.phone.is_a_side and not self.is_transfer

    @property
    def is_b_side(self) -> bool:
        """Whether it is the call to B."""
        return self.phone is not None and not self.phone.is_a_side and not self.is_transfer

    @property
    def is_answered(self) -> bool:
        """Whether somebody picked up."""
        return self.cdr.connected_at is not None

    @property
    def was_left(self) -> bool:
        """Whether whoever picked up hung up."""
        return self.is_answered and self.cdr.cause.call_cause is CallCause.HUNG_UP

    @property
    def was_ended_here(self) -> bool:
        """Whether we hung up, or gave up."""
        return self.cdr.cause in _OUR_ENDS


def leg_of(cdr: Cdr, attempt: Attempt, phones: Sequence[Phone]) -> Leg:
    """Find whose a CDR is. What is called after the join is a transfer; all others come before."""
    is_transfer = attempt.joined_at is not None and cdr.initiated_at >= attempt.joined_at
    called = destination_or_none(cdr.destination_address)
    phone = None
    if called is not None:
        phone = next((one for one in phones if one.destination == called), None)
    return Leg(cdr, phone, is_transfer)


def leg_to_b(legs: Sequence[Leg]) -> Leg | None:
    """Return the call to B, if there was one."""
    return next((leg for leg in reversed(legs) if leg.is_b_side), None)


def answered_number(attempt: Attempt, legs: Sequence[Leg]) -> str | None:
    """Return the A number that picked up, also where nobody noted it."""
    if attempt.a_answered is not None:
        return attempt.a_answered
    answered = (leg.phone for leg in legs if leg.is_a_side and leg.is_answered)
    return next((phone.party.number for phone in answered if phone is not None), None)


def cause_of(legs: Sequence[Leg]) -> HangupCause | None:
    """Return why the call to B ended, or that to the A side where B was not called."""
    leg = leg_to_b(legs) or (legs[-1] if legs else None)
    return None if leg is None else leg.cdr.cause.hangup_cause


def disposition_of(outcome: AttemptOutcome | None, legs: Sequence[Leg]) -> Disposition | None:
    """Say who ended a call; None where nobody can tell."""
    if outcome is None or not legs:
        return None
    if outcome is AttemptOutcome.JOINED:
        # Whoever left first ended it, also when the other one went on with somebody else.
        left = sorted((leg for leg in legs if leg.was_left), key=lambda leg: leg.cdr.hung_up_at)
        if left:
            return Disposition.CALLEE_BYE if left[0].is_b_side else Disposition.CALLER_BYE
        ended = all(leg.was_ended_here for leg in legs if leg.is_answered)
        return Disposition.INTERNAL_CANCEL if ended else None
    if outcome in {AttemptOutcome.A_NO_ANSWER, AttemptOutcome.B_NO_ANSWER}:
        last = leg_to_b(legs) or legs[0]
        return Disposition.INTERNAL_CANCEL if last.was_ended_here else None
    return _BY_OUTCOME.get(outcome)


def disposition_of_part(
    leg: Leg, outcome: AttemptOutcome | None, legs: Sequence[Leg]
) -> Disposition | None:
    """Say who ended a part; who was called is its callee, the other side its caller."""
    if leg.was_left:
        return Disposition.CALLEE_BYE
    if not leg.is_answered and leg.cdr.cause.hangup_cause in _REFUSALS:
        return Disposition.CALLEE_REFUSE
    if not leg.was_ended_here:
        return None
    if leg.is_answered:
        other_left = any(other.was_left for other in legs if other is not leg)
        return Disposition.CALLER_BYE if other_left else Disposition.INTERNAL_CANCEL
    a_left = leg.is_b_side and outcome is AttemptOutcome.A_HANGUP
    return Disposition.CALLER_CANCEL if a_left else Disposition.INTERNAL_CANCEL


def is_elsewhere(leg: Leg, legs: Sequence[Leg]) -> bool:
    """Whether an A number stopped ringing because another one had answered.

    Of those that are called in turn, the ones before had rung out.
    """
    return (
        leg.is_a_side
        and not leg.is_answered
        and leg.cdr.cause.hangup_cause in _NOT_ANSWERED
        and _was_answered_by(leg.cdr.hung_up_at, legs)
    )


def _was_answered_by(at: UnixTime, legs: Sequence[Leg]) -> bool:
    return any(
        leg.cdr.connected_at is not None and leg.cdr.connected_at <= at
        for leg in legs
        if not leg.is_b_side
    )


def destination_or_none(text: str) -> Destination | None:
    """Read what a number calls; None for nobody."""
    try:
        return parse_destination(text)
    except BadDestination:
        return None
