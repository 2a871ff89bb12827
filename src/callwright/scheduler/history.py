"""Calls of attempts as call history: what the attempt knows, and the records of its instance.

An attempt's start has an instance, whose CDRs are the parts of the call (section 11). They come
when the instance has ended, and go when references or records are forgotten; the call stays as long
as its task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callwright.domain.callback import Attempt, AttemptOutcome, CallUuid, Task, TaskState
from callwright.domain.causes import HangupCause
from callwright.domain.clock import UnixTime
from callwright.domain.destination import BadDestination, Destination, parse_destination
from callwright.domain.ids import AccountId
from callwright.domain.records import Cdr
from callwright.queue.ports import QueueStore
from callwright.records.ports import RecordStore
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore
from callwright.scheduler.printing import print_moment
from callwright.scheduler.values import CallFilter, Extension, Page

_RESULTS: Final[Mapping[AttemptOutcome, str]] = {
    AttemptOutcome.JOINED: "bridged",
    AttemptOutcome.A_NO_ANSWER: "not answered",
    AttemptOutcome.A_BUSY: "busy",
    AttemptOutcome.A_REJECTED: "rejected",
    AttemptOutcome.A_HANGUP: "answered",
    AttemptOutcome.B_NO_ANSWER: "not answered",
    AttemptOutcome.B_BUSY: "busy",
    AttemptOutcome.B_REJECTED: "rejected",
    AttemptOutcome.CANCELLED: "not answered",
}
"""Of a call; whatever is not here has failed."""

_PART_RESULTS: Final[Mapping[HangupCause, str]] = {
    HangupCause.NORMAL: "not answered",
    HangupCause.NO_ANSWER: "not answered",
    HangupCause.BUSY: "busy",
    HangupCause.CALL_REJECTED: "rejected",
}
"""Of a part that was not answered; whatever is not here has failed."""


@dataclass(frozen=True, slots=True)
class CallHistory:
    """Reads calls."""

    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    starts: QueueStore
    records: RecordStore

    async def call(self, account_id: AccountId, call_uuid: CallUuid) -> dict[str, object] | None:
        """Return one call, or None."""
        task = await self.tasks.task_of_call(account_id, call_uuid)
        if task is None:
            return None
        found = [one for one in task.attempts if one.call_uuid == call_uuid]
        return await self._printed(task, found[0] if found else _not_begun(task, call_uuid))

    async def calls(
        self, account_id: AccountId, wanted: CallFilter, page: Page
    ) -> Sequence[dict[str, object]]:
        """Return a page of an account's calls by the time they began."""
        found = await self.tasks.calls(account_id, wanted, page)
        return [await self._printed(task, attempt) for task, attempt in found]

    async def _printed(self, task: Task, attempt: Attempt) -> dict[str, object]:
        cdrs = await self._cdrs(task.account_id, attempt)
        extension = await self.queues.extension(task.account_id, task.wish.extension_id)
        numbers = await self._numbers(task)
        own = None if extension is None else _destination(extension.destination)
        is_a_side = extension is not None and extension.number in map(_short, _a_numbers(task))
        parts = [
            _part(task, attempt, cdr, numbers)
            for cdr in cdrs
            # The call to the extension itself has no part (published).
            if not (is_a_side and own is not None and _destination(cdr.destination_address) == own)
        ]
        return _call(task, attempt, extension, cdrs) | {"cdr": parts}

    async def _cdrs(self, account_id: AccountId, attempt: Attempt) -> Sequence[Cdr]:
        if attempt.ref is None:
            return ()
        known = await self.starts.status(account_id, [attempt.ref])
        status = known.get(attempt.ref)
        if status is None or status.instance_id is None:
            return ()
        record = await self.records.read(account_id, status.instance_id)
        return () if record is None else sorted(record.cdrs, key=lambda cdr: cdr.initiated_at)

    async def _numbers(self, task: Task) -> dict[Destination, str]:
        """Return the client's numbers by what they call."""
        numbers: dict[Destination, str] = {}
        for number in (*_a_numbers(task), task.wish.b_number, *_transfer_numbers(task)):
            extension = await self.queues.extension_by_number(task.account_id, _short(number))
            called = _destination(number if extension is None else extension.destination)
            if called is not None:
                numbers.setdefault(called, number)
        return numbers


def _not_begun(task: Task, call_uuid: CallUuid) -> Attempt:
    """Return the attempt that a callback at once is going to have, or never had."""
    failed = task.state is TaskState.FINISHED
    return Attempt(
        number=1,
        call_uuid=call_uuid,
        started_at=task.wish.starts_at,
        ended_at=task.finished_at,
        outcome=AttemptOutcome(task.finish_comment) if failed else None,
    )


def _call(
    task: Task, attempt: Attempt, extension: Extension | None, cdrs: Sequence[Cdr]
) -> dict[str, object]:
    outcome, joined_at = attempt.outcome, attempt.joined_at
    ended_at = attempt.ended_at
    bridged = max((cdr.joined for cdr in cdrs), default=None)
    is_joined = joined_at is not None
    return {
        "call_uuid": attempt.call_uuid,
        "flow": "out",
        "result": None if outcome is None else _RESULTS.get(outcome, "failed"),
        "init_time_gmt": print_moment(attempt.started_at),
        "start_time_gmt": print_moment(cdrs[0].initiated_at if cdrs else None),
        "hangup_time_gmt": print_moment(ended_at),
        "duration": None if ended_at is None else _seconds(attempt.started_at, ended_at),
        "bridged_time_gmt": print_moment(joined_at),
        "bridged_duration": round(bridged) if is_joined and bridged is not None else None,
        "bridged_username": task.wish.b_number if is_joined else None,
        "from_username": attempt.a_answered or task.wish.a_number,
        "to_username": task.wish.b_number,
        "client_owner_id": task.account_id,
        "extension_id": task.wish.extension_id,
        "extension_name": None if extension is None else extension.label,
        "extension_type": "phone",
    }


def _part(
    task: Task, attempt: Attempt, cdr: Cdr, numbers: Mapping[Destination, str]
) -> dict[str, object]:
    called = _destination(cdr.destination_address)
    number = numbers.get(called) if called is not None else None
    caller = cdr.originating_address.partition("@")[0].removeprefix("sip:")
    return {
        "application": "callback",
        "flow": "transfer" if _is_transfer(attempt, cdr) else "out",
        "result": _part_result(task, attempt, cdr, number),
        "init_time_gmt": print_moment(cdr.initiated_at),
        "start_time_gmt": print_moment(cdr.connected_at),
        "hangup_time_gmt": print_moment(cdr.hung_up_at),
        "duration": _seconds(cdr.initiated_at, cdr.hung_up_at),
        "bridged_duration": round(cdr.joined),
        "source_number": attempt.a_answered or task.wish.a_number,
        "dest_number": number or cdr.destination_address,
        "ani_number": caller or None,
        "extension_id": task.wish.extension_id,
        "hangup_cause": str(cdr.cause.hangup_cause),
        "record_uuid": None,
        "record_file_size": None,
    }


def _part_result(task: Task, attempt: Attempt, cdr: Cdr, number: str | None) -> str:
    if cdr.connected_at is not None:
        return "answered"
    result = _PART_RESULTS.get(cdr.cause.hangup_cause, "failed")
    is_loser = number in _a_numbers(task) and attempt.a_answered not in {None, number}
    return "answered elsewhere" if is_loser and result == "not answered" else result


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


def _seconds(start: UnixTime, end: UnixTime) -> int:
    return max(0, round(end - start))
