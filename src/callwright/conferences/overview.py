"""The conferences of an account as it sees them: the reserved ones, and the rooms in use."""

from collections.abc import Collection
from dataclasses import dataclass

from callwright.conferences.ports import LiveRooms, ReservationStore
from callwright.conferences.reservation import (
    ConferenceState,
    Phase,
    Reservation,
    can_be_reserved,
    state_of,
)
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.conference import ParticipantChange, ParticipantView, RoomView
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId, CallId


class UnknownConference(RemoteFault):
    """There is no such conference, or nobody is in it."""

    def __init__(self, name: str) -> None:
        """Quote it."""
        super().__init__(f"there is no conference {name!r}")


class UnknownParticipant(RemoteFault):
    """Nobody of that name is in the conference."""

    def __init__(self, name: str, participant: str) -> None:
        """Quote both."""
        super().__init__(f"there is no participant {participant!r} in the conference {name!r}")


@dataclass(frozen=True, slots=True)
class ConferenceSummary:
    """One line of the list."""

    name: str
    state: ConferenceState
    max_participants: int
    participants: int
    """How many are in it now, on this node."""
    reservation: Reservation | None
    """None for a room that nobody reserved."""


class ConferenceOverview:
    """Shows conferences, and has a hand on those who are in them."""

    def __init__(self, store: ReservationStore, rooms: LiveRooms, clock: Clock) -> None:
        """Look at these reservations, and at the rooms of this node."""
        self._store = store
        self._rooms = rooms
        self._clock = clock

    async def conferences(
        self, account_id: AccountId, states: Collection[ConferenceState] = tuple(ConferenceState)
    ) -> list[ConferenceSummary]:
        """Return the account's conferences in one of these states, by name."""
        now = self._clock.unix_time()
        rooms = {room.name: room for room in self._rooms.in_use(account_id)}
        reserved = {one.name: one for one in await self._store.reservations(account_id)}
        summaries = [
            _summary(name, rooms.get(name), reserved.get(name), now)
            for name in sorted({*rooms, *reserved})
        ]
        return [one for one in summaries if one.state in states]

    async def participants(self, account_id: AccountId, name: str) -> tuple[ParticipantView, ...]:
        """Return who is in a conference, in the order in which they came.

        Raises:
            UnknownConference: it is neither reserved nor in use.

        """
        room = self._rooms.find(account_id, name)
        if room is not None:
            return room.participants
        is_known = can_be_reserved(name) and await self._store.reservation(account_id, name)
        if not is_known:
            raise UnknownConference(name)
        return ()

    async def change(
        self, account_id: AccountId, name: str, participant: CallId, change: ParticipantChange
    ) -> None:
        """Let a participant take part in another way.

        Raises:
            UnknownConference: it is neither reserved nor in use.
            UnknownParticipant: nobody of that name is in it.

        """
        if not self._rooms.change(account_id, name, participant, change):
            await self.participants(account_id, name)
            raise UnknownParticipant(name, participant)

    async def eject(self, account_id: AccountId, name: str, participant: CallId) -> None:
        """Let a participant out; his call to the room ends, and what it was made for goes on.

        Raises:
            UnknownConference: it is neither reserved nor in use.
            UnknownParticipant: nobody of that name is in it.

        """
        if not self._rooms.eject(account_id, name, participant):
            await self.participants(account_id, name)
            raise UnknownParticipant(name, participant)


def _summary(
    name: str, room: RoomView | None, reservation: Reservation | None, now: UnixTime
) -> ConferenceSummary:
    in_it = 0 if room is None else len(room.participants)
    is_over = reservation is not None and reservation.phase(now) is Phase.AFTER
    if reservation is not None and not (is_over and room is not None):
        state = state_of(reservation, room, now)
        return ConferenceSummary(name, state, reservation.max_participants, in_it, reservation)
    assert room is not None, "whatever is not reserved is in use"
    state = ConferenceState.ACTIVE if room.is_started else ConferenceState.HOLDING
    return ConferenceSummary(name, state, room.max_participants, in_it, None)
