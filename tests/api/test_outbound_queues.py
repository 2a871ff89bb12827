"""Queues: listed, measured, emptied, and by whom."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.queue_units import PURGED_AT_ONCE
from callwright.domain.facts import StartCancelled
from callwright.domain.ids import ServiceRef
from tests.sim.asgi import OpenStream, Reply, basic
from tests.sim.front_door import PASSWORD, Customer, FrontDoor, at_the_door

CALL = {"to": "sip:bob@acompany.com"}


async def queue_of(
    customer: Customer, name: str, method: str = "GET", headers: dict[str, str] | None = None
) -> Reply:
    return await customer.client.request(
        method,
        f"/service/v1/outbound/{name}/queue",
        headers=customer.credentials if headers is None else headers,
    )


async def started(customer: Customer, name: str, count: int) -> list[str]:
    refs: list[str] = (await customer.start(name, [CALL] * count)).json
    return refs


def test_queues_in_which_something_waits_are_listed_by_name(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("service-name-2")
        assert (await customer.get("/service/v1/outbound_queues")).json == []
        for name in ("service-name-1", "empty", "Z"):
            await customer.write(name)
        await started(customer, "service-name-2", 3)
        await started(customer, "service-name-1", 2)
        [cancelled] = await started(customer, "Z", 1)
        await customer.get("/service_cancel", service_refs=cancelled)

        listed = await customer.get("/service/v1/outbound_queues")

        assert listed.status == 200
        assert listed.body == (
            b'[{"service_name":"service-name-1","length":2},'
            b'{"service_name":"service-name-2","length":3}]'
        )

    at_the_door(tmp_path, story)


def test_a_queue_is_as_long_as_what_waits(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        assert (await queue_of(customer, "s")).json == {"service_name": "s", "length": 0}
        await started(customer, "s", 3)
        [waiting] = await door.queue.waiting()
        await door.queue.claim(waiting.service_id, limit=1, at=door.clock.unix_time())

        told = await queue_of(customer, "s")

        assert (told.status, told.body) == (200, b'{"service_name":"s","length":2}')

    at_the_door(tmp_path, story)


def test_a_purge_cancels_what_waits_and_nothing_else(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await customer.write("other")
        running, *waiting = await started(customer, "s", 4)
        [elsewhere] = await started(customer, "other", 1)
        [queue, _] = await door.queue.waiting()
        await door.queue.claim(queue.service_id, limit=1, at=door.clock.unix_time())

        purged = await queue_of(customer, "s", "DELETE")
        again = await queue_of(customer, "s", "DELETE")

        assert purged.status == 200
        assert list(purged.json.items()) == [
            ("service_name", "s"),
            ("cancelled", 3),
            ("service_refs", waiting),
        ]
        assert again.body == b'{"service_name":"s","cancelled":0,"service_refs":[]}'
        refs = [running, *waiting, elsewhere]
        statuses = (await customer.get("/service_status", service_refs="/".join(refs))).json
        assert [statuses[ref]["status"] for ref in refs] == [
            "running",
            *["cancelled"] * 3,
            "queued",
        ]

    at_the_door(tmp_path, story)


async def long_queue(customer: Customer) -> list[str]:
    """Fill the queue of `s` with three portions of a purge."""
    return [ref for _ in range(3) for ref in await started(customer, "s", PURGED_AT_ONCE)]


@asynccontextmanager
async def purge_that_waits(
    door: FrontDoor, customer: Customer, left: int
) -> AsyncIterator[OpenStream]:
    """Begin a purge and stop reading; `left` is what waits when it has come so far."""
    async with door.client.stream(
        "/service/v1/outbound/s/queue", headers=customer.credentials, method="DELETE"
    ) as stream:
        stream.stop_reading()
        async with asyncio.timeout(5):
            while await door.queued() > left:  # noqa: ASYNC110 - no event tells of a commit
                await asyncio.sleep(0)
        yield stream


async def all_of(stream: OpenStream) -> bytes:
    pieces = []
    while piece := await stream.piece():
        pieces.append(piece)
    return b"".join(pieces)


def test_a_long_purge_is_answered_while_it_goes_on(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        refs = await long_queue(customer)
        left = len(refs) - PURGED_AT_ONCE
        async with purge_that_waits(door, customer, left) as stream:
            [later] = await started(customer, "s", 1)
            assert await door.queued() == left + 1
            stream.read_again()
            body = await all_of(stream)
        assert stream.status == 200
        purge = Reply(200, {"content-type": "application/json"}, body)
        assert purge.json == {"service_name": "s", "service_refs": refs, "cancelled": len(refs)}
        door.contract.check("DELETE", "/service/v1/outbound/s/queue", purge)
        assert (await queue_of(customer, "s", "DELETE")).json["service_refs"] == [later]

    at_the_door(tmp_path, story)


def test_a_client_that_goes_away_ends_a_purge_and_followers_hear_of_what_it_cancelled(
    tmp_path: Path,
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        account_id = customer.account.account_id
        refs = await long_queue(customer)
        async with door.client.stream(
            "/service/v1/outbound/s/queue", headers=customer.credentials, method="DELETE"
        ) as stream:
            # Now the second portion is being written.
            assert await stream.piece()
        cancelled = len(refs) - await door.queued()
        assert cancelled == 2 * PURGED_AT_ONCE
        for n, ref in enumerate(refs):
            told = door.facts.follow(account_id, lambda _: None, ref=ServiceRef(ref)).remembered
            assert isinstance(told[-1].fact, StartCancelled) == (n < cancelled)

    at_the_door(tmp_path, story)


def test_a_purge_that_fails_half_way_is_an_answer_without_its_end(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        refs = await long_queue(customer)
        assert isinstance(door.queue, SqliteQueueStore)
        connection = door.queue._database._writer._connection
        async with purge_that_waits(door, customer, len(refs) - PURGED_AT_ONCE) as stream:
            connection.pragma("query_only", True)
            stream.read_again()
            told = await all_of(stream)
        connection.pragma("query_only", False)
        assert json.loads(told + b"]}")["service_refs"] == refs[:PURGED_AT_ONCE]
        async with purge_that_waits(door, customer, PURGED_AT_ONCE) as stream:
            stream.read_again()
            assert json.loads(await all_of(stream))["service_refs"] == refs[PURGED_AT_ONCE:]

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_queue_opens_to_both_forms_of_credentials(tmp_path: Path, method: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await customer.write("other")
        await started(customer, "s", 1)
        with_key = customer.credentials
        with_password = basic(f"{customer.user}/s", PASSWORD)
        refused: tuple[dict[str, str], ...] = (
            {},
            basic(customer.user, "wrong"),
            basic(f"{customer.user}/s", "wrong"),
            basic(f"{customer.user}/s", customer.key),
            basic(customer.user, PASSWORD),
            basic(f"{customer.user}/other", PASSWORD),
            basic(f"{customer.user}/nowhere", PASSWORD),
            {"authorization": "Bearer x"},
        )

        for headers in refused:
            reply = await queue_of(customer, "s", method, headers)
            assert (reply.status, reply.headers["www-authenticate"][:5]) == (401, "Basic")
        assert await door.queued() == 1
        for headers in (with_password, with_key):
            assert (await queue_of(customer, "s", method, headers)).status == 200

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("name", ["nowhere", "S", "a%20b", "%00", "x" * 10_000, "é", ".", "a%2Fb"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_queues_of_services_that_are_not_there_do_not_exist(
    tmp_path: Path, method: str, name: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        reply = await queue_of(customer, name, method)

        assert (reply.status, reply.text) == (404, "The service name does not exist")

    at_the_door(tmp_path, story)


def test_queues_of_others_are_not_seen(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await started(customer, "s", 1)
        eve = await door.customer("eve@example.com")

        assert (await eve.get("/service/v1/outbound_queues")).json == []
        assert (await queue_of(eve, "s")).status == 404
        assert (await queue_of(eve, "s", "DELETE")).status == 404
        assert await door.queued() == 1

    at_the_door(tmp_path, story)
