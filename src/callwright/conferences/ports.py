"""What the conferences step needs: reservations kept, and the rooms of this node."""

from typing import Protocol

from callwright.conferences.reservation import Reservation
from callwright.domain.account import Account
from callwright.domain.clock import UnixTime
from callwright.domain.conference import ParticipantChange, RoomTerms, RoomView
from callwright.domain.ids import AccountId, CallId


class ReservationStore(Protocol):
    """The reserved conferences of all accounts. Each account has names of its own,
    which are compared exactly; whoever asks has made sure that they can be reserved.

    One that is over stays until it is forgotten or its name is reserved again.
    """

    async def reserve(
        self, account_id: AccountId, reservation: Reservation, *, at: UnixTime
    ) -> bool:
        """Keep a reservation, instead of one that is over; False if the name is still taken."""
        ...

    async def change_reservation(
        self, account_id: AccountId, before: Reservation, after: Reservation
    ) -> bool:
        """Replace a reservation that is still as it was read; False if it is not any more.

        Both have the same name.
        """
        ...

    async def cancel_reservation(self, account_id: AccountId, name: str) -> bool:
        """Forget one; False if there was none."""
        ...

    async def reservation(self, account_id: AccountId, name: str) -> Reservation | None:
        """Return the reservation of that name."""
        ...

    async def reservations(self, account_id: AccountId) -> list[Reservation]:
        """Return an account's reservations by name."""
        ...

    async def forget_reservations(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` that ended before, the oldest first; returns how many went."""
        ...


class Accounts(Protocol):
    """Where it is looked up what an account has on request."""

    async def read(self, account_id: AccountId) -> Account | None:
        """Return one account, as it is now."""
        ...


class InboundServices(Protocol):
    """Where calls may be diverted to."""

    async def has_inbound(self, account_id: AccountId, name: str) -> bool:
        """Whether the account has an inbound service of that name."""
        ...


class LiveRooms(Protocol):
    """The rooms that somebody is in, on this node."""

    def in_use(self, account_id: AccountId) -> list[RoomView]:
        """Return an account's rooms that somebody is in."""
        ...

    def find(self, account_id: AccountId, name: str) -> RoomView | None:
        """Return an account's room of that name; None while nobody is in it."""
        ...

    def change(
        self, account_id: AccountId, name: str, call_id: CallId, change: ParticipantChange
    ) -> bool:
        """Let a participant take part in another way; False: he is not in that room."""
        ...

    def eject(self, account_id: AccountId, name: str, call_id: CallId) -> bool:
        """Let go of a participant; False: he is not in that room."""
        ...

    def follow(self, account_id: AccountId, name: str, terms: RoomTerms) -> None:
        """Let a room that somebody is in keep to other terms."""
        ...

    def close(self, account_id: AccountId, name: str) -> None:
        """Let everybody in a room go."""
        ...
