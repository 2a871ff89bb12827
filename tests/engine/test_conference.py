"""A conference room's life: its table whole, and the rules of who starts and ends it."""

import pytest

from callwright.domain.conference import MAX_UNRESERVED, ParticipantChange
from callwright.domain.errors import IllegalTransition
from callwright.engine.conference import (
    TRANSITIONS,
    Conference,
    Participant,
    RoomEvent,
    RoomIsFull,
    RoomState,
    next_state,
)

LEGAL = [(s, e, to) for s, arrows in TRANSITIONS.items() for e, to in arrows.items()]
ILLEGAL = [(s, e) for s in RoomState for e in RoomEvent if e not in TRANSITIONS[s]]

DEFAULT = Participant()
GUEST = Participant(starts_on_entry=False)
LISTENER = Participant(is_talker=False)
LEADER = Participant(destroys_on_exit=True)


@pytest.mark.parametrize(("state", "event", "expected"), LEGAL)
def test_follows_the_arrow(state: RoomState, event: RoomEvent, expected: RoomState) -> None:
    assert next_state(state, event) is expected


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_refuses_everything_else(state: RoomState, event: RoomEvent) -> None:
    with pytest.raises(IllegalTransition, match=f"{event} while {state}"):
        next_state(state, event)


@pytest.mark.parametrize(
    ("entering", "state"),
    [
        ([DEFAULT], RoomState.STOPPED),
        ([DEFAULT, DEFAULT], RoomState.STARTED),
        ([GUEST, GUEST], RoomState.STOPPED),
        ([DEFAULT, GUEST], RoomState.STOPPED),
        ([GUEST, DEFAULT], RoomState.STARTED),
        ([GUEST, GUEST, DEFAULT], RoomState.STARTED),
        ([LISTENER, LISTENER], RoomState.STOPPED),
        ([LISTENER, DEFAULT], RoomState.STARTED),
        ([GUEST, LISTENER], RoomState.STARTED),
    ],
)
def test_it_starts_with_somebody_who_starts_it_another_and_a_talker(
    entering: list[Participant], state: RoomState
) -> None:
    assert entered(*entering).state is state


@pytest.mark.parametrize(
    ("participants", "leaving", "state"),
    [
        ([DEFAULT, DEFAULT, DEFAULT], [1], RoomState.STARTED),
        ([DEFAULT, DEFAULT, DEFAULT], [1, 2], RoomState.STOPPED),
        ([DEFAULT, DEFAULT], [1, 2], RoomState.DESTROYED),
        ([DEFAULT], [1], RoomState.DESTROYED),
        ([LEADER, DEFAULT, DEFAULT], [2], RoomState.STARTED),
        ([LEADER, DEFAULT, DEFAULT], [1], RoomState.DESTROYED),
        ([LEADER, DEFAULT, DEFAULT], [1, 1, 2], RoomState.DESTROYED),
        ([GUEST, GUEST], [1], RoomState.STOPPED),
        ([DEFAULT, DEFAULT], [7], RoomState.STARTED),
    ],
)
def test_it_stops_with_one_left_and_goes_with_the_last_or_its_leader(
    participants: list[Participant], leaving: list[int], state: RoomState
) -> None:
    room = entered(*participants)
    for leg in leaving:
        room.leave(leg)
    assert room.state is state


def test_it_starts_again_when_somebody_comes_back() -> None:
    room = entered(DEFAULT, DEFAULT)
    room.leave(1)
    room.enter(3, DEFAULT)
    assert room.state is RoomState.STARTED


def test_talkers_talk_while_it_is_started_and_they_are_not_muted() -> None:
    room = entered(DEFAULT)
    assert not room.talks(1)
    room.enter(2, LISTENER)
    assert (room.talks(1), room.talks(2), room.talks(3)) == (True, False, False)
    room.mute(1, is_muted=True)
    room.mute(2, is_muted=False)
    assert (room.talks(1), room.talks(2)) == (False, False)
    room.mute(1, is_muted=False)
    assert room.talks(1)


def test_a_beep_is_for_those_who_are_there() -> None:
    room = entered(DEFAULT)
    assert not room.beeps_for(1)
    room.enter(2, Participant(beeps_on_entry=False))
    room.enter(3, DEFAULT)
    assert (room.beeps_for(2), room.beeps_for(3)) == (False, True)


def test_it_is_full_at_forty() -> None:
    room = entered(*[DEFAULT] * MAX_UNRESERVED)
    with pytest.raises(RoomIsFull):
        room.enter(99, DEFAULT)
    assert room.size == 40


def test_it_takes_as_many_as_its_terms_say_and_keeps_those_who_are_in() -> None:
    room = entered(DEFAULT, DEFAULT)
    room.max_participants = 1
    with pytest.raises(RoomIsFull, match="no more than 1 are let in"):
        room.enter(3, DEFAULT)
    room.leave(1)
    with pytest.raises(RoomIsFull):
        room.enter(3, DEFAULT)
    assert room.size == 1


def test_one_who_is_in_it_can_take_part_in_another_way() -> None:
    room = entered(DEFAULT, DEFAULT, DEFAULT)
    room.change(1, ParticipantChange(is_talker=False, is_muted=True))
    assert (room.talks(1), room.is_muted(1), room.participant(1).is_talker) == (False, True, False)
    room.change(1, ParticipantChange(is_talker=True))
    assert (room.talks(1), room.is_muted(1)) == (False, True)
    room.change(1, ParticipantChange(is_muted=False))
    assert room.talks(1)
    room.change(1, ParticipantChange(destroys_on_exit=True))
    states = []
    for leg in (2, 1):
        room.leave(leg)
        states.append(room.state)
    assert states == [RoomState.STARTED, RoomState.DESTROYED]


def test_it_closes_once_whoever_is_in_it() -> None:
    room = entered(DEFAULT, DEFAULT)
    room.close()
    room.close()
    room.leave(1)
    assert room.state is RoomState.DESTROYED


def entered(*participants: Participant) -> Conference:
    room = Conference()
    for leg, participant in enumerate(participants, start=1):
        room.enter(leg, participant)
    return room
