"""An attempt's call, put together: what the attempt knows, and the CDRs of its instance.

An attempt's start has an instance, whose CDRs are the parts of the call (section 11). They are
there once the instance has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callwright.domain.callback import Attempt, AttemptOutcome, Task
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
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import Cdr
from callwright.records.ports import RecordStore
from callwright.scheduler.call_ports import RecordingFiles
from callwright.scheduler.calls import Call, CallPart, Disposition, Party, Recording
from callwright.scheduler.ports import CallbackQueueStore
from callwright.scheduler.recordings import recording_name, recording_of_call
from callwright.scheduler.values import Extension

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
class CallsOfAttempts:
    """Puts calls together."""

    queues: CallbackQueueStore
    records: RecordStore
    recordings: RecordingFiles
    domain: str
    """Of the clients' extensions."""

    async def call(self, task: Task, attempt: Attempt, instance_id: InstanceId | None) -> Call:
        """Return the call of an attempt; no instance: it never ran, or nothing is known of it."""
        extension = await self.queues.extension(task.account_id, task.wish.extension_id)
        phones = await self._phones(task)
        cdrs = await self._cdrs(task.account_id, instance_id)
        legs = [
            _Leg(cdr, _phone_of(cdr, phones), is_transfer=_is_transfer(attempt, cdr))
            for cdr in cdrs
        ]
        a_number = attempt.a_answered or task.wish.a_number
        b_leg = next((leg for leg in reversed(legs) if leg.is_b_side), None)
        is_joined = _is_joined(attempt)
        recording = await self._recording(task, attempt)
        return Call(
            call_uuid=attempt.call_uuid,
            account_id=task.account_id,
            extension_id=task.wish.extension_id,
            extension_number=None if extension is None else extension.number,
            a_side=_party(a_number, phones),
            a_name=_name(task, extension),
            b_side=_party(task.wish.b_number, phones),
            began_at=attempt.started_at,
            called_at=cdrs[0].initiated_at if cdrs else None,
            joined_at=attempt.joined_at,
            joined=max((cdr.joined for cdr in cdrs), default=None) if is_joined else None,
            ended_at=attempt.ended_at,
            outcome=attempt.outcome,
            cause=_cause(legs, b_leg),
            disposition=_disposition(attempt, legs, b_leg),
            parts=tuple(
                _part(leg, attempt, legs, is_recorded=recording is not None and leg is b_leg)
                for leg in legs
                if not _is_own(leg, extension, phones)
            ),
            recording=recording,
        )

    async def _recording(self, task: Task, attempt: Attempt) -> Recording | None:
        """Return what was recorded of a conversation that is over."""
        if attempt.ended_at is None or not _is_joined(attempt):
            return None
        sound = await self.recordings.recorded(task.account_id, recording_name(attempt))
        return None if sound is None else recording_of_call(task, attempt, sound)

    async def _cdrs(self, account_id: AccountId, instance_id: InstanceId | None) -> Sequence[Cdr]:
        if instance_id is None:
            return ()
        record = await self.records.read(account_id, instance_id)
        return () if record is None else sorted(record.cdrs, key=lambda cdr: cdr.initiated_at)

    async def _phones(self, task: Task) -> list["_Phone"]:
        """Return whom the task's numbers call, the A side first."""
        phones: list[_Phone] = []
        for number in (*_a_numbers(task), task.wish.b_number, *_transfer_numbers(task)):
            extension = await self.queues.extension_by_number(task.account_id, _short(number))
            phones.append(
                _Phone(
                    Party(number, None if extension is None else self.domain),
                    _destination(number if extension is None else extension.destination),
                    is_a_side=len(phones) < len(_a_numbers(task)),
                )
            )
        return phones


@dataclass(frozen=True, slots=True)
class _Phone:
    """A number of the task, and what calling it calls."""

    party: Party
    destination: Destination | None
    is_a_side: bool


@dataclass(frozen=True, slots=True)
class _Leg:
    """A CDR, and whose it is; None: whose number reaches somebody else by now."""

    cdr: Cdr
    phone: _Phone | None
    is_transfer: bool

    @property
    def is_b_side(self) -> bool:
        return self.phone is not None and not self.phone.is_a_side and not self.is_transfer

    @property
    def was_left(self) -> bool:
        """Whether the person at the other end hung up."""
        is_answered = self.cdr.connected_at is not None
        return is_answered and self.cdr.cause.call_cause is CallCause.HUNG_UP

    @property
    def was_ended_here(self) -> bool:
        return self.cdr.cause in _OUR_ENDS


def _phone_of(cdr: Cdr, phones: Sequence[_Phone]) -> _Phone | None:
    called = _destination(cdr.destination_address)
    if called is None:
        return None
    return next((phone for phone in phones if phone.destination == called), None)


def _party(number: str, phones: Sequence[_Phone]) -> Party:
    known = (phone.party for phone in phones if phone.party.number == number)
    return next(known, Party(number, None))


def _name(task: Task, extension: Extension | None) -> str | None:
    given = task.wish.callback_params.get("caller_id_name")
    if isinstance(given, str) and given:
        return given
    return None if extension is None else extension.caller_id_name or None


