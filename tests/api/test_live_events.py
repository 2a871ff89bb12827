"""Following calls: the beginning, the end, the slow, the many, and those who may not."""

import asyncio
from pathlib import Path

import pytest

from callwright.api.live_streams import MAX_STREAMS_OF_ACCOUNT
from callwright.api.mailbox import MAX_WAITING
from callwright.domain.account import AccountType
from callwright.domain.clock import UnixTime
from callwright.domain.facts import (
    DigitPressed,
    Fact,
    InstanceStopped,
    StartCancelled,
    StartRefused,
)
from callwright.domain.ids import CallId, ServiceRef
from tests.sim.asgi import OpenStream
from tests.sim.front_door import Customer, FrontDoor, at_the_door

AT = UnixTime(1366641192.0)
CALL = {"to": "sip:bob@acompany.com"}


def digit(number: int) -> DigitPressed:
    return DigitPressed(AT, CallId("c"), str(number))


async def started(customer: Customer) -> ServiceRef:
    return ServiceRef((await customer.start("s", CALL)).json[0])


def path(ref: str = "") -> str:
    return f"/live/v1/events?service_ref={ref}" if ref else "/live/v1/events"


async def heard(stream: OpenStream) -> None:
    """Wait for the comment with which every stream begins."""
    assert (await stream.piece()).startswith(b":")


@pytest.mark.parametrize(
    ("last", "event"),
    [
        (InstanceStopped(AT, 0), "instance_stopped"),
        (StartRefused(AT, "No"), "could_not_run"),
        (StartCancelled(AT), "cancelled"),
    ],
)
def test_a_reference_is_followed_from_its_beginning_to_its_end(
    tmp_path: Path, last: Fact, event: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        ref = await started(customer)
        account_id = customer.account.account_id
        door.facts.tell_of(account_id, ref, digit(1))

        async with customer.client.stream(path(ref), headers=customer.credentials) as stream:
            await heard(stream)
            first = [await stream.event(), await stream.event()]
            door.facts.tell_of(account_id, ref, digit(2))
            door.facts.tell_of(account_id, ref, last)
            rest = await stream.events()

        assert stream.status == 200
        validator = door.contract.validator({"$ref": "#/components/schemas/LiveEvent"})
        for one in [*first, *rest]:
            validator.validate(one)
        assert [one and one["event"] for one in first] == ["queued", "digit"]
        assert [one["event"] for one in rest] == ["digit", event]

    at_the_door(tmp_path, story)


def test_all_of_an_account_is_followed_from_now_on_and_nothing_of_others(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        other = await door.customer("eve@example.com", AccountType.PREMIUM)
        await other.write("s")
        await started(customer)

        async with customer.client.stream(path(), headers=customer.credentials) as stream:
            await heard(stream)
            await started(other)
            refs = [await started(customer), await started(customer)]
            door.facts.tell_of(customer.account.account_id, refs[0], StartCancelled(AT))
            events = [await stream.event() for _ in range(3)]

        assert [(one["event"], one["service_ref"]) for one in events if one] == [
            ("queued", refs[0]),
            ("queued", refs[1]),
            ("cancelled", refs[0]),
        ]

    at_the_door(tmp_path, story)


def test_a_slow_reader_loses_the_oldest_and_is_told_how_many(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        ref = await started(customer)
        async with customer.client.stream(path(ref), headers=customer.credentials) as stream:
            await heard(stream)
            assert (await stream.event() or {})["event"] == "queued"
            stream.stop_reading()
            for number in range(MAX_WAITING + 9):
                door.facts.tell_of(customer.account.account_id, ref, digit(number))
            door.facts.tell_of(customer.account.account_id, ref, InstanceStopped(AT, 0))
            stream.read_again()
            events = await stream.events()

        assert events[0] == {"event": "missed", "count": 10}
        assert events[1]["digit"] == "10"
        assert len(events) == 1 + MAX_WAITING

    at_the_door(tmp_path, story)


def test_who_comes_after_much_was_forgotten_is_told_how_much(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        ref = await started(customer)
        for number in range(300):
            door.facts.tell_of(customer.account.account_id, ref, digit(number))

        async with customer.client.stream(path(ref), headers=customer.credentials) as stream:
            first = await stream.event()

        assert first == {"event": "missed", "count": 45}

    at_the_door(tmp_path, story)


def test_a_call_of_which_nothing_is_remembered_has_ended(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        ref = await started(customer)
        await door.queue.cancel(customer.account.account_id, [ref], at=AT)

        async with customer.client.stream(path(ref), headers=customer.credentials) as stream:
            *_, last = await stream.events()

        assert last == {"event": "ended", "service_ref": ref, "status": "cancelled"}

    at_the_door(tmp_path, story)


def test_an_unknown_reference_and_that_of_others_do_not_exist(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        other = await door.customer("eve@example.com", AccountType.PREMIUM)
        ref = await started(customer)

        for who, what in ((other, ref), (customer, "nobody's")):
            reply = await who.get("/live/v1/events", service_ref=what)
            assert (reply.status, repr(what) in reply.text) == (404, True)
        assert (await door.ask(path(ref))).status == 401

    at_the_door(tmp_path, story)


def test_nobody_may_follow_without_end(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        streams = [
            customer.client.stream(path(), headers=customer.credentials)
            for _ in range(MAX_STREAMS_OF_ACCOUNT)
        ]
        for stream in streams:
            await heard(await stream.__aenter__())

        refused = await customer.get("/live/v1/events")
        await streams[0].__aexit__(None, None, None)
        async with customer.client.stream(path(), headers=customer.credentials) as allowed:
            await heard(allowed)
        for stream in streams[1:]:
            await stream.__aexit__(None, None, None)

        assert (refused.status, refused.headers["retry-after"]) == (429, "5")
        assert b"callwright_live_streams 0.0" in (await door.ask("/metrics")).body

    at_the_door(tmp_path, story)


def test_a_stop_of_the_server_ends_every_stream(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        async with customer.client.stream(path(), headers=customer.credentials) as stream:
            await heard(stream)
            door.doors.live.close()

            assert await stream.events() == []
        async with customer.client.stream(path(), headers=customer.credentials) as late:
            assert await late.events() == []

    at_the_door(tmp_path, story)


def test_a_silent_stream_shows_that_it_is_there(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        streams = door.streams_with_heartbeat(0.0)
        pieces = streams.account_events(customer.account.account_id)

        beats = [await anext(pieces) for _ in range(3)]
        await pieces.aclose()

        assert beats == [b": still here\n\n"] * 3

    at_the_door(tmp_path, story)


def test_a_follower_who_goes_leaves_nothing_behind(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        before = len(asyncio.all_tasks())
        async with customer.client.stream(path(), headers=customer.credentials) as stream:
            await heard(stream)

        assert len(asyncio.all_tasks()) == before
        assert door.doors.live.has_room_for(customer.account.account_id)

    at_the_door(tmp_path, story)
