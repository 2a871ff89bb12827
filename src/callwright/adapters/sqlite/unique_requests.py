"""Requests with a `unique_id`: carried out once, answered alike however often they come."""

from collections.abc import Sequence

import apsw

from callwright.adapters.sqlite.database import Row, run
from callwright.domain.ids import AccountId, ServiceRef, refs_from
from callwright.queue.ports import Job, Once, UniqueIdReused


def repeated(connection: apsw.Connection, account_id: AccountId, once: Once) -> Job | None:
    """Return what became of the request when it came first, if it did.

    Raises:
        UniqueIdReused: another request had this `unique_id`.

    """
    asked = {"account_id": account_id, "unique_id": once.unique_id}
    rows = run(connection, "queue_job", asked)
    if not rows:
        return None
    if rows[0][0] != once.fingerprint:
        raise UniqueIdReused("unique_id has already been used with different parameters")
    return job(rows[0])


def keep(
    connection: apsw.Connection, account_id: AccountId, once: Once, refs: Sequence[ServiceRef]
) -> int:
    """Remember a request that is carried out now; returns its id."""
    bindings = {
        "account_id": account_id,
        "unique_id": once.unique_id,
        "fingerprint": once.fingerprint,
        "first_ref": refs[0],
        "start_count": len(refs),
    }
    [(request_id,)] = run(connection, "queue_enqueue_request", bindings)
    return int(request_id)


def job(row: Row) -> Job:
    """Read a row of `queue_job`."""
    _, first_ref, start_count = row
    return Job(tuple(refs_from(ServiceRef(first_ref), start_count)))


def check_consecutive(refs: Sequence[ServiceRef]) -> None:
    """Make sure that the first reference stands for all, before it alone is kept."""
    if list(refs) != refs_from(refs[0], len(refs)):
        raise ValueError(f"{refs[0]} to {refs[-1]}: references of one request are consecutive")
