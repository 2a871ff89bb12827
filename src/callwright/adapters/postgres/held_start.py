"""Starts before a change: found by their references, and ours to change or not.

Each change looks at the state first and follows the table of `domain.invocation`; a change that
the table does not allow is refused in the same unit of work. So is every change of a start that
another boot holds by now. Looking locks the starts until the unit of work ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from callwright.adapters.postgres.database import Connection, Row, can_be_kept, run
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationEvent, InvocationState, next_state
from callwright.queue.ports import LeaseLost

NOBODY: Final = 0
"""The holder of a start that was never claimed; boot epochs are seconds since 1970."""


@dataclass(frozen=True, slots=True)
class FoundStart:
    """A start as it is now."""

    ref: ServiceRef
    start_id: int
    account_id: AccountId
    service_id: ServiceId
    seq: int
    state: InvocationState
    instance_id: InstanceId | None
    held_by: int
    """The boot epoch that claimed it last, or took it over; `NOBODY` before that."""
    answered_at: UnixTime | None

    def follow(self, event: InvocationEvent) -> None:
        """Refuse a change that the table of transitions does not allow."""
        try:
            next_state(self.state, event)
        except IllegalTransition as fault:
            raise IllegalTransition(f"{self.ref}: {fault}") from None


async def look_up(
    connection: Connection, refs: Iterable[ServiceRef]
) -> dict[ServiceRef, FoundStart]:
    """Return the starts of references; whatever is no reference has none."""
    asked = {"refs": [ref for ref in set(refs) if can_be_kept(ref)]}
    return {
        found.ref: found for found in map(found_start, await run(connection, "queue_find", asked))
    }


def found_start(row: Row) -> FoundStart:
    """Read a row of `queue_find`."""
    ref, start_id, account_id, service_id, seq, state, instance_id, held_by, answered_at = row
    return FoundStart(
        ServiceRef(ref),
        start_id,
        AccountId(account_id),
        ServiceId(service_id),
        seq,
        InvocationState(state),
        instance_id,
        held_by,
        answered_at,
    )


Found = Mapping[ServiceRef, FoundStart]
"""What `look_up` found."""


def held(starts: Found, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot may change.

    Raises:
        LeaseLost: another boot claimed it, or settled what we held.

    """
    found = starts.get(ref)
    if found is None:
        raise IllegalTransition(f"{ref}: there is no such start")
    is_free = found.held_by == NOBODY and found.state is not InvocationState.RUNNING
    if found.held_by != epoch and not is_free:
        raise LeaseLost(f"{ref}: held by boot {found.held_by}, not by {epoch}")
    return found


def running(starts: Found, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot claimed and that has not ended."""
    found = held(starts, ref, epoch)
    if found.state is not InvocationState.RUNNING:
        raise IllegalTransition(f"{ref}: {found.state}, not running")
    return found


def claimed(starts: Found, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot claimed and that was provably not dialled."""
    found = running(starts, ref, epoch)
    if found.instance_id is not None:
        raise IllegalTransition(f"{ref}: it may have been dialled")
    return found


async def give_back(connection: Connection, found: FoundStart, epoch: int) -> None:
    """Put a claimed start back at its place in the queue, whose head is locked."""
    found.follow(InvocationEvent.RELEASE)
    place = {"service_id": found.service_id, "seq": found.seq}
    await run(connection, "queue_release", {"start_id": found.start_id, "held_by": epoch})
    await run(connection, "queue_release_ready", place | {"start_id": found.start_id})
    await run(connection, "queue_release_head", place)
    await end_progress(connection, {found.account_id: 1})


async def end_progress(connection: Connection, ended: Mapping[AccountId, int]) -> None:
    """Count so many starts of each account less as in progress."""
    account_ids = sorted(ended)
    counts = [ended[one] for one in account_ids]
    asked = {"account_ids": account_ids, "counts": counts}
    await run(connection, "queue_end_progress", asked)
