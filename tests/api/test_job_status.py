"""Requests with a `unique_id`: carried out once, answered alike, told by `job_status`."""

import asyncio
import json
from pathlib import Path

import pytest

from callwright.domain.account import AccountType
from tests.sim.front_door import PASSWORD, SERVICE, FrontDoor, at_the_door, front_door

CALL = {"to": "sip:bob@acompany.com", "token": "job 17"}
JOB = "452f1997-73ac-4b40-aaa9-f5516fe6b119"
UAS = {"service_password": PASSWORD, "uas": {"application_name": "outbound_reminder"}}


def test_a_repeat_gets_the_same_answer_and_starts_nothing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        first = await customer.start("s", [CALL, CALL], unique_id=JOB)
        otherwise_spelt = json.dumps([CALL, CALL], indent=3)
        await customer.get("/service_cancel", service_refs=first.json[0])

        again = await customer.start("s", otherwise_spelt, unique_id=JOB)

        assert (again.status, again.body) == (200, first.body)
        assert (await door.queued(), door.wakes) == (1, 1)
        assert door.doors.metrics.registry.get_sample_value("callwright_starts_accepted_total") == 2

    at_the_door(tmp_path, story)


def test_a_hundred_repeats_at_once_start_one_call(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        replies = await asyncio.gather(
            *(customer.start("s", CALL, unique_id=JOB) for _ in range(100))
        )

        assert {(reply.status, reply.body) for reply in replies} == {(200, replies[0].body)}
        assert (await door.queued(), door.wakes) == (1, 1)

    at_the_door(tmp_path, story)


def test_a_repeat_after_a_restart_gets_the_same_answer(tmp_path: Path) -> None:
    async def run() -> None:
        async with front_door(tmp_path) as door:
            customer = await door.customer_with("s")
            first = await customer.start("s", CALL, unique_id=JOB)
        async with front_door(tmp_path) as door:
            customer.client = door.client

            again = await customer.start("s", CALL, unique_id=JOB)

            assert again.body == first.body
            assert await door.queued() == 1

    asyncio.run(run())


def test_other_parameters_under_the_same_unique_id_are_refused(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await customer.write("t")
        await customer.start("s", CALL, unique_id=JOB)
        others = [
            await customer.start("s", CALL | {"token": "18"}, unique_id=JOB),
            await customer.start("s", [CALL], unique_id=JOB),
            await customer.start("s", CALL, unique_id=JOB, count="1"),
            await customer.start("t", CALL, unique_id=JOB),
        ]

        assert [(reply.status, reply.code, reply.text) for reply in others] == [
            (409, "HTTP 409", "unique_id has already been used with different parameters")
        ] * 4
        assert (await door.queued(), door.wakes) == (1, 1)

    at_the_door(tmp_path, story)


def test_a_request_that_was_refused_may_come_again_mended(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        assert (await customer.start("s", {"to": "12345"}, unique_id=JOB)).status == 400
        assert (await customer.get("/job_status", unique_id=JOB)).status == 404
        assert (await customer.start("s", CALL, unique_id=JOB)).status == 200

    at_the_door(tmp_path, story)


def test_accounts_do_not_share_unique_ids(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        ann = await door.customer("ann@example.com")
        eve = await door.customer("eve@example.com", AccountType.PREMIUM)
        for customer in (ann, eve):
            await customer.write("s")
        [of_ann] = (await ann.start("s", CALL, unique_id=JOB)).json
        unknown = await eve.get("/job_status", unique_id=JOB)
        [of_eve] = (await eve.start("s", [CALL], unique_id=JOB)).json

        assert (unknown.status, unknown.text) == (404, "Unknown unique_id")
        assert of_ann != of_eve

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(("configuration", "count"), [(SERVICE, "1"), (UAS, "2")])
def test_a_job_is_told_as_it_was_accepted(
    tmp_path: Path, configuration: dict[str, object], count: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        await customer.write("s", configuration)
        refs = (await customer.start("s", CALL, unique_id=JOB, count=count)).json
        await customer.get("/service_cancel", service_refs="/".join(refs))

        told = await customer.get("/job_status", unique_id=JOB)

        assert (told.status, told.json) == (
            200,
            {"queued": int(count), "service_refs": refs, "count": int(count)},
        )
        assert list(told.json) == ["queued", "service_refs", "count"]

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 400, "0001"),
        ({"unique_id": ""}, 400, "0001"),
        # The published sample misspells the parameter.
        ({"unqiue_id": JOB}, 400, "0001"),
        ({"unique_id": "nobody's"}, 404, "HTTP 404"),
        ({"unique_id": "é"}, 404, "HTTP 404"),
    ],
)
def test_what_is_no_job_is_refused(
    tmp_path: Path, parameters: dict[str, str], status: int, code: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.get("/job_status", **parameters)

        assert (reply.status, reply.code) == (status, code)

    at_the_door(tmp_path, story)
