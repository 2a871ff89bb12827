"""Conferences without an engine: reservations as the test says, and rooms that keep no sound."""

from dataclasses import dataclass, field, replace

from callwright.conferences.registry import Admission
from callwright.domain.conference import (
    UNRESERVED,
    ParticipantChange,
    ParticipantView,
    RoomTerms,
    RoomView,
)
from callwright.domain.errors import StoreUnavailable
from callwright.domain.ids import AccountId, CallId, InstanceId


@dataclass(slots=True)
class Admissions:
    """Implements `dispatch.invocation.Admissions`; a room that is not named is anybody's."""

    of: dict[str, Admission] = field(default_factory=dict)
    is_away: bool = False
    """Whether the store is, where it would be looked up."""

    async def admission(self, account_id: AccountId, name: str) -> Admission:
        del account_id
        if self.is_away:
            raise StoreUnavailable("the store is away")
        return self.of.get(name, Admission(UNRESERVED))


@dataclass(slots=True)
class ScriptedRooms:
    """Implements `conferences.ports.LiveRooms`; `enter` puts somebody into a room."""

    rooms: dict[tuple[AccountId, str], RoomView] = field(default_factory=dict)
    followed: list[tuple[str, RoomTerms]] = field(default_factory=list)

    def enter(self, account_id: AccountId, name: str, *participants: str, starts: bool) -> None:
        """Put these into a room, which is new."""
        views = tuple(
            ParticipantView(
                CallId(participant),
                InstanceId(f"instance.{participant}"),
                "441908273801",
                is_talker=True,
                is_muted=False,
                destroys_on_exit=False,
                duration=12.345,
            )
            for participant in participants
        )
        self.rooms[account_id, name] = RoomView(name, starts, 40, views)

    def in_use(self, account_id: AccountId) -> list[RoomView]:
        return [room for (owner, _), room in self.rooms.items() if owner == account_id]

    def find(self, account_id: AccountId, name: str) -> RoomView | None:
        return self.rooms.get((account_id, name))

    def change(
        self, account_id: AccountId, name: str, call_id: CallId, change: ParticipantChange
    ) -> bool:
        room = self.find(account_id, name)
        if room is None or call_id not in {one.call_id for one in room.participants}:
            return False
        self.rooms[account_id, name] = replace(
            room,
            participants=tuple(
                _changed(one, change) if one.call_id == call_id else one
                for one in room.participants
            ),
        )
        return True

    def eject(self, account_id: AccountId, name: str, call_id: CallId) -> bool:
        room = self.find(account_id, name)
        if room is None or call_id not in {one.call_id for one in room.participants}:
            return False
        left = tuple(one for one in room.participants if one.call_id != call_id)
        self.rooms[account_id, name] = replace(room, participants=left)
        if not left:
            del self.rooms[account_id, name]
        return True

    def follow(self, account_id: AccountId, name: str, terms: RoomTerms) -> None:
        self.followed.append((name, terms))
        room = self.find(account_id, name)
        if room is not None:
            self.rooms[account_id, name] = replace(room, max_participants=terms.max_participants)

    def close(self, account_id: AccountId, name: str) -> None:
        self.rooms.pop((account_id, name), None)


def _changed(one: ParticipantView, change: ParticipantChange) -> ParticipantView:
    talker, muted, ends = change.is_talker, change.is_muted, change.destroys_on_exit
    return replace(
        one,
        is_talker=one.is_talker if talker is None else talker,
        is_muted=one.is_muted if muted is None else muted,
        destroys_on_exit=one.destroys_on_exit if ends is None else ends,
    )
