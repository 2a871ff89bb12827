"""Calls in conference rooms: who hears whom, announcements, and the end of a room."""

import asyncio
from dataclasses import replace

import pytest

from callwright.domain.call_control import CallIsOver, CallState, MediaFault, SoundFile
from callwright.domain.causes import HUNG_UP_BY_THEM, HUNG_UP_BY_US
from callwright.domain.clock import Instant
from callwright.domain.conference import (
    MAX_UNRESERVED,
    ParticipantChange,
    RoomTerms,
)
from callwright.domain.facts import CallPlaced
from callwright.domain.ids import AccountId, CallId
from callwright.engine.announcer import MAX_WAITING
from callwright.engine.conference import Participant
from callwright.engine.rooms import BEEP
from callwright.worker import rpc
from tests.sim.house import ACCOUNT, INSTANCE, House, run
from tests.sim.media_workers import SilentWorkers

QUIET = Participant(beeps_on_entry=False)
WELCOME = SoundFile("/welcome.wav")


def test_a_room_answers_at_once_and_starts_with_the_second() -> None:
    async def story() -> None:
        house = House()
        one = house.enter(participant=QUIET)
        await one.answered()
        assert one.snapshot().state is CallState.ANSWERED
        assert not one.is_started
        starting = asyncio.create_task(one.started_or_stopped())
        await house.quiet()
        other = house.enter(participant=QUIET)
        await starting
        assert (one.is_started, other.is_started) == (True, True)
        opened = house.workers.sent(rpc.OpenRoomLeg)
        assert opened == [
            rpc.OpenRoomLeg(1, 1, talks=False, hears=True),
            rpc.OpenRoomLeg(2, 1, talks=True, hears=True),
        ]
        assert house.workers.sent(rpc.SetRoomLeg) == [rpc.SetRoomLeg(1, talks=True, hears=True)]
        third = house.enter(participant=QUIET)
        assert third.is_started
        placed = [fact for fact in house.facts.facts if isinstance(fact, CallPlaced)]
        assert {(one.destination_address, one.channel_type) for one in placed} == {
            ("con:weekly", "x")
        }

    run(story())


def test_it_stops_with_one_left_who_is_told() -> None:
    async def story() -> None:
        house = House()
        one, other = house.enter(participant=QUIET), house.enter(participant=QUIET)
        await other.hang_up()
        assert not one.is_started
        assert house.workers.sent(rpc.SetRoomLeg)[-1] == rpc.SetRoomLeg(1, False, True)
        assert await other.over() == HUNG_UP_BY_US

    run(story())


def test_whoever_takes_the_room_with_him_ends_the_others_calls() -> None:
    async def story() -> None:
        house = House()
        leader = house.enter(participant=Participant(destroys_on_exit=True))
        others = [house.enter() for _ in range(3)]
        await leader.hang_up()
        for other in others:
            assert await other.over() == HUNG_UP_BY_THEM
        assert house.workers.legs == {}
        assert house.engine.legs == 0
        again = house.enter()
        assert not again.is_started
        assert house.workers.sent(rpc.OpenRoomLeg)[-1] == rpc.OpenRoomLeg(again.leg.leg, 2, False)

    run(story())


def test_rooms_are_told_apart_by_name_and_legs_of_one_are_in_one_worker() -> None:
    async def story() -> None:
        house = House(SilentWorkers(count=3))
        legs = [house.enter(name) for name in ("a", "b", "a", "b", "a")]
        rooms = [
            command.room
            for command in house.workers.sent(rpc.OpenRoomLeg)
            if isinstance(command, rpc.OpenRoomLeg) and command.hears
        ]
        assert rooms == [1, 2, 1, 2, 1]
        media = [leg.leg.media for leg in legs]
        assert media[0].is_beside(media[2])
        assert media[0].is_beside(media[4])
        assert not media[0].is_beside(media[1])

    run(story())


def test_a_muted_participant_is_not_heard_until_he_is() -> None:
    async def story() -> None:
        house = House()
        one, _ = house.enter(participant=QUIET), house.enter(participant=QUIET)
        one.mute(is_muted=True)
        one.mute(is_muted=True)
        one.mute(is_muted=False)
        assert [command.talks for command in sets(house) if command.leg == 1] == [
            True,
            False,
            True,
        ]

    run(story())


def sets(house: House) -> list[rpc.SetRoomLeg]:
    return [one for one in house.workers.sent(rpc.SetRoomLeg) if isinstance(one, rpc.SetRoomLeg)]


