"""The one thread that writes: units of work queue up and are committed together.

While one commit waits for the disk, the next units gather; they become the next transaction. So
a commit costs one sync however many requests it carries, and each still hears of its own fate:
every unit runs in a savepoint, a failing one fails alone, and a future is resolved only after
the COMMIT that carried it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

import apsw

from callwright.adapters.sqlite.faults import explain
from callwright.domain.errors import StoreBusy, StoreUnavailable

MAX_WAITING: Final = 10_000
"""Units waiting for a transaction; at the bound new ones are refused. At 10,000 units a second
nobody waits longer than a second before being told to come again."""

MAX_TRANSACTION_SECONDS: Final = 0.02
"""After so long no further unit joins a transaction: what came first isn't kept waiting for
what came later."""

Result = TypeVar("Result")
Work = Callable[[apsw.Connection], Result]
"""A unit of work: it runs in the writer's thread, inside a transaction, and must not commit."""


@dataclass(frozen=True, slots=True)
class _Unit:
    work: Work[Any]  # each unit returns what it likes to the future that waits for it
    future: "asyncio.Future[Any] | Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    """Where an asyncio future is resolved; None for a thread that waits."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    unit: _Unit
    value: Any = None  # see `_Unit.work`
    fault: Exception | None = None


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
        self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work[Result], *, goes_on: bool = False) -> Result:
        """Run a unit of work; returns when it is on disk. One that goes on is never refused.

        Raises:
            StoreBusy: too many are waiting; it did not run.
            StoreUnavailable: it was not written.

        """
        if self._inbox.qsize() >= self._max_waiting and not goes_on:
            raise StoreBusy(f"{self._max_waiting} writes are waiting already")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._put(_Unit(work, future, loop))
        return await future

    def run_waiting(self, work: Work[Result]) -> Result:
        """Run a unit of work while the caller's thread waits: at start, before there is a loop."""
        future: Future[Result] = Future()
        self._put(_Unit(work, future, None))
        return future.result()

    def close(self) -> None:
        """Write what is waiting, end the thread and close the connection."""
        if self._is_open:
            self._is_open = False
            self._inbox.put(None)
            self._thread.join()
            self._connection.close()

    def _put(self, unit: _Unit) -> None:
        if not self._is_open:
            raise StoreUnavailable(f"{self._path} is closed")
        self._inbox.put(unit)

    def _run(self) -> None:
        while True:
            unit = self._inbox.get()
            if unit is None:
                return
            is_last = self._transaction(unit)
            if is_last:
                return

    def _transaction(self, first: _Unit) -> bool:
        """Run units in one transaction until none waits; True if the writer is to end."""
        outcomes: list[_Outcome] = []
        unit: _Unit | None = first
        is_last = False
        until = time.monotonic() + MAX_TRANSACTION_SECONDS
        fault: Exception | None = None
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            while unit is not None:
                outcomes.append(_Outcome(unit))
                outcomes[-1] = self._unit(unit)
                unit, is_last = self._next(until)
            self._connection.execute("COMMIT")
        except _TransactionLost as lost:
            fault = lost.fault
        except apsw.Error as error:
            fault = explain(error, self._path)
        if fault is not None:
            self._roll_back()
            missing = [] if outcomes else [_Outcome(first)]
            outcomes = [_Outcome(one.unit, fault=fault) for one in (*outcomes, *missing)]
        _deliver(outcomes)
        return is_last

    def _next(self, until: float) -> tuple[_Unit | None, bool]:
        """Return the next unit that joins, if one does, and whether the writer is to end."""
        if time.monotonic() >= until:
            return None, False
        try:
            unit = self._inbox.get_nowait()
        except Empty:
            return None, False
        return unit, unit is None

    def _unit(self, unit: _Unit) -> _Outcome:
        connection = self._connection
        connection.execute("SAVEPOINT unit")
        try:
            value = unit.work(connection)
        except Exception as error:
            # Whatever it is, it is the affair of the one who asked: nobody else's unit fails.
            fault = explain(error, self._path) if isinstance(error, apsw.Error) else error
            if not connection.in_transaction:
                raise _TransactionLost(fault) from error
            connection.execute("ROLLBACK TO unit")
            connection.execute("RELEASE unit")
            return _Outcome(unit, fault=fault)
        connection.execute("RELEASE unit")
        return _Outcome(unit, value)

    def _roll_back(self) -> None:
        """End a transaction that failed; where even that fails, SQLite has ended it already."""
        with suppress(apsw.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _deliver(outcomes: list[_Outcome]) -> None:
    """Tell everybody, with one call into each event loop."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[_Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.unit.loop is None:
            _resolve([outcome])
        else:
            by_loop[outcome.unit.loop].append(outcome)
    for loop, told in by_loop.items():
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        future = outcome.unit.future
        if future.done():  # the one who asked has gone away
            continue
        if outcome.fault is None:
            future.set_result(outcome.value)
        else:
            future.set_exception(outcome.fault)
