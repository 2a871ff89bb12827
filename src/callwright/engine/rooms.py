"""The conference rooms of a node: their legs, and what the media worker is told of them.

All legs of a room are in one media worker; the first one chooses it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from callwright.domain.call_control import Sound, Tone
from callwright.domain.clock import Instant
from callwright.domain.conference import (
    UNRESERVED,
    ParticipantChange,
    ParticipantView,
    RoomTerms,
    RoomView,
)
from callwright.domain.ids import AccountId, CallId, InstanceId
from callwright.engine.announcer import Announcer, Done
from callwright.engine.call_leg import LegWorld
from callwright.engine.conference import Conference, Participant, RoomIsFull, RoomState
from callwright.engine.media_session import MediaSession

BEEP: Final = Tone((1000.0,), duration_ms=200, level_dbm0=-15.0)
"""Says that somebody has come in: short and soft, for people are talking."""


@dataclass(frozen=True, slots=True)
class RoomGuest:
    """What a room tells of one of its legs to those who look at it."""

    call_id: CallId
    instance_id: InstanceId
    call_from: str


class RoomParticipant(Protocol):
    """A leg in a room, as the room sees it."""

    @property
    def leg(self) -> int:
        """Its number."""
        ...

    @property
    def media(self) -> MediaSession:
        """Its sound."""
        ...

    @property
    def guest(self) -> RoomGuest:
        """Whose it is."""
        ...

    def room_changed(self, *, is_started: bool) -> None:
        """The conference started or stopped."""
        ...

    def room_is_gone(self) -> None:
        """The room was destroyed, or lets go of this leg."""
        ...

    def closing_changed(self) -> None:
        """The room closes at another moment than it did."""
        ...


@dataclass(slots=True)
class _Present:
    """Somebody in the room."""

    leg: RoomParticipant
    since: Instant
    talks: bool
    """What the media worker was told."""


class Room:
    """One room, as long as somebody is in it."""

    def __init__(self, number: int, world: LegWorld, *, forget: Callable[[], None]) -> None:
        """Make an empty room; `forget` is called when it is destroyed."""
        self.number = number
        self.closes_at: Instant | None = None
        """When everybody has to go; each leg's own timer sees to it."""
        self._world = world
        self._forget = forget
        self._conference = Conference()
        self._present: dict[int, _Present] = {}
        self._was_started = False
        self._announcer: Announcer | None = None

    @property
    def is_started(self) -> bool:
        """Whether the participants hear each other."""
        return self._conference.state is RoomState.STARTED

    @property
    def beside(self) -> int | None:
        """A leg in the worker that has the room; None while it is empty."""
        return next(iter(self._present), None)

    def view(self, name: str) -> RoomView:
        """Return what is seen of it from outside."""
        now = self._world.clock.now()
        return RoomView(
            name,
            self.is_started,
            self._conference.max_participants,
            tuple(self._view_of(one, now) for one in self._present.values()),
        )

    def follow(self, terms: RoomTerms) -> None:
        """Keep to these terms from now on; those who are in stay, for as long as they say."""
        self._conference.max_participants = terms.max_participants
        if terms.closes_at != self.closes_at:
            self.closes_at = terms.closes_at
            for one in list(self._present.values()):
                one.leg.closing_changed()

    def enter(self, leg: RoomParticipant, participant: Participant) -> None:
        """Let a leg in; raises `RoomIsFull`."""
        try:
            self._conference.enter(leg.leg, participant)
        except RoomIsFull:
            if not self._present:
                self._forget()
            raise
        self._present[leg.leg] = _Present(leg, self._world.clock.now(), self.talks(leg))

    def talks(self, leg: RoomParticipant) -> bool:
        """Whether the others hear a leg."""
        return self._conference.talks(leg.leg)

    def tell(self, newcomer: RoomParticipant) -> None:
        """Tell everybody of a leg that came in, unless it is out again already."""
        if newcomer.leg not in self._present:
            return
        if self.is_started and self._was_started:
            newcomer.room_changed(is_started=True)
        self._follow()
        if self._conference.beeps_for(newcomer.leg):
            self.announce((BEEP,), _unheeded)

    def leave(self, leg: RoomParticipant) -> None:
        """Let a leg out; the others go too where it takes the room with it."""
        if self._present.pop(leg.leg, None) is None:
            return
        self._conference.leave(leg.leg)
        if self._conference.state is RoomState.DESTROYED:
            self._end()
        else:
            self._follow()

    def close(self) -> None:
        """Let everybody go."""
        if self._conference.state is not RoomState.DESTROYED:
            self._conference.close()
            self._end()

    def is_muted(self, leg: RoomParticipant) -> bool:
        """Whether a participant's voice was taken."""
        return self._conference.is_muted(leg.leg)

    def mute(self, leg: RoomParticipant, *, is_muted: bool) -> None:
        """Take a participant's voice, or give it back."""
        self._conference.mute(leg.leg, is_muted=is_muted)
        self._follow()

    def change(self, call_id: CallId, change: ParticipantChange) -> bool:
        """Let the participant of that call take part in another way; False: there is none."""
        found = self._found(call_id)
        if found is not None:
            self._conference.change(found.leg.leg, change)
            self._follow()
        return found is not None

    def eject(self, call_id: CallId) -> bool:
        """Let go of the participant of that call; False: there is none."""
        found = self._found(call_id)
        if found is not None:
            found.leg.room_is_gone()
        return found is not None

    def announce(self, sounds: Sequence[Sound], done: Done) -> None:
        """Play to everybody; `done` is told when it is over."""
        beside = self.beside
        if beside is None:
            done("")
            return
        if self._announcer is None:
            self._announcer = Announcer(self._world, self.number, beside=beside)
        self._announcer.announce(sounds, done)

    def _end(self) -> None:
        left, self._present = list(self._present.values()), {}
        self._forget()
        if self._announcer is not None:
            self._announcer.close()
        for one in left:
            one.leg.room_is_gone()

    def _follow(self) -> None:
        """Tell the worker and the legs what has changed."""
        for one in self._present.values():
            talks = self.talks(one.leg)
            if talks != one.talks:
                one.talks = talks
                one.leg.media.set_in_room(talks=talks)
        if self.is_started != self._was_started:
            self._was_started = self.is_started
            for one in list(self._present.values()):
                one.leg.room_changed(is_started=self.is_started)

    def _found(self, call_id: CallId) -> _Present | None:
        present = self._present.values()
        return next((one for one in present if one.leg.guest.call_id == call_id), None)

    def _view_of(self, one: _Present, now: Instant) -> ParticipantView:
        participant, guest = self._conference.participant(one.leg.leg), one.leg.guest
        return ParticipantView(
            call_id=guest.call_id,
            instance_id=guest.instance_id,
            call_from=guest.call_from,
            is_talker=participant.is_talker,
            is_muted=self.is_muted(one.leg),
            destroys_on_exit=participant.destroys_on_exit,
            duration=now - one.since,
        )


