"""What a node writes of the starts that it runs: intents, answers, outcomes; a group at a time.

A group is one unit of work. A change that its start does not allow is refused and keeps nobody
else's from being written: the table of transitions and the holder's epoch are looked at one by
one, the rows are written together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from callwright.adapters.postgres.database import Connection, Database, run_columns
from callwright.adapters.postgres.group_commit import GroupCommit
from callwright.adapters.postgres.held_start import (
    Found,
    FoundStart,
    claimed,
    end_progress,
    held,
    look_up,
    running,
)
from callwright.adapters.postgres.record_rows import write_records
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, ServiceRef
from callwright.domain.invocation import InvocationEvent, InvocationState
from callwright.domain.records import InstanceRecord
from callwright.queue.ports import Intent, LeaseLost

CHANGES_AT_ONCE: Final = 500
"""Changes of one unit of work: some 30 ms, which the INVITE of the next one waits."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A call was answered."""

    ref: ServiceRef
    at: UnixTime


@dataclass(frozen=True, slots=True)
class Finished:
    """A start ran; its record is written with it."""

    ref: ServiceRef
    exit_status: int
    record: InstanceRecord
    at: UnixTime


@dataclass(frozen=True, slots=True)
class Refused:
    """A claimed start could not run."""

    ref: ServiceRef
    reason: str
    at: UnixTime


StartChange: TypeAlias = Intent | Answered | Finished | Refused
Refusal: TypeAlias = IllegalTransition | LeaseLost
_Row: TypeAlias = tuple[str | float, ...]


class StartChanges:
    """Commits the changes of the starts that one boot of a node holds."""

    def __init__(self, database: Database, epoch: int) -> None:
        """Write to this database, as this boot epoch."""
        self._database = database
        self._epoch = epoch
        self._commits: GroupCommit[StartChange, None] = GroupCommit(
            self._write, name="start changes", size=lambda _: 1, at_once=CHANGES_AT_ONCE
        )

    async def make(self, change: StartChange) -> None:
        """Change a start that we hold; durable when it returns, also when a commit was in doubt.

        Raises:
            IllegalTransition: the start's state does not allow it.
            LeaseLost: another boot holds the start by now.
            StoreUnavailable: it was not written, unless that is in doubt.

        """
        await self._commits.commit(change)

    async def _write(self, changes: Sequence[StartChange]) -> Sequence[Refusal | None]:
        unit = _Unit(changes, self._epoch)
        return await self._database.write(unit.write, was_done=unit.was_written)


@dataclass(slots=True)
class _Unit:
    """One group of changes, through as many tries as it takes."""

    changes: Sequence[StartChange]
    epoch: int
    told: list[Refusal | None] = field(default_factory=list)
    """What each asker is told, as of the latest try."""
    in_doubt: frozenset[int] = frozenset()
    """Places of what an earlier try may have written: what is done already is not done again."""

    async def write(self, connection: Connection) -> Sequence[Refusal | None]:
        """Write what is allowed; returns what each asker is told."""
        starts = await look_up(connection, [change.ref for change in self.changes])
        self.told = []
        made: list[tuple[FoundStart, StartChange]] = []
        for place, change in enumerate(self.changes):
            try:
                if not (place in self.in_doubt and _is_done(change, starts, self.epoch)):
                    after = _changed(change, starts, self.epoch)
                    starts[change.ref] = after
                    made.append((after, change))
                self.told.append(None)
            except (IllegalTransition, LeaseLost) as refusal:
                self.told.append(refusal)
        await _write(connection, made)
        return self.told

    async def was_written(self, connection: Connection) -> bool:
        """Whether everything stands there that the latest try wrote.

        If another node took some of it over meanwhile, the next try tells that of each.
        """
        self.in_doubt = frozenset(place for place, told in enumerate(self.told) if told is None)
        starts = await look_up(connection, [change.ref for change in self.changes])
        return all(_is_done(self.changes[place], starts, self.epoch) for place in self.in_doubt)


def _changed(change: StartChange, starts: Found, epoch: int) -> FoundStart:
    """Return the start as it is after a change."""
    match change:
        case Intent(ref):
            found = running(starts, ref, epoch)
            if found.instance_id is not None:
                raise IllegalTransition(f"{ref}: a second intent")
            return replace(found, instance_id=change.instance_id)
        case Answered(ref):
            found = running(starts, ref, epoch)
            if found.instance_id is None:
                raise IllegalTransition(f"{ref}: answered without an intent")
            return replace(found, answered_at=change.at)
        case Finished(ref):
            found = held(starts, ref, epoch)
            found.follow(InvocationEvent.FINISH)
            instance_id = change.record.adr.instance_id
            if found.instance_id != instance_id:
                raise IllegalTransition(
                    f"{ref}: the record of {instance_id} for {found.instance_id}"
                )
            return replace(found, state=InvocationState.COMPLETED)
        case Refused(ref):
            found = claimed(starts, ref, epoch)
            found.follow(InvocationEvent.REFUSE)
            return replace(found, state=InvocationState.COULD_NOT_RUN)
        case _:
            assert_never(change)


def _is_done(change: StartChange, starts: Found, epoch: int) -> bool:
    """Whether a start of ours is as this change leaves it."""
    found = starts.get(change.ref)
    if found is None or found.held_by != epoch:
        return False
    match change:
        case Intent():
            return found.instance_id == change.instance_id
        case Answered():
            return found.answered_at == change.at
        case Finished():
            is_its_own = found.instance_id == change.record.adr.instance_id
            return found.state is InvocationState.COMPLETED and is_its_own
        case Refused():
            return found.state is InvocationState.COULD_NOT_RUN
        case _:
            assert_never(change)


_STATEMENTS: Final = ("queue_intend", "queue_answered", "queue_finish", "queue_refuse")
"""In the order in which one start may have several of these changes."""


async def _write(connection: Connection, made: Sequence[tuple[FoundStart, StartChange]]) -> None:
    rows: dict[str, dict[int, _Row]] = {name: {} for name in _STATEMENTS}
    ended: Counter[AccountId] = Counter()
    for found, change in made:
        name, row = _row(change)
        rows[name][found.start_id] = row  # of two answers of one start the later one
        if isinstance(change, Finished | Refused):
            ended[found.account_id] += 1
    for name, of_starts in rows.items():
        of_statement = [(start_id, *row) for start_id, row in of_starts.items()]
        await run_columns(connection, name, of_statement)
    finished = [(found, change) for found, change in made if isinstance(change, Finished)]
    await write_records(connection, [(found.account_id, one.record) for found, one in finished])
    if ended:
        # Last, since every other end in these accounts waits for it.
        await end_progress(connection, ended)


def _row(change: StartChange) -> tuple[str, _Row]:
    """Return a change's statement, and what it writes, in the order of the parameters."""
    match change:
        case Intent():
            return "queue_intend", (change.instance_id, change.call_id, change.at)
        case Answered():
            return "queue_answered", (change.at,)
        case Finished():
            return "queue_finish", (change.exit_status, change.at)
        case Refused():
            return "queue_refuse", (change.reason, change.at)
        case _:
            assert_never(change)
