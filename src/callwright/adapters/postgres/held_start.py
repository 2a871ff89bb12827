"""One start before a change: found by its reference, and ours to change or not.

Each change looks at the state first and follows the table of `domain.invocation`; a change that
the table does not allow is refused in the same unit of work. So is every change of a start that
another boot holds by now. Looking locks the start until the unit of work ends.
"""

from dataclasses import dataclass
from typing import Final

from callwright.adapters.postgres.database import Connection, Row, can_be_kept, run
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

    def follow(self, event: InvocationEvent) -> None:
        """Refuse a change that the table of transitions does not allow."""
        try:
            next_state(self.state, event)
        except IllegalTransition as fault:
            raise IllegalTransition(f"{self.ref}: {fault}") from None


async def look_up(connection: Connection, ref: ServiceRef) -> FoundStart | None:
    """Return the start of a reference; whatever is no reference has none."""
    rows = await run(connection, "queue_find", {"ref": ref}) if can_be_kept(ref) else []
    return found_start(rows[0]) if rows else None


def found_start(row: Row) -> FoundStart:
    """Read a row of `queue_find`."""
    ref, start_id, account_id, service_id, seq, state, instance_id, held_by = row
    return FoundStart(
        ServiceRef(ref),
        start_id,
        AccountId(account_id),
        ServiceId(service_id),
        seq,
        InvocationState(state),
        instance_id,
        held_by,
    )


async def held(connection: Connection, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot may change.

    Raises:
        LeaseLost: another boot claimed it, or settled what we held.

    """
    found = await look_up(connection, ref)
    if found is None:
        raise IllegalTransition(f"{ref}: there is no such start")
    is_free = found.held_by == NOBODY and found.state is not InvocationState.RUNNING
    if found.held_by != epoch and not is_free:
        raise LeaseLost(f"{ref}: held by boot {found.held_by}, not by {epoch}")
    return found


async def running(connection: Connection, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot claimed and that has not ended."""
    found = await held(connection, ref, epoch)
    if found.state is not InvocationState.RUNNING:
        raise IllegalTransition(f"{ref}: {found.state}, not running")
    return found


async def claimed(connection: Connection, ref: ServiceRef, epoch: int) -> FoundStart:
    """Find a start that this boot claimed and that was provably not dialled."""
    found = await running(connection, ref, epoch)
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
    await end_progress(connection, found)


async def end_progress(connection: Connection, found: FoundStart) -> None:
    """Count one start of the account less as in progress."""
    await run(connection, "queue_end_progress", {"account_id": found.account_id})