def test_a_beep_says_that_somebody_has_come_in_to_others() -> None:
    async def story() -> None:
        house = House()
        house.enter()
        assert house.workers.sent(rpc.Play) == []
        house.enter()
        [beep] = house.workers.sent(rpc.Play)
        assert isinstance(beep, rpc.Play)
        assert beep.items == (rpc.PlayTone(BEEP.frequencies_hz, BEEP.duration_ms, BEEP.level_dbm0),)
        assert house.workers.sent(rpc.OpenRoomLeg)[-1] == rpc.OpenRoomLeg(3, 1, True, hears=False)

    run(story())


def test_announcements_wait_for_one_another_and_tell_their_end() -> None:
    async def story() -> None:
        house = House()
        one = house.enter(participant=QUIET)
        first = asyncio.create_task(one.announce([WELCOME]))
        second = asyncio.create_task(one.announce([SoundFile("/broken.wav")]))
        await house.quiet()
        assert len(house.workers.sent(rpc.Play)) == 1
        house.workers.tell(rpc.PlayEnded(2, 1, finished=True, duration=1.0))
        await first
        house.workers.tell(rpc.PlayEnded(2, 2, finished=False, duration=0.0, problem="no wav file"))
        with pytest.raises(MediaFault, match="no wav file"):
            await second

    run(story())


def test_more_announcements_than_may_wait_are_left_out() -> None:
    async def story() -> None:
        house = House()
        one = house.enter(participant=QUIET)
        waiting = [asyncio.create_task(one.announce([WELCOME])) for _ in range(MAX_WAITING + 3)]
        await house.quiet()
        assert [task.done() for task in waiting].count(True) == 2
        await one.hang_up()
        for task in waiting[:1]:
            with pytest.raises(CallIsOver):
                await task

    run(story())


def test_a_room_takes_forty_and_is_busy_for_more() -> None:
    async def story() -> None:
        house = House()
        for _ in range(MAX_UNRESERVED):
            house.enter(participant=QUIET)
        refused = house.enter()
        assert str(await refused.over()) == "BUSY(486)"
        assert house.engine.legs == len(house.workers.legs) == MAX_UNRESERVED

    run(story())


def test_a_worker_that_dies_takes_its_rooms_with_it() -> None:
    async def story() -> None:
        house = House()
        calls = [house.enter(), house.enter()]
        house.workers.die()
        for call in calls:
            await call.over()
        assert house.engine.legs == 0
        assert house.workers.legs == {}

    run(story())


def test_a_room_that_cannot_be_opened_ends_the_call() -> None:
    async def story() -> None:
        house = House(SilentWorkers(is_alive=False))
        call = house.enter()
        assert str(await call.over()) == "FAILED(-1)"

    run(story())


def test_a_participant_is_joined_to_the_call_that_he_is_on() -> None:
    async def story() -> None:
        house = House()
        primary = await house.answered()
        room = house.enter()
        primary.join(room)
        assert house.workers.sent(rpc.Bridge) == [rpc.Bridge(1, 2)]
        await room.hang_up()
        assert house.facts.names()[-4:] == ["CallJoined", "CallParted", "CallParted", "CallOver"]

    run(story())


NOT_YET_OPEN = RoomTerms(max_participants=0)
TERMS = RoomTerms(max_participants=3, closes_at=Instant(100.0))


def test_a_reserved_room_takes_as_many_as_its_terms_say() -> None:
    async def story() -> None:
        house = House()
        for _ in range(3):
            house.enter(participant=QUIET, terms=TERMS)
        assert str(await house.enter(terms=TERMS).over()) == "BUSY(486)"
        more = replace(TERMS, max_participants=4)
        house.engine.rooms.follow(ACCOUNT, "weekly", more)
        fourth = house.enter(participant=QUIET, terms=more)
        await fourth.answered()
        # Nobody has to go when it takes fewer.
        house.engine.rooms.follow(ACCOUNT, "weekly", replace(TERMS, max_participants=1))
        assert house.engine.legs == 4

    run(story())


def test_a_room_that_lets_nobody_in_yet_is_not_made() -> None:
    async def story() -> None:
        house = House()
        assert str(await house.enter(terms=NOT_YET_OPEN).over()) == "BUSY(486)"
        assert house.engine.rooms.in_use(ACCOUNT) == []
        assert house.workers.commands == []

    run(story())


