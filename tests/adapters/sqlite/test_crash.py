"""A process killed in the middle of everything has kept every promise it made."""

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from callwright.domain.ids import AccountId, ServiceRef
from callwright.domain.invocation import InvocationState
from tests.adapters.sqlite.queue_worker import SERVICE
from tests.contracts.stores import NOW, Stores, sqlite_stores

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 4
PROMISES = 400
"""Lines heard before each kill: a moment somewhere in the middle of a transaction."""


def kill_in_the_middle(path: Path, promises: int, kept: dict[str, set[ServiceRef]]) -> None:
    """Run the worker until it has made so many promises, kill it, and add them to those kept."""
    worker = subprocess.Popen(
        [sys.executable, "-u", "-m", "tests.adapters.sqlite.queue_worker", str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout is not None
        lines = [worker.stdout.readline() for _ in range(promises)]
        worker.kill()
        lines += worker.stdout.readlines()
    for line in lines:
        # The last line may be half: what was not said whole was not promised.
        if line.endswith("\n"):
            what, ref = line.split()
            kept[what].add(ServiceRef(ref))


async def settle(stores: Stores, promised: dict[str, set[ServiceRef]]) -> None:
    """Settle as a server does at its start, and compare."""
    account = await stores.accounts.find("bob@example.com")
    assert account is not None
    interrupted = {one.claim.ref for one in await stores.queue.settle_dead()}
    statuses = await stores.queue.status(
        account.account_id, sorted(set().union(*promised.values()))
    )
    states = {ref: status.state for ref, status in statuses.items()}
    assert states.keys() >= promised["queued"], "an accepted start is lost"
    for ref in promised["finished"]:
        assert states[ref] is InvocationState.COMPLETED
    for ref in promised["dialled"] - promised["finished"]:
        # The end may have been written without our hearing of it; the intent never vanishes.
        assert states[ref] is InvocationState.COMPLETED or ref in interrupted
    for ref, state in states.items():
        if state is InvocationState.RUNNING:
            assert ref in interrupted
    for ref in promised["cancelled"]:
        assert states[ref] is InvocationState.CANCELLED
    await repeat(stores, account.account_id, promised)
    length = sum(queue.length for queue in await stores.queue.waiting())
    claims = await stores.queue.claim(SERVICE, limit=10**6, at=NOW)
    assert len(claims) == length
    dialled = promised["dialled"] | interrupted
    assert not dialled & {claim.ref for claim in claims}, "a start would be dialled twice"
    assert {ref for ref, state in states.items() if state is InvocationState.QUEUED} <= {
        claim.ref for claim in claims
    }
    await stores.queue.release([claim.ref for claim in claims])


async def repeat(
    stores: Stores, account_id: AccountId, promised: dict[str, set[ServiceRef]]
) -> None:
    """Ask again for what was to be carried out once: both were answered alike, and so are we."""
    for what, answers in promised.items():
        kind, _, unique_id = what.partition(":")
        if kind == "once":
            job = await stores.queue.job(account_id, unique_id)
            assert job is not None, "an accepted request is lost"
            assert answers == {job.service_refs[0]}, "a repeat is answered otherwise"


def test_nothing_acknowledged_is_missing_and_nothing_is_dialled_twice(tmp_path: Path) -> None:
    promised = defaultdict[str, set[ServiceRef]](set)

    async def begin() -> None:
        async with sqlite_stores(tmp_path) as stores:
            await stores.service(await stores.account())

    async def look() -> None:
        async with sqlite_stores(tmp_path) as stores:
            await settle(stores, promised)

    asyncio.run(begin())
    for n in range(ROUNDS):
        kill_in_the_middle(tmp_path / "callwright.db", PROMISES + 37 * n, promised)
        asyncio.run(look())
