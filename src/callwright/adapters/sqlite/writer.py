"""The one thread that writes: units of work queue up and are committed together.

While one commit waits for the disk, the next units gather; they become the next transaction. So
a commit costs one sync however many requests it carries, and each still hears of its own fate:
every unit runs in a savepoint, a failing one fails alone, and a future is resolved only after
the COMMIT that carried it.

Work of one kind that waits in a row may be done in one go: a savepoint for all, and some
statements instead of some for each. What fails in company is tried again alone.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, Generic, TypeVar

import apsw

from callwright.adapters.sqlite.faults import explain
from callwright.domain.errors import StoreBusy, StoreUnavailable

MAX_WAITING: Final = 10_000
"""Units waiting for a transaction; at the bound new ones are refused. At 10,000 units a second
nobody waits longer than a second before being told to come again."""

MAX_TRANSACTION_SECONDS: Final = 0.02
"""After so long no further unit joins a transaction: what came first isn't kept waiting for
what came later."""

Asked = TypeVar("Asked")
Result = TypeVar("Result")
Work = Callable[[apsw.Connection], Result]
"""A unit of work: it runs in the writer's thread, inside a transaction, and must not commit."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupWork(Generic[Asked, Result]):
    """Work that costs less in company: what waits of it in a row is done in one go."""

    work: Callable[[apsw.Connection, Sequence[Asked]], Sequence[Result | Exception]]
    """Does what was asked, in this order, and says of each what its asker is told. Where it raises
    instead, each is done alone."""
    size: Callable[[Asked], int]
    at_once: int
    """Nothing joins a group whose size would come above this."""