def test_everybody_goes_when_the_room_closes() -> None:
    async def story() -> None:
        house = House()
        calls = [house.enter(participant=QUIET, terms=TERMS) for _ in range(3)]
        legs = [call.leg for call in calls]
        assert [leg.deadline() for leg in legs] == [TERMS.closes_at] * 3
        house.engine.rooms.follow(ACCOUNT, "weekly", replace(TERMS, closes_at=Instant(50.0)))
        house.clock.seconds = 50.0
        legs[1].handle_timer(house.clock.now())
        for call in calls:
            assert await call.over() == HUNG_UP_BY_THEM
        assert (house.engine.legs, house.engine.rooms.in_use(ACCOUNT)) == (0, [])

    run(story())


def test_the_room_closes_by_its_own_timer() -> None:
    async def story() -> None:
        house = House()
        call = house.enter(terms=replace(TERMS, closes_at=Instant(0.0)))
        assert await call.over() == HUNG_UP_BY_THEM

    run(story())


def test_a_room_can_be_closed_at_any_time() -> None:
    async def story() -> None:
        house = House()
        calls = [house.enter(participant=QUIET) for _ in range(3)]
        for name in ("weekly", "weekly", "nowhere"):
            house.engine.rooms.close(ACCOUNT, name)
        for call in calls:
            assert await call.over() == HUNG_UP_BY_THEM
        assert house.engine.rooms.find(ACCOUNT, "weekly") is None

    run(story())


def test_those_who_look_into_a_room_see_who_is_in_it() -> None:
    async def story() -> None:
        house = House()
        house.enter(participant=QUIET)
        house.clock.seconds = 5.0
        second = house.enter(participant=Participant(is_talker=False, destroys_on_exit=True))
        second.mute(is_muted=True)
        room = house.engine.rooms.find(ACCOUNT, "weekly")
        assert room is not None
        assert room == house.engine.rooms.in_use(ACCOUNT)[0]
        assert (room.name, room.is_started, room.max_participants) == ("weekly", True, 40)
        seen = [
            (one.call_from, one.is_talker, one.is_muted, one.destroys_on_exit, one.duration)
            for one in room.participants
        ]
        assert seen == [("441", True, False, False, 5.0), ("441", False, True, True, 0.0)]
        assert {one.instance_id for one in room.participants} == {INSTANCE}
        assert room.participants[1].call_id == second.snapshot().call_id
        assert house.engine.rooms.in_use(AccountId(2)) == []

    run(story())


def test_a_participant_is_changed_from_outside() -> None:
    async def story() -> None:
        house = House()
        rooms = house.engine.rooms
        one, other = house.enter(participant=QUIET), house.enter(participant=QUIET)
        whom = one.snapshot().call_id
        changes = [
            ParticipantChange(is_muted=True),
            ParticipantChange(is_talker=False),
            ParticipantChange(is_muted=False),
            ParticipantChange(is_talker=True, destroys_on_exit=True),
        ]
        for change in changes:
            assert rooms.change(ACCOUNT, "weekly", whom, change)
        assert [command.talks for command in sets(house) if command.leg == 1] == [
            True,
            False,
            True,
        ]
        assert not rooms.change(ACCOUNT, "weekly", CallId("nobody"), changes[0])
        assert not rooms.change(ACCOUNT, "nowhere", whom, changes[0])
        await one.hang_up()
        assert await other.over() == HUNG_UP_BY_THEM

    run(story())


def test_a_participant_is_let_out_and_the_others_stay() -> None:
    async def story() -> None:
        house = House()
        rooms = house.engine.rooms
        calls = [house.enter(participant=QUIET) for _ in range(3)]
        whom = calls[1].snapshot().call_id
        assert not rooms.eject(AccountId(2), "weekly", whom)
        assert rooms.eject(ACCOUNT, "weekly", whom)
        assert await calls[1].over() == HUNG_UP_BY_THEM
        assert not rooms.eject(ACCOUNT, "weekly", whom)
        assert house.engine.legs == 2

    run(story())


def test_rooms_of_two_accounts_with_one_name_are_two() -> None:
    async def story() -> None:
        house = House()
        one = house.enter(participant=QUIET)
        other = house.enter(participant=QUIET, account_id=AccountId(2))
        assert (one.is_started, other.is_started) == (False, False)
        assert len(house.engine.rooms.in_use(ACCOUNT)) == 1
        house.engine.rooms.close(AccountId(2), "weekly")
        assert house.engine.legs == 1

    run(story())
