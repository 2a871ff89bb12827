"""The conference rooms of a node: their legs, and what the media worker is told of them.

All legs of a room are in one media worker; the first one chooses it.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from callwright.domain.call_control import Sound, Tone
from callwright.domain.ids import AccountId
from callwright.engine.announcer import Announcer, Done
from callwright.engine.call_leg import LegWorld
from callwright.engine.conference import Conference, Participant, RoomState
from callwright.engine.media_session import MediaSession

BEEP: Final = Tone((1000.0,), duration_ms=200, level_dbm0=-15.0)
"""Says that somebody has come in: short and soft, for people are talking."""


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

    def room_changed(self, *, is_started: bool) -> None:
        """The conference started or stopped."""
        ...

    def room_is_gone(self) -> None:
        """The room was destroyed."""
        ...


class Room:
    """One room, as long as somebody is in it."""

    def __init__(self, number: int, world: LegWorld, *, forget: Callable[[], None]) -> None:
        """Make an empty room; `forget` is called when it is destroyed."""
        self.number = number
        self._world = world
        self._forget = forget
        self._conference = Conference()
        self._legs: dict[int, RoomParticipant] = {}
        self._heard: dict[int, bool] = {}
        self._was_started = False
        self._announcer: Announcer | None = None

    @property
    def is_started(self) -> bool:
        """Whether the participants hear each other."""
        return self._conference.state is RoomState.STARTED

    @property
    def beside(self) -> int | None:
        """A leg in the worker that has the room; None while it is empty."""
        return next(iter(self._legs), None)

    def enter(self, leg: RoomParticipant, participant: Participant) -> None:
        """Let a leg in; raises `RoomIsFull`."""
        self._conference.enter(leg.leg, participant)
        self._legs[leg.leg] = leg
        self._heard[leg.leg] = self.talks(leg)

    def talks(self, leg: RoomParticipant) -> bool:
        """Whether the others hear a leg."""
        return self._conference.talks(leg.leg)

    def tell(self, newcomer: RoomParticipant) -> None:
        """Tell everybody of a leg that came in, unless it is out again already."""
        if newcomer.leg not in self._legs:
            return
        if self.is_started and self._was_started:
            newcomer.room_changed(is_started=True)
        self._follow()
        if self._conference.beeps_for(newcomer.leg):
            self.announce((BEEP,), _unheeded)

    def leave(self, leg: RoomParticipant) -> None:
        """Let a leg out; the others go too where it takes the room with it."""
        if self._legs.pop(leg.leg, None) is None:
            return
        del self._heard[leg.leg]
        self._conference.leave(leg.leg)
        if self._conference.state is not RoomState.DESTROYED:
            self._follow()
            return
        left, self._legs = list(self._legs.values()), {}
        self._forget()
        if self._announcer is not None:
            self._announcer.close()
        for one in left:
            one.room_is_gone()

    def mute(self, leg: RoomParticipant, *, is_muted: bool) -> None:
        """Take a participant's voice, or give it back."""
        self._conference.mute(leg.leg, is_muted=is_muted)
        self._follow()

    def announce(self, sounds: Sequence[Sound], done: Done) -> None:
        """Play to everybody; `done` is told when it is over."""
        beside = self.beside
        if beside is None:
            done("")
            return
        if self._announcer is None:
            self._announcer = Announcer(self._world, self.number, beside=beside)
        self._announcer.announce(sounds, done)

    def _follow(self) -> None:
        """Tell the worker and the legs what has changed."""
        for number, leg in self._legs.items():
            talks = self.talks(leg)
            if talks != self._heard[number]:
                self._heard[number] = talks
                leg.media.set_in_room(talks=talks)
        if self.is_started != self._was_started:
            self._was_started = self.is_started
            for leg in list(self._legs.values()):
                leg.room_changed(is_started=self.is_started)


class Rooms:
    """The rooms of all accounts."""

    def __init__(self, world: LegWorld) -> None:
        """Begin without any."""
        self._world = world
        self._rooms: dict[tuple[AccountId, str], Room] = {}
        self._last_number = 0

    def room(self, account_id: AccountId, name: str) -> Room:
        """Return an account's room of that name; it is made if there is none."""
        key = (account_id, name)
        if key not in self._rooms:
            self._last_number += 1
            self._rooms[key] = Room(self._last_number, self._world, forget=lambda: self._gone(key))
        return self._rooms[key]

    def _gone(self, key: tuple[AccountId, str]) -> None:
        del self._rooms[key]


def _unheeded(_: str) -> None:
    """Nobody waits for the end of a beep."""
