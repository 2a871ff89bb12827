"""The queue's units of work that touch many rows: each runs in the writer's thread.

What is queued is in `acceptance`.

Whatever could take long is a portion: its caller asks again until nothing is left, and whoever
else has something to write gets between two portions.
"""

from collections import Counter
from typing import Final

import apsw

from callwright.adapters.sqlite.database import Row, run
from callwright.adapters.sqlite.held_start import found_start, give_back, look_up
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState
from callwright.queue.ports import CancelResult

PURGED_AT_ONCE: Final = 1000
"""Starts cancelled in one unit of work of a purge: it takes some 5 ms, so that a claim between
two units waits little longer than for any other transaction."""

FORGOTTEN_AT_ONCE: Final = 1000
"""Ended starts deleted in one unit of work, for the same reason."""

_LAST_SEQ: Final = 2**63 - 1
"""No number is larger (SQLite's INTEGER)."""


def claim(
    connection: apsw.Connection, *, service_id: ServiceId, limit: int, at: UnixTime, epoch: int
) -> list[Row]:
    """Take the oldest starts of a service; returns rows of `queue_claim`, in no order."""
    asked = {"service_id": service_id, "tail_seq": _LAST_SEQ, "limit": limit}
    [(count, last_seq)] = run(connection, "queue_oldest", asked)
    if not count:
        return []
    taken = {"service_id": service_id, "last_seq": last_seq}
    rows = run(connection, "queue_claim", taken | {"at": at, "held_by": epoch})
    run(connection, "queue_oldest_take", taken)
    run(connection, "queue_claim_head", taken | {"count": count})
    for account_id, begun in Counter(account_id for _, _, account_id, *_ in rows).items():
        run(connection, "queue_claim_progress", {"account_id": account_id, "count": begun})
    return rows


def cancel(
    connection: apsw.Connection, account_id: AccountId, ref: ServiceRef, at: UnixTime
) -> CancelResult:
    """Take one start of an account out of its queue, if it waits there."""
    found = look_up(connection, ref)
    if found is None or found.account_id != account_id:
        return CancelResult.UNKNOWN
    if found.state is not InvocationState.QUEUED:
        return CancelResult.FAILED
    run(connection, "queue_cancel", {"start_id": found.start_id, "at": at})
    run(connection, "queue_cancel_ready", {"service_id": found.service_id, "seq": found.seq})
    run(connection, "queue_cancel_count", {"service_id": found.service_id})
    return CancelResult.SUCCESS


def purge(
    connection: apsw.Connection, *, service_id: ServiceId, tail_seq: int, at: UnixTime
) -> list[ServiceRef]:
    """Cancel a portion of what waits up to a number, the oldest first; nothing: all is done."""
    asked = {"service_id": service_id, "tail_seq": tail_seq, "limit": PURGED_AT_ONCE}
    [(count, last_seq)] = run(connection, "queue_oldest", asked)
    if not count:
        return []
    taken = {"service_id": service_id, "last_seq": last_seq}
    rows = run(connection, "queue_purge", taken | {"at": at})
    run(connection, "queue_oldest_take", taken)
    run(connection, "queue_purge_head", taken | {"count": count})
    return [ServiceRef(ref) for _, ref in sorted(rows)]


def settle(connection: apsw.Connection, epoch: int) -> list[Row]:
    """Take over what other boots held; returns rows of `queue_settle_dialled`, in no order."""
    ours = {"held_by": epoch}
    for row in run(connection, "queue_settle_claimed", ours):
        give_back(connection, found_start(row), epoch)
    return run(connection, "queue_settle_dialled", ours)


def forget(connection: apsw.Connection, *, ended_before: UnixTime, limit: int) -> int:
    """Delete a portion of what ended before then, and requests of which no start is left."""
    rows = run(connection, "queue_forget", {"ended_before": ended_before, "limit": limit})
    for request_id, count in Counter(request_id for (request_id,) in rows).items():
        if request_id is not None:
            run(connection, "queue_forget_count", {"request_id": request_id, "count": count})
            run(connection, "queue_forget_request", {"request_id": request_id})
    return len(rows)
