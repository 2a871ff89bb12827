"""Requests with a `unique_id`: carried out once, answered alike however often they come."""

from collections.abc import Sequence

from callwright.adapters.postgres.database import Row
from callwright.domain.ids import ServiceRef, refs_from
from callwright.queue.ports import Job, Once, UniqueIdReused


def answer(row: Row, once: Once) -> Job:
    """Answer a request from the row of `queue_job` that it found.

    Raises:
        UniqueIdReused: another request had this `unique_id`.

    """
    if row["fingerprint"] != once.fingerprint:
        raise UniqueIdReused("unique_id has already been used with different parameters")
    return job(row)


def job(row: Row) -> Job:
    """Read a row of `queue_job`."""
    return Job(tuple(refs_from(ServiceRef(row["first_ref"]), row["start_count"])))


def check_consecutive(refs: Sequence[ServiceRef]) -> None:
    """Make sure that the first reference stands for all, before it alone is kept."""
    if list(refs) != refs_from(refs[0], len(refs)):
        raise ValueError(f"{refs[0]} to {refs[-1]}: references of one request are consecutive")