@dataclass(slots=True)
class _Unit:
    group: GroupWork[Any, Any] | None
    """The kind of the work, if it has one."""
    asked: Any
    """What is asked of the group's work; else a `Work` of its own."""
    future: "asyncio.Future[Any] | Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    """Where an asyncio future is resolved; None for a thread that waits."""


# What the writer makes of units is theirs: it hands it on and does not look at it.
_Told = list[Any]
"""What the askers of some units are told, in their order; an exception is a fault."""


class _TransactionLost(Exception):
    """SQLite rolled the whole transaction back, as it does when the disk is full."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Writer:
    """Owns the writing connection; nobody else writes in this process."""

    def __init__(self, connection: apsw.Connection, path: Path, *, max_waiting: int) -> None:
        """Start the thread; `close` ends it and closes the connection."""
        self._connection = connection
        self._path = path
        self._max_waiting = max_waiting
        self._inbox: SimpleQueue[_Unit | None] = SimpleQueue()
        self._is_open = True
        # The thread's own:
        self._held: _Unit | None = None
        """Taken out of the inbox, and the first to run next."""
        self._is_ending = False
        self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work[Result], *, goes_on: bool = False) -> Result:
        """Run a unit of work; returns when it is on disk. One that goes on is never refused.

        Raises:
            StoreBusy: too many are waiting; it did not run.
            StoreUnavailable: it was not written.

        """
        result: Result = await self._wait(None, work, goes_on=goes_on)
        return result

    async def run_in_group(self, group: GroupWork[Asked, Result], asked: Asked) -> Result:
        """Run a unit of work of this kind, together with those that wait beside it.

        Raises:
            StoreBusy: too many are waiting; it did not run.
            StoreUnavailable: it was not written.

        """
        result: Result = await self._wait(group, asked, goes_on=False)
        return result

    def run_waiting(self, work: Work[Result]) -> Result:
        """Run a unit of work while the caller's thread waits: at start, before there is a loop."""
        future: Future[Result] = Future()
        self._put(_Unit(None, work, future, None))
        return future.result()

    def close(self) -> None:
        """Write what is waiting, end the thread and close the connection."""
        if self._is_open:
            self._is_open = False
            self._inbox.put(None)
            self._thread.join()
            self._connection.close()

    # Of whatever type its asker waits for.
    async def _wait(self, group: GroupWork[Any, Any] | None, asked: Any, *, goes_on: bool) -> Any:
        if self._inbox.qsize() >= self._max_waiting and not goes_on:
            raise StoreBusy(f"{self._max_waiting} writes are waiting already")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._put(_Unit(group, asked, future, loop))
        return await future

    def _put(self, unit: _Unit) -> None:
        if not self._is_open:
            raise StoreUnavailable(f"{self._path} is closed")
        self._inbox.put(unit)

    def _run(self) -> None:
        while (unit := self._take(wait=True)) is not None:
            self._transaction(unit)

    def _take(self, *, wait: bool) -> _Unit | None:
        """Return the next unit; None if there is none yet, or none any more."""
        unit, self._held = self._held, None
        if unit is not None or self._is_ending:
            return unit
        try:
            unit = self._inbox.get(block=wait)
        except Empty:
            return None
        self._is_ending = unit is None
        return unit

    def _transaction(self, first: _Unit) -> None:
        """Run units in one transaction until none waits."""
        units: list[_Unit] = []
        told: _Told = []
        unit: _Unit | None = first
        until = time.monotonic() + MAX_TRANSACTION_SECONDS
        fault: Exception | None = None
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            while unit is not None:
                group = self._group(unit)
                units += group
                told += self._units(group)
                unit = self._take(wait=False) if time.monotonic() < until else None
            self._connection.execute("COMMIT")
        except _TransactionLost as lost:
            fault = lost.fault
        except apsw.Error as error:
            fault = explain(error, self._path)
        if fault is not None:
            self._roll_back()
            units = units or [first]
            told = [fault] * len(units)
        _deliver(units, told)

    def _group(self, first: _Unit) -> list[_Unit]:
        """Return a unit and those behind it that are done in one go with it."""
        units = [first]
        group = first.group
        if group is None:
            return units
        size = group.size(first.asked)
        while (unit := self._take(wait=False)) is not None:
            if unit.group is not group or size + group.size(unit.asked) > group.at_once:
                self._held = unit
                break
            size += group.size(unit.asked)
            units.append(unit)
        return units

    def _units(self, units: list[_Unit]) -> _Told:
        """Run the units of a group, or one of its own; returns what they are told."""
        connection, group = self._connection, units[0].group
        connection.execute("SAVEPOINT unit")
        told: _Told
        try:
            if group is None:
                told = [units[0].asked(connection)]
            else:
                told = list(group.work(connection, [unit.asked for unit in units]))
        except Exception as error:
            # Whatever it is, it is the affair of the one who asked: nobody else's unit fails.
            fault = explain(error, self._path) if isinstance(error, apsw.Error) else error
            if not connection.in_transaction:
                raise _TransactionLost(fault) from error
            connection.execute("ROLLBACK TO unit")
            connection.execute("RELEASE unit")
            if len(units) == 1:
                return [fault]
            return [one for unit in units for one in self._units([unit])]
        connection.execute("RELEASE unit")
        return told

    def _roll_back(self) -> None:
        """End a transaction that failed; where even that fails, SQLite has ended it already."""
        with suppress(apsw.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _deliver(units: list[_Unit], told: _Told) -> None:
    """Tell everybody, with one call into each event loop."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[_Unit, Any]]] = defaultdict(list)
    for unit, one in zip(units, told, strict=True):
        if unit.loop is None:
            _resolve([(unit, one)])
        else:
            by_loop[unit.loop].append((unit, one))
    for loop, of_loop in by_loop.items():
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, of_loop)


def _resolve(outcomes: list[tuple[_Unit, Any]]) -> None:
    for unit, told in outcomes:
        future = unit.future
        if future.done():  # the one who asked has gone away
            continue
        if isinstance(told, Exception):
            future.set_exception(told)
        else:
            future.set_result(told)
