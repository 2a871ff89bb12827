"""Cancelling calls and asking how far they are."""

from pathlib import Path

import pytest

from callwright.domain.account import AccountType
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.queue.ports import Intent
from tests.sim.asgi import Reply
from tests.sim.front_door import Customer, FrontDoor, at_the_door

CALL = {"to": "sip:bob@acompany.com"}


async def started(customer: Customer, count: int) -> list[str]:
    refs: list[str] = (await customer.start("s", [CALL] * count)).json
    return refs


async def claim_one(door: FrontDoor) -> ServiceRef:
    [waiting] = await door.queue.waiting()
    [claim] = await door.queue.claim(waiting.service_id, limit=1, at=door.clock.unix_time())
    return claim.ref


def test_the_answer_to_a_cancellation_is_keyed_by_reference(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        running, queued = await started(customer, 2)
        assert await claim_one(door) == running

        refs = f"{queued}/2e891aea_0.1366641192.77834/{running}"
        reply = await customer.get("/service_cancel", service_refs=refs)

        assert reply.status == 200
        assert list(reply.json.items()) == [
            (queued, "success"),
            ("2e891aea_0.1366641192.77834", "unknown"),
            (running, "failed"),
        ]
        assert await door.queued() == 0

    at_the_door(tmp_path, story)


def test_every_state_is_told_in_the_published_words(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        running, refused, queued, cancelled = await started(customer, 4)
        now = door.clock.unix_time()
        first, second = await claim_one(door), await claim_one(door)
        instance = InstanceId("049136ca36e44662.200476")
        await door.queue.intend(Intent(first, instance, CallId(f"{instance}.1"), now))
        await door.queue.refuse(second, reason="No UAS is connected", at=now)
        await customer.get("/service_cancel", service_refs=cancelled)

        refs = f"{running}/{refused}/{queued}/{cancelled}/nobody's"
        reply = await customer.get("/service_status", service_refs=refs)

        none = {"application_status_eta": 0, "application_instance_id": ""}
        assert list(reply.json.items()) == [
            (running, none | {"status": "running", "application_instance_id": instance}),
            (refused, none | {"status": "couldnotrun No UAS is connected"}),
            (queued, none | {"status": "queued"}),
            (cancelled, none | {"status": "cancelled"}),
            ("nobody's", none | {"status": "unknown"}),
        ]

    at_the_door(tmp_path, story)


def test_references_of_others_are_unknown(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        [ref] = await started(customer, 1)
        other = await door.customer("eve@example.com", AccountType.PREMIUM)

        status = await other.get("/service_status", service_refs=ref)
        cancelled = await other.get("/service_cancel", service_refs=ref)

        assert (status.json[ref]["status"], cancelled.json[ref]) == ("unknown", "unknown")
        assert await door.queued() == 1

    at_the_door(tmp_path, story)


def test_a_reference_named_twice_is_answered_once(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.get("/service_status", service_refs="1/2/1//")

        assert list(reply.json) == ["1", "2"]

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("path", ["/service_status", "/service_cancel"])
@pytest.mark.parametrize(
    ("refs", "status", "code"),
    [
        (None, 400, "0001"),
        ("", 400, "0001"),
        ("///", 400, "0001"),
        ("/".join(str(n) for n in range(501)), 400, "0002"),
        ("/".join(str(n) for n in range(500)), 200, ""),
    ],
)
def test_none_or_too_many_references_are_refused(
    tmp_path: Path, path: str, refs: str | None, status: int, code: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply: Reply = await (
            customer.get(path) if refs is None else customer.get(path, service_refs=refs)
        )

        assert reply.status == status
        assert status == 200 or reply.code == code

    at_the_door(tmp_path, story)