def _is_own(leg: _Leg, extension: Extension | None, phones: Sequence[_Phone]) -> bool:
    """Whether it is the call to the extension itself, which has no part (published)."""
    if extension is None:
        return False
    is_a_side = any(
        phone.is_a_side and _short(phone.party.number) == extension.number for phone in phones
    )
    own = _destination(extension.destination)
    return is_a_side and own is not None and _destination(leg.cdr.destination_address) == own


def _cause(legs: Sequence[_Leg], b_leg: _Leg | None) -> HangupCause | None:
    """Return why the call to B ended, or that to the A side where B was not called."""
    if b_leg is not None:
        return b_leg.cdr.cause.hangup_cause
    return legs[-1].cdr.cause.hangup_cause if legs else None


def _disposition(attempt: Attempt, legs: Sequence[_Leg], b_leg: _Leg | None) -> Disposition | None:
    """Say who ended the call; None where nobody can tell."""
    outcome = attempt.outcome
    if outcome is None or not legs:
        return None
    if outcome is AttemptOutcome.JOINED:
        # Whoever left first ended it, also when the other one went on with somebody else.
        left = sorted((leg for leg in legs if leg.was_left), key=lambda leg: leg.cdr.hung_up_at)
        if left:
            return Disposition.CALLEE_BYE if left[0].is_b_side else Disposition.CALLER_BYE
        ended = all(leg.was_ended_here for leg in legs if leg.cdr.connected_at is not None)
        return Disposition.INTERNAL_CANCEL if ended else None
    if outcome in {AttemptOutcome.A_NO_ANSWER, AttemptOutcome.B_NO_ANSWER}:
        return Disposition.INTERNAL_CANCEL if (b_leg or legs[0]).was_ended_here else None
    return _BY_OUTCOME.get(outcome)


def _part(leg: _Leg, attempt: Attempt, legs: Sequence[_Leg], *, is_recorded: bool) -> CallPart:
    cdr, phone = leg.cdr, leg.phone
    callee = Party(cdr.destination_address, None) if phone is None else phone.party
    is_loser = (
        phone is not None
        and phone.is_a_side
        and not leg.is_transfer
        and attempt.a_answered not in {None, callee.number}
        and cdr.cause.hangup_cause in _NOT_ANSWERED
        and _was_answered_by(cdr.hung_up_at, legs)
    )
    return CallPart(
        callee=callee,
        initiated_at=cdr.initiated_at,
        connected_at=cdr.connected_at,
        hung_up_at=cdr.hung_up_at,
        joined=cdr.joined,
        caller_id=cdr.originating_address.partition("@")[0].removeprefix("sip:"),
        cause=cdr.cause.hangup_cause,
        is_elsewhere=is_loser and cdr.connected_at is None,
        disposition=_disposition_of_part(leg, attempt, legs),
        is_transfer=leg.is_transfer,
        is_recorded=is_recorded,
    )


def _was_answered_by(at: UnixTime, legs: Sequence[_Leg]) -> bool:
    """Whether an A number had answered at this moment; those called in turn may not have."""
    return any(
        leg.cdr.connected_at is not None and leg.cdr.connected_at <= at
        for leg in legs
        if not leg.is_b_side
    )


def _disposition_of_part(leg: _Leg, attempt: Attempt, legs: Sequence[_Leg]) -> Disposition | None:
    """Say who ended a part; who was called is its callee, the other side its caller."""
    if leg.was_left:
        return Disposition.CALLEE_BYE
    is_answered = leg.cdr.connected_at is not None
    if not is_answered and leg.cdr.cause.hangup_cause in _REFUSALS:
        return Disposition.CALLEE_REFUSE
    if not leg.was_ended_here:
        return None
    if is_answered:
        other_left = any(other.was_left for other in legs if other is not leg)
        return Disposition.CALLER_BYE if other_left else Disposition.INTERNAL_CANCEL
    a_left = leg.is_b_side and attempt.outcome is AttemptOutcome.A_HANGUP
    return Disposition.CALLER_CANCEL if a_left else Disposition.INTERNAL_CANCEL


def _is_joined(attempt: Attempt) -> bool:
    return attempt.joined_at is not None or attempt.outcome is AttemptOutcome.JOINED


def _a_numbers(task: Task) -> tuple[str, ...]:
    extended = task.wish.callback_params.get("extended_a_numbers")
    others = map(str, extended) if isinstance(extended, (list, tuple)) else ()
    return (task.wish.a_number, *others)


def _transfer_numbers(task: Task) -> tuple[str, ...]:
    found = (
        task.wish.callback_params.get(f"transfer_after_{side}_hangup") for side in ("src", "dst")
    )
    return tuple(number for number in found if isinstance(number, str))


def _is_transfer(attempt: Attempt, cdr: Cdr) -> bool:
    """Whether a call was placed for whoever stayed: all others are placed before the join."""
    return attempt.joined_at is not None and cdr.initiated_at >= attempt.joined_at


def _short(number: str) -> str:
    """Return an internal number without the client's prefix."""
    return number.rpartition("*")[2]


def _destination(text: str) -> Destination | None:
    try:
        return parse_destination(text)
    except BadDestination:
        return None
