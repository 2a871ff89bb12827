"""Requests for starts: numbered, queued and answered, all that wait in one go."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Any, Final  # what SQLite takes: it and STRICT tables check it

import apsw

from callwright.adapters.sqlite.database import run
from callwright.adapters.sqlite.statements import statement
from callwright.adapters.sqlite.unique_requests import keep, repeated
from callwright.adapters.sqlite.writer import GroupWork
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.queue.ports import Once, UniqueIdReused

STARTS_AT_ONCE: Final = 2000
"""Starts after which no further request joins a group: some 5 ms, as long as a purge's portion,
for which a claim may wait."""

ROWS_AT_ONCE: Final = 64
"""Rows of one INSERT. SQLite releases Python's lock while it runs a statement, and has to get it
back: a row a statement takes twice as long, and far longer while the event loop has work. Shorter
ones are powers of two, so that there are few to prepare."""

_VALUES: Final = ", (?, ?, ?, ?, ?, ?, ?)"
_COLUMNS: Final = _VALUES.count("?")


@dataclass(slots=True)
class Request:
    """Starts that are queued in their order, all or none."""

    account_id: AccountId
    service_id: ServiceId
    refs: Sequence[ServiceRef]
    """At least one; it is answered with them when it is carried out now."""
    payloads: Sequence[bytes]
    """One for each reference."""
    at: UnixTime
    once: Once | None


Answer = Sequence[ServiceRef] | UniqueIdReused


def accept(connection: apsw.Connection, requests: Sequence[Request]) -> list[Answer]:
    """Queue what is new of these; returns each one's answer."""
    answers: list[Answer] = []
    fresh: list[tuple[Request, int | None]] = []
    for request in requests:
        request_id = None
        if request.once is not None:
            earlier = _earlier(connection, request.account_id, request.once)
            if earlier is not None:
                answers.append(earlier)
                continue
            request_id = keep(connection, request.account_id, request.once, request.refs)
        answers.append(request.refs)
        fresh.append((request, request_id))
    if fresh:
        _enqueue(connection, fresh)
    return answers


ACCEPTANCE: Final[GroupWork[Request, Sequence[ServiceRef]]] = GroupWork(
    accept, size=lambda request: len(request.refs), at_once=STARTS_AT_ONCE
)
"""What the writer's thread does with the requests that wait."""


def _earlier(connection: apsw.Connection, account_id: AccountId, once: Once) -> Answer | None:
    try:
        job = repeated(connection, account_id, once)
    except UniqueIdReused as refusal:
        return refusal
    return None if job is None else job.service_refs


def _enqueue(connection: apsw.Connection, fresh: Sequence[tuple[Request, int | None]]) -> None:
    counts: Counter[ServiceId] = Counter()
    for request, _ in fresh:
        counts[request.service_id] += len(request.refs)
    next_seq = {
        service_id: _numbers(connection, service_id, counts[service_id]) for service_id in counts
    }
    bindings: list[Any] = []
    for request, request_id in fresh:
        service_id, count = request.service_id, len(request.refs)
        seqs = range(next_seq[service_id], next_seq[service_id] + count)
        next_seq[service_id] += count
        rows = zip(
            request.refs,
            repeat(request.account_id),
            repeat(service_id),
            seqs,
            request.payloads,
            repeat(request.at),
            repeat(request_id),
        )
        bindings.extend(chain.from_iterable(rows))
    for some in _portions(bindings):
        connection.execute(_insert(len(some) // _COLUMNS), some)
    last_id = connection.last_insert_rowid()
    written = {"first_id": last_id - len(bindings) // _COLUMNS + 1, "last_id": last_id}
    run(connection, "queue_enqueue_ready", written)


def _numbers(connection: apsw.Connection, service_id: ServiceId, count: int) -> int:
    """Hand out numbers of a service; returns the first of them."""
    [(tail_seq,)] = run(
        connection, "queue_enqueue_numbers", {"service_id": service_id, "count": count}
    )
    if tail_seq == count:
        run(connection, "queue_enqueue_head", {"service_id": service_id})
    return int(tail_seq) - count + 1


def _portions(bindings: list[Any]) -> Iterator[list[Any]]:
    """Cut rows into as many as one statement takes."""
    first, rows = 0, ROWS_AT_ONCE
    while first < len(bindings):
        left = (len(bindings) - first) // _COLUMNS
        while rows > left:
            rows //= 2
        yield bindings[first : first + rows * _COLUMNS]
        first += rows * _COLUMNS


@cache
def _insert(rows: int) -> str:
    return statement("queue_enqueue").rstrip() + _VALUES * (rows - 1)
