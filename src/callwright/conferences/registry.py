"""Reserved conferences: made, changed and given up; and what that means for who comes in."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from callwright.conferences.ports import Accounts, InboundServices, LiveRooms, ReservationStore
from callwright.conferences.reservation import (
    SECONDS_A_MINUTE,
    AlreadyReserved,
    NotReserved,
    Phase,
    Reservation,
    ReservationsNotEnabled,
    TooManyReservations,
    can_be_reserved,
)
from callwright.conferences.wish import WRONG, BadReservation, ReservationWish, no_such_service
from callwright.domain.clock import Clock, Instant, UnixTime, print_datetime
from callwright.domain.conference import UNRESERVED, RoomTerms
from callwright.domain.ids import AccountId

MAX_RESERVATIONS: Final = 1000
"""Of one account, those among them that are over and remembered (assumed); two at the same moment
may make one more."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What becomes of somebody who comes to a conference now."""

    terms: RoomTerms
    divert: str = ""
    """The inbound service that takes the call instead; empty: the room does, on its terms."""


class ReservationRegistry:
    """The reserved conferences of all accounts."""

    def __init__(
        self,
        store: ReservationStore,
        accounts: Accounts,
        services: InboundServices,
        rooms: LiveRooms,
        clock: Clock,
    ) -> None:
        """Take where reservations are kept, and the rooms that are to follow them."""
        self._store = store
        self._accounts = accounts
        self._services = services
        self._rooms = rooms
        self._clock = clock

    async def create(self, account_id: AccountId, wish: ReservationWish) -> Reservation:
        """Reserve a name for a while; the wish is complete.

        A room of that name that is in use becomes the reserved one when that begins.

        Raises:
            BadReservation: it would be over already, or diverts to nobody.
            ReservationRefused: the account has none on request, has too many, or has this one.

        """
        # Read anew: whose request it is may be remembered for a minute.
        account = await self._accounts.read(account_id)
        if account is None or not account.features.reserved_conferences:
            raise ReservationsNotEnabled(
                "reserved conferences are not enabled for this account; its operator can do that"
            )
        assert wish.max_participants is not None, "a complete wish says how many"
        assert wish.starts_at is not None, "a complete wish says when"
        assert wish.minutes is not None, "a complete wish says how long"
        now = self._clock.unix_time()
        reservation = Reservation(
            wish.name,
            wish.max_participants,
            wish.starts_at,
            _end(wish.starts_at, wish.minutes),
            wish.divert or "",
        )
        await self._check(account_id, reservation, now)
        known = await self._store.reservations(account_id)
        if len(known) >= MAX_RESERVATIONS:
            raise TooManyReservations(
                f"the account has {MAX_RESERVATIONS} reserved conferences, which is the most"
            )
        if not await self._store.reserve(account_id, reservation, at=now):
            raise AlreadyReserved(f"{wish.name} is reserved already; modify or remove that")
        self._tell_room(account_id, reservation)
        return reservation

    async def modify(self, account_id: AccountId, wish: ReservationWish) -> Reservation:
        """Change what a wish names; a room in use follows at once.

        Raises:
            BadReservation: it would be over already, or diverts to nobody.
            ReservationRefused: there is none of that name, or it is too late.

        """
        while True:
            now = self._clock.unix_time()
            before = await self._found(account_id, wish.name)
            after = _changed(before, wish, now)
            await self._check(account_id, after, now)
            if await self._store.change_reservation(account_id, before, after):
                self._tell_room(account_id, after)
                return after
            # Somebody else's change went through meanwhile; ours is laid over that one.

    async def remove(self, account_id: AccountId, name: str) -> None:
        """Give a reservation up. Whoever is in its room has to go, if it has begun.

        Raises:
            NotReserved: there is none of that name.

        """
        before = await self._found(account_id, name)
        if not await self._store.cancel_reservation(account_id, name):
            raise NotReserved(name)
        match before.phase(self._clock.unix_time()):
            case Phase.WITHIN:
                self._rooms.close(account_id, name)
            case Phase.BEFORE:
                self._rooms.follow(account_id, name, UNRESERVED)
            case Phase.AFTER:
                pass
            case _ as never:
                assert_never(never)

    async def admission(self, account_id: AccountId, name: str) -> Admission:
        """Say what becomes of somebody who comes to an account's conference of that name now."""
        if not can_be_reserved(name):
            return Admission(UNRESERVED)
        reservation = await self._store.reservation(account_id, name)
        if reservation is None:
            return Admission(UNRESERVED)
        is_early = reservation.phase(self._clock.unix_time()) is Phase.BEFORE
        return Admission(self._terms(reservation), reservation.divert if is_early else "")

    def _terms(self, reservation: Reservation) -> RoomTerms:
        now = self._clock.unix_time()
        closes_at = Instant(self._clock.now() + reservation.ends_at - now)
        match reservation.phase(now):
            case Phase.BEFORE:
                return RoomTerms(max_participants=0, closes_at=closes_at)
            case Phase.WITHIN:
                return RoomTerms(reservation.max_participants, closes_at)
            case Phase.AFTER:
                return UNRESERVED
            case _ as never:
                assert_never(never)

    def _tell_room(self, account_id: AccountId, reservation: Reservation) -> None:
        self._rooms.follow(account_id, reservation.name, self._terms(reservation))

    async def _found(self, account_id: AccountId, name: str) -> Reservation:
        reservation = await self._store.reservation(account_id, name)
        if reservation is None:
            raise NotReserved(name)
        return reservation

    async def _check(self, account_id: AccountId, reservation: Reservation, now: UnixTime) -> None:
        if reservation.phase(now) is Phase.AFTER:
            raise BadReservation(
                WRONG,
                f"the conference would end at {print_datetime(reservation.ends_at)}, which is "
                "over: a later moment was expected",
            )
        divert = reservation.divert
        if divert and not await self._services.has_inbound(account_id, divert):
            raise no_such_service(divert)


def _changed(before: Reservation, wish: ReservationWish, now: UnixTime) -> Reservation:
    phase = before.phase(now)
    if phase is Phase.AFTER:
        raise AlreadyReserved(f"{before.name} is over; it can be reserved again")
    starts_at = before.starts_at if wish.starts_at is None else wish.starts_at
    if phase is Phase.WITHIN and starts_at != before.starts_at:
        raise AlreadyReserved(f"{before.name} has begun; its start cannot be moved any more")
    minutes = before.duration_minutes if wish.minutes is None else wish.minutes
    return replace(
        before,
        max_participants=wish.max_participants or before.max_participants,
        starts_at=starts_at,
        ends_at=_end(starts_at, minutes),
        divert=before.divert if wish.divert is None else wish.divert,
    )


def _end(starts_at: UnixTime, minutes: int) -> UnixTime:
    return UnixTime(starts_at + minutes * SECONDS_A_MINUTE)