class Rooms:
    """The rooms of all accounts; implements `conferences.ports.LiveRooms`."""

    def __init__(self, world: LegWorld) -> None:
        """Begin without any."""
        self._world = world
        self._rooms: dict[tuple[AccountId, str], Room] = {}
        self._last_number = 0

    def room(self, account_id: AccountId, name: str, terms: RoomTerms = UNRESERVED) -> Room:
        """Return an account's room of that name, on these terms; it is made if there is none.

        Whoever asks enters it; a room that lets nobody in is gone again after that.
        """
        key = (account_id, name)
        if key not in self._rooms:
            self._last_number += 1
            self._rooms[key] = Room(self._last_number, self._world, forget=lambda: self._gone(key))
        self._rooms[key].follow(terms)
        return self._rooms[key]

    def in_use(self, account_id: AccountId) -> list[RoomView]:
        """Return an account's rooms that somebody is in."""
        return [
            room.view(name) for (owner, name), room in self._rooms.items() if owner == account_id
        ]

    def find(self, account_id: AccountId, name: str) -> RoomView | None:
        """Return an account's room of that name; None while nobody is in it."""
        room = self._rooms.get((account_id, name))
        return None if room is None else room.view(name)

    def change(
        self, account_id: AccountId, name: str, call_id: CallId, change: ParticipantChange
    ) -> bool:
        """Let a participant take part in another way; False: he is not in that room."""
        room = self._rooms.get((account_id, name))
        return room is not None and room.change(call_id, change)

    def eject(self, account_id: AccountId, name: str, call_id: CallId) -> bool:
        """Let go of a participant; False: he is not in that room."""
        room = self._rooms.get((account_id, name))
        return room is not None and room.eject(call_id)

    def follow(self, account_id: AccountId, name: str, terms: RoomTerms) -> None:
        """Let a room that somebody is in keep to other terms."""
        room = self._rooms.get((account_id, name))
        if room is not None:
            room.follow(terms)

    def close(self, account_id: AccountId, name: str) -> None:
        """Let everybody in a room go."""
        room = self._rooms.get((account_id, name))
        if room is not None:
            room.close()

    def _gone(self, key: tuple[AccountId, str]) -> None:
        del self._rooms[key]


def _unheeded(_: str) -> None:
    """Nobody waits for the end of a beep."""
