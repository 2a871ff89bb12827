"""Requests for starts: numbered, queued and answered, a group in one unit of work."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callwright.adapters.postgres.database import Connection, Database, run
from callwright.adapters.postgres.group_commit import GroupCommit
from callwright.adapters.postgres.unique_requests import answer
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreBusy
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.queue.ports import Once, UniqueIdReused

STARTS_AT_ONCE: Final = 2000
"""Starts after which no further request joins a transaction: some 20 ms, so that what came first
isn't kept waiting for what came later."""


@dataclass(frozen=True, slots=True)
class Request:
    """Starts that are queued in their order, all or none."""

    account_id: AccountId
    service_id: ServiceId
    starts: Sequence[tuple[ServiceRef, bytes]]
    """Each with its payload; at least one."""
    at: UnixTime
    once: Once | None

    @property
    def refs(self) -> list[ServiceRef]:
        """The references that it is answered with when it is carried out now."""
        return [ref for ref, _ in self.starts]


Answer = Sequence[ServiceRef] | UniqueIdReused | StoreBusy


class Acceptance:
    """Commits the requests of one node, a group at a time."""

    def __init__(self, database: Database) -> None:
        """Queue what is accepted in this database."""
        self._database = database
        self._commits: GroupCommit[Request, Sequence[ServiceRef]] = GroupCommit(
            self._write,
            name="acceptance",
            size=lambda request: len(request.starts),
            at_once=STARTS_AT_ONCE,
        )

    async def accept(self, request: Request) -> Sequence[ServiceRef]:
        """Queue a request; durable when it returns, with the references to answer.

        Raises:
            StoreBusy: too many are waiting; it was not queued.
            UniqueIdReused: its `unique_id` stands for another one in its account.
            StoreUnavailable: it was not queued, unless that is in doubt.

        """
        return await self._commits.commit(request)

    async def _write(self, requests: Sequence[Request]) -> Sequence[Answer]:
        return await self._database.write(lambda connection: accept(connection, requests))


async def accept(connection: Connection, requests: Sequence[Request]) -> list[Answer]:
    """Queue what is new of these, in one unit of work; returns each one's answer."""
    request_ids = await _keep(connection, [one for one in requests if one.once is not None])
    answers: list[Answer] = []
    fresh: list[tuple[Request, int | None]] = []
    for request in requests:
        request_id = request_ids.get(request.starts[0][0])
        if request.once is None or request_id is not None:
            answers.append(request.refs)
            fresh.append((request, request_id))
        else:
            answers.append(await _earlier(connection, request, request.once))
    if fresh:
        await _enqueue(connection, fresh)
    return answers


async def _keep(connection: Connection, requests: Sequence[Request]) -> dict[ServiceRef, int]:
    """Remember those that are carried out now; returns their ids by their first reference."""
    rows = sorted(
        (one.account_id, one.once.unique_id, one.once.fingerprint, one.refs[0], len(one.starts))
        for one in requests
        if one.once is not None
    )
    if not rows:
        return {}
    asked = {
        "account_ids": [row[0] for row in rows],
        "unique_ids": [row[1] for row in rows],
        "fingerprints": [row[2] for row in rows],
        "first_refs": [row[3] for row in rows],
        "start_counts": [row[4] for row in rows],
    }
    kept = await run(connection, "queue_enqueue_request", asked)
    return {ServiceRef(first_ref): request_id for request_id, first_ref in kept}


async def _earlier(connection: Connection, request: Request, once: Once) -> Answer:
    asked = {"account_id": request.account_id, "unique_id": once.unique_id}
    rows = await run(connection, "queue_job", asked)
    if not rows:
        # It was forgotten between two statements, which takes days of age: as good as busy.
        return StoreBusy("the request with this unique_id was being forgotten: send it again")
    try:
        return answer(rows[0], once).service_refs
    except UniqueIdReused as refusal:
        return refusal


async def _enqueue(connection: Connection, fresh: Sequence[tuple[Request, int | None]]) -> None:
    counts: Counter[ServiceId] = Counter()
    for request, _ in fresh:
        counts[request.service_id] += len(request.starts)
    services = sorted(counts)
    asked = {"service_ids": services, "counts": [counts[one] for one in services]}
    tails = {
        ServiceId(service_id): int(tail_seq)
        for service_id, tail_seq in await run(connection, "queue_enqueue_numbers", asked)
    }
    begun = [one for one in services if tails[one] == counts[one]]
    if begun:
        await run(connection, "queue_enqueue_head", {"service_ids": begun})
    next_seq = {one: tails[one] - counts[one] + 1 for one in services}
    rows = []
    for request, request_id in fresh:
        for ref, payload in request.starts:
            seq = next_seq[request.service_id]
            next_seq[request.service_id] += 1
            rows.append(
                (ref, request.account_id, request.service_id, seq, payload, request.at, request_id)
            )
    names = ("refs", "account_ids", "service_ids", "seqs", "payloads", "queued_ats", "request_ids")
    await run(connection, "queue_enqueue", dict(zip(names, zip(*rows, strict=True), strict=True)))
