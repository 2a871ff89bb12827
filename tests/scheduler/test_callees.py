"""Whom the numbers of a task call, and as which number."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from callwright.domain.callback import ExtensionId
from callwright.domain.clock import UnixTime
from callwright.scheduler.attempt.callees import Callees
from callwright.scheduler.values import Extension
from tests.contracts.callback_stores import sqlite_callback_stores, wish
from tests.sim.callback_attempts import AnyNumber

PHONES = {
    "205": "sip:bob@192.0.2.7",
    "206": "loc:reception",
    "207": "tel:443069990101",
    "208": "",
}


@pytest.mark.parametrize(
    ("number", "destination", "shown"),
    [
        ("205", "sip:bob@192.0.2.7", "205"),
        ("0003*206", "loc:reception", "205"),
        # Out there it is no number.
        ("207", "tel:443069990101", ""),
        ("208", "", "205"),
        ("+443069990102", "tel:+443069990102", ""),
        ("12", "", ""),
    ],
)
def test_who_is_called_on_behalf_of_an_extension_is_shown_its_number(
    tmp_path: Path, number: str, destination: str, shown: str
) -> None:
    """Section 4.2: the default of the caller ID."""

    async def scenario() -> None:
        async with AsyncExitStack() as stack:
            stores = await stack.enter_async_context(sqlite_callback_stores(tmp_path))
            account_id, now = await stores.account(), UnixTime(0.0)
            queue_id = await stores.queue(account_id)
            made = [
                await stores.queues.add_extension(
                    Extension(ExtensionId(0), account_id, own, "", "", "", False, now, phone)
                )
                for own, phone in PHONES.items()
            ]
            assert made[0] is not None
            wanted = wish(now, extension_id=made[0].extension_id, a_number=number, b_number=number)
            tasks = await stores.tasks.add_tasks(account_id, queue_id, [wanted], at=now)
            assert tasks is not None
            callees = Callees(stores.queues, AnyNumber())
            order = await callees.order(tasks[0], made[0], 1)
        for callee in (*order.a_side, order.b_side):
            assert (callee.destination, callee.shown) == (destination, shown)

    asyncio.run(scenario())
