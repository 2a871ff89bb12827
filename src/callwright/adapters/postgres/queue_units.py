"""The queue's units of work that touch many rows.

Whoever takes starts out of a queue, or gives them back, locks its head first, and several heads in
ascending order. Whatever could take long is a portion: its caller asks again until nothing is
left, and whoever else waits for the head gets between two portions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from callwright.adapters.postgres.database import Connection, Row, can_be_kept, run
from callwright.adapters.postgres.held_start import claimed, found_start, give_back, look_up
from callwright.dispatch.ports import SHARDS
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState
from callwright.queue.ports import CancelResult

PURGED_AT_ONCE: Final = 1000
"""Starts cancelled in one unit of work of a purge: it takes some 20 ms, for which a claim waits."""

FORGOTTEN_AT_ONCE: Final = 1000
"""Ended starts deleted in one unit of work, for the same reason."""

_LAST_SEQ: Final = 2**63 - 1
"""No number is larger (bigint)."""


async def claim(
    connection: Connection, *, service_id: ServiceId, limit: int, at: UnixTime, epoch: int
) -> list[Row]:
    """Take the oldest starts of a service, if its shard is ours; rows of `queue_claim`."""
    shard = {"service_id": service_id, "held_by": epoch, "of": SHARDS}
    if not await run(connection, "queue_hold_shard", shard):
        return []
    taken = await _take_oldest(connection, service_id, tail_seq=_LAST_SEQ, limit=limit)
    if not taken:
        return []
    start_ids = [start_id for _, start_id in taken]
    changed = {"start_ids": start_ids, "at": at, "held_by": epoch}
    rows = await run(connection, "queue_claim", changed)
    head = {"service_id": service_id, "last_seq": taken[-1]["seq"], "count": len(taken)}
    await run(connection, "queue_claim_head", head)
    begun = Counter(row["account_id"] for row in rows)
    for account_id in sorted(begun):
        counted = {"account_id": account_id, "count": begun[account_id]}
        await run(connection, "queue_claim_progress", counted)
    return sorted(rows, key=lambda row: int(row["seq"]))


async def cancel(
    connection: Connection, account_id: AccountId, refs: Sequence[ServiceRef], at: UnixTime
) -> Mapping[ServiceRef, CancelResult]:
    """Take starts of an account out of their queues, if they wait there."""
    asked = {"account_id": account_id, "refs": [ref for ref in refs if can_be_kept(ref)]}
    rows = await run(connection, "queue_cancel_known", asked)
    known = {str(ref): int(service_id) for ref, service_id in rows}
    await lock_heads(connection, known.values())
    cancelled: defaultdict[ServiceId, list[int]] = defaultdict(list)
    done: set[str] = set()
    for service_id, seq, ref in await run(connection, "queue_cancel", asked | {"at": at}):
        cancelled[service_id].append(seq)
        done.add(ref)
    for service_id, seqs in cancelled.items():
        await run(connection, "queue_cancel_ready", {"service_id": service_id, "seqs": seqs})
        counted = {"service_id": service_id, "count": len(seqs)}
        await run(connection, "queue_cancel_count", counted)
    return {ref: _cancel_result(ref, known, done) for ref in refs}


def _cancel_result(ref: ServiceRef, known: Mapping[str, int], done: set[str]) -> CancelResult:
    if ref in done:
        return CancelResult.SUCCESS
    return CancelResult.FAILED if ref in known else CancelResult.UNKNOWN


async def purge(
    connection: Connection, *, service_id: ServiceId, tail_seq: int, at: UnixTime
) -> list[ServiceRef]:
    """Cancel a portion of what waits up to a number, the oldest first; nothing: all is done."""
    taken = await _take_oldest(connection, service_id, tail_seq=tail_seq, limit=PURGED_AT_ONCE)
    if not taken:
        return []
    start_ids = [start_id for _, start_id in taken]
    rows = await run(connection, "queue_purge", {"start_ids": start_ids, "at": at})
    head = {"service_id": service_id, "last_seq": taken[-1]["seq"], "count": len(taken)}
    await run(connection, "queue_purge_head", head)
    return [ServiceRef(ref) for _, ref in sorted((seq, ref) for seq, ref in rows)]


async def release(connection: Connection, refs: Sequence[ServiceRef], epoch: int) -> None:
    """Give claimed starts back; all or none."""
    asked = {"refs": [ref for ref in refs if can_be_kept(ref)]}
    services = [service_id for (service_id,) in await run(connection, "queue_services_of", asked)]
    await lock_heads(connection, services)
    starts = await look_up(connection, refs)
    for found in [claimed(starts, ref, epoch) for ref in refs]:
        await give_back(connection, found, epoch)


async def release_left(connection: Connection, refs: Sequence[str], epoch: int) -> None:
    """Give back those of these that we claimed, if we did, and that nobody runs."""
    services = await run(connection, "queue_services_of", {"refs": refs})
    await lock_heads(connection, [service_id for (service_id,) in services])
    for found in (await look_up(connection, map(ServiceRef, refs))).values():
        is_ours = found.held_by == epoch and found.instance_id is None
        if is_ours and found.state is InvocationState.RUNNING:
            await give_back(connection, found, epoch)


async def settle(connection: Connection, epoch: int, again: Sequence[str]) -> list[Row]:
    """Take over what the dead held; returns rows of `queue_settle_dialled`, in no order.

    `again`: what we may have taken over already without being told.
    """
    alive = {epoch, *(one for (one,) in await run(connection, "node_alive", {}))}
    living = {"alive": sorted(alive)}
    rows = await run(
        connection, "queue_settle_dialled", living | {"held_by": epoch, "again": again}
    )
    services = [one for (one,) in await run(connection, "queue_settle_services", living)]
    if services:
        await lock_heads(connection, services)
        undialled = living | {"service_ids": services}
        for row in await run(connection, "queue_settle_claimed", undialled):
            await give_back(connection, found_start(row), epoch)
    return rows


async def forget(connection: Connection, *, ended_before: UnixTime, limit: int) -> int:
    """Delete a portion of what ended before then, and requests of which no start is left."""
    asked = {"ended_before": ended_before, "count": limit}
    oldest = [start_id for (start_id,) in await run(connection, "queue_forget_oldest", asked)]
    rows = await run(connection, "queue_forget", {"start_ids": oldest})
    gone = Counter(request_id for (request_id,) in rows if request_id is not None)
    for request_id in sorted(gone):
        counted = {"request_id": request_id, "count": gone[request_id]}
        await run(connection, "queue_forget_count", counted)
        await run(connection, "queue_forget_request", {"request_id": request_id})
    return len(rows)


async def lock_heads(connection: Connection, service_ids: Iterable[int]) -> list[Row]:
    """Lock the heads of these services; returns rows of `queue_lock_heads`."""
    asked = {"service_ids": sorted(set(service_ids))}
    return await run(connection, "queue_lock_heads", asked)


async def _take_oldest(
    connection: Connection, service_id: ServiceId, *, tail_seq: int, limit: int
) -> list[Row]:
    """Lock a service's head and take the oldest starts out of its queue: their numbers and ids."""
    heads = await lock_heads(connection, [service_id])
    if not heads:
        return []
    place = {"service_id": service_id, "head_seq": heads[0]["head_seq"]}
    asked = place | {"tail_seq": tail_seq, "count": limit}
    rows = await run(connection, "queue_oldest", asked)
    if rows:
        await run(connection, "queue_oldest_take", place | {"last_seq": rows[-1]["seq"]})
    return rows
