"""An attempt's call, put together: what the attempt knows, and the CDRs of its instance.

An attempt's start has an instance, whose CDRs are the parts of the call (section 11). They are
there once the instance has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from callwright.domain.callback import Attempt, AttemptOutcome, Task
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import Cdr
from callwright.records.ports import RecordStore
from callwright.scheduler.attempt.recordings import recording_name, recording_of_call
from callwright.scheduler.history.call_legs import (
    Leg,
    Phone,
    answered_number,
    cause_of,
    destination_or_none,
    disposition_of,
    disposition_of_part,
    is_elsewhere,
    leg_of,
    leg_to_b,
)
from callwright.scheduler.history.calls import Call, CallPart, Party, Recording
from callwright.scheduler.history.ports import RecordingFiles
from callwright.scheduler.ports import CallbackQueueStore
from callwright.scheduler.values import Extension


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
        legs = [leg_of(cdr, attempt, phones) for cdr in cdrs]
        a_number = answered_number(attempt, legs) or task.wish.a_number
        b_leg = leg_to_b(legs)
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
            cause=cause_of(legs),
            disposition=disposition_of(attempt.outcome, legs),
            parts=tuple(
                _part(
                    leg, attempt.outcome, legs, is_recorded=recording is not None and leg is b_leg
                )
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

    async def _phones(self, task: Task) -> list[Phone]:
        """Return whom the task's numbers call, the A side first."""
        phones: list[Phone] = []
        for number in (*_a_numbers(task), task.wish.b_number, *_transfer_numbers(task)):
            extension = await self.queues.extension_by_number(task.account_id, _short(number))
            phones.append(
                Phone(
                    Party(number, None if extension is None else self.domain),
                    destination_or_none(number if extension is None else extension.destination),
                    is_a_side=len(phones) < len(_a_numbers(task)),
                )
            )
        return phones


def _party(number: str, phones: Sequence[Phone]) -> Party:
    known = (phone.party for phone in phones if phone.party.number == number)
    return next(known, Party(number, None))


def _name(task: Task, extension: Extension | None) -> str | None:
    given = task.wish.callback_params.get("caller_id_name")
    if isinstance(given, str) and given:
        return given
    return None if extension is None else extension.caller_id_name or None


def _is_own(leg: Leg, extension: Extension | None, phones: Sequence[Phone]) -> bool:
    """Whether it is the call to the extension itself, which has no part (published)."""
    if extension is None:
        return False
    is_a_side = any(
        phone.is_a_side and _short(phone.party.number) == extension.number for phone in phones
    )
    own = destination_or_none(extension.destination)
    return is_a_side and own is not None and destination_or_none(leg.cdr.destination_address) == own


def _part(
    leg: Leg, outcome: AttemptOutcome | None, legs: Sequence[Leg], *, is_recorded: bool
) -> CallPart:
    cdr, phone = leg.cdr, leg.phone
    return CallPart(
        callee=Party(cdr.destination_address, None) if phone is None else phone.party,
        initiated_at=cdr.initiated_at,
        connected_at=cdr.connected_at,
        hung_up_at=cdr.hung_up_at,
        joined=cdr.joined,
        caller_id=leg.shown_number,
        cause=cdr.cause.hangup_cause,
        is_elsewhere=is_elsewhere(leg, legs),
        disposition=disposition_of_part(leg, outcome, legs),
        is_transfer=leg.is_transfer,
        is_recorded=is_recorded,
    )


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


def _short(number: str) -> str:
    """Return an internal number without the client's prefix."""
    return number.rpartition("*")[2]
