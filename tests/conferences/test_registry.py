"""What a reservation means for who comes in, and for those who are in already."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from callwright.conferences.registry import MAX_RESERVATIONS, Admission, ReservationRegistry
from callwright.conferences.reservation import (
    AlreadyReserved,
    NotReserved,
    ReservationsNotEnabled,
    TooManyReservations,
)
from callwright.conferences.wish import BadReservation, ReservationWish
from callwright.domain.account import Account, AccountType, CallLimits, Features
from callwright.domain.clock import Instant, UnixTime
from callwright.domain.conference import UNRESERVED, RoomTerms
from callwright.domain.ids import AccountId
from tests.sim.clock import VirtualClock
from tests.sim.conferences import ScriptedRooms
from tests.sim.memory_stores import MemoryReservationStore

BOB = Account(
    AccountId(1),
    "bob@example.com",
    AccountType.PRODUCTION,
    CallLimits(10, 1.0),
    features=Features(reserved_conferences=True),
)
ANN = replace(BOB, account_id=AccountId(2), features=Features())
HOUR = 3600.0


@dataclass
class Office:
    """A registry over a store that forgets; its conference begins in an hour and takes two."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    store: MemoryReservationStore = field(default_factory=MemoryReservationStore)
    rooms: ScriptedRooms = field(default_factory=ScriptedRooms)
    services: set[str] = field(default_factory=lambda: {"lobby"})
    overtaken_by: ReservationWish | None = None
    """A change that goes through while another one is checked."""

    def __post_init__(self) -> None:
        self.registry = ReservationRegistry(self.store, self, self, self.rooms, self.clock)

    async def has_inbound(self, account_id: AccountId, name: str) -> bool:
        wish, self.overtaken_by = self.overtaken_by, None
        if wish is not None:
            await self.registry.modify(BOB.account_id, wish)
        return account_id == BOB.account_id and name in self.services

    async def read(self, account_id: AccountId) -> Account | None:
        return {BOB.account_id: BOB, ANN.account_id: ANN}.get(account_id)

    def wish(self, name: str = "Weekly", **changes: Any) -> ReservationWish:
        starts_at = UnixTime(self.clock.unix_time() + HOUR)
        whole: dict[str, Any] = {"max_participants": 9, "starts_at": starts_at, "minutes": 120}
        return ReservationWish(name, **(whole | changes))

    async def admission(self, account: Account = BOB, name: str = "Weekly") -> Admission:
        return await self.registry.admission(account.account_id, name)


def tell(story: Callable[[Office], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story(Office())

    asyncio.run(whole())


def test_a_reserved_name_is_shut_open_and_then_anybodys_again() -> None:
    async def story(office: Office) -> None:
        assert await office.admission() == Admission(UNRESERVED)
        await office.registry.create(BOB.account_id, office.wish())
        closes_at = Instant(office.clock.now() + 3 * HOUR)
        assert await office.admission() == Admission(RoomTerms(0, closes_at))
        assert await office.admission(name="Other") == Admission(UNRESERVED)
        assert await office.admission(name="no reserved name") == Admission(UNRESERVED)
        office.clock.advance(HOUR)
        assert await office.admission() == Admission(RoomTerms(9, closes_at))
        office.clock.advance(1.5 * HOUR)
        assert await office.admission() == Admission(RoomTerms(9, closes_at))
        office.clock.advance(0.5 * HOUR)
        assert await office.admission() == Admission(UNRESERVED)

    tell(story)


def test_whoever_comes_before_the_start_is_diverted_where_that_is_wanted() -> None:
    async def story(office: Office) -> None:
        await office.registry.create(BOB.account_id, office.wish(divert="lobby"))
        assert (await office.admission()).divert == "lobby"
        office.clock.advance(HOUR)
        assert (await office.admission()).divert == ""

    tell(story)


def test_rooms_in_use_follow_what_becomes_of_their_reservation() -> None:
    async def story(office: Office) -> None:
        office.rooms.enter(BOB.account_id, "Weekly", "1", starts=False)
        await office.registry.create(BOB.account_id, office.wish())
        office.clock.advance(HOUR)
        await office.registry.modify(BOB.account_id, ReservationWish("Weekly", max_participants=50))
        await office.registry.modify(BOB.account_id, ReservationWish("Weekly", minutes=60))
        now = office.clock.now()
        assert office.rooms.followed == [
            ("Weekly", RoomTerms(0, Instant(now + 2 * HOUR))),
            ("Weekly", RoomTerms(50, Instant(now + 2 * HOUR))),
            ("Weekly", RoomTerms(50, Instant(now + HOUR))),
        ]
        await office.registry.remove(BOB.account_id, "Weekly")
        assert office.rooms.rooms == {}

    tell(story)


@pytest.mark.parametrize(("later", "stays"), [(0.0, True), (HOUR, False), (3 * HOUR, True)])
def test_a_room_goes_with_a_reservation_that_has_begun(later: float, *, stays: bool) -> None:
    async def story(office: Office) -> None:
        await office.registry.create(BOB.account_id, office.wish())
        office.rooms.enter(BOB.account_id, "Weekly", "1", starts=False)
        office.clock.advance(later)
        await office.registry.remove(BOB.account_id, "Weekly")
        assert bool(office.rooms.rooms) is stays
        with pytest.raises(NotReserved, match="'Weekly'"):
            await office.registry.remove(BOB.account_id, "Weekly")

    tell(story)


def test_of_two_changes_at_once_neither_undoes_the_other() -> None:
    async def story(office: Office) -> None:
        await office.registry.create(BOB.account_id, office.wish())
        office.overtaken_by = ReservationWish("Weekly", minutes=30)
        await office.registry.modify(
            BOB.account_id, ReservationWish("Weekly", max_participants=7, divert="lobby")
        )
        kept = await office.store.reservation(BOB.account_id, "Weekly")
        assert kept is not None
        assert (kept.max_participants, kept.duration_minutes) == (7, 30)

    tell(story)


REFUSED: list[tuple[float, ReservationWish, type[Exception], str]] = [
    (0.0, ReservationWish("Other", minutes=5), NotReserved, "'Other'"),
    (0.0, ReservationWish("Weekly", divert="nowhere"), BadReservation, "'nowhere'"),
    (0.0, ReservationWish("Weekly", starts_at=UnixTime(0.0)), BadReservation, "1970-01-01_02"),
    (HOUR, ReservationWish("Weekly", starts_at=UnixTime(0.0)), AlreadyReserved, "has begun"),
    (2 * HOUR, ReservationWish("Weekly", minutes=60), BadReservation, "which is over"),
    (3 * HOUR, ReservationWish("Weekly", minutes=999), AlreadyReserved, "is over"),
]


@pytest.mark.parametrize(("later", "wish", "refusal", "text"), REFUSED)
def test_what_comes_too_late_or_leads_nowhere_changes_nothing(
    later: float, wish: ReservationWish, refusal: type[Exception], text: str
) -> None:
    async def story(office: Office) -> None:
        made = await office.registry.create(BOB.account_id, office.wish())
        office.clock.advance(later)
        with pytest.raises(refusal, match=text):
            await office.registry.modify(BOB.account_id, wish)
        assert await office.store.reservations(BOB.account_id) == [made]

    tell(story)


@pytest.mark.parametrize("account_id", [ANN.account_id, AccountId(3)])
def test_only_who_has_them_on_request_reserves_conferences(account_id: AccountId) -> None:
    async def story(office: Office) -> None:
        with pytest.raises(ReservationsNotEnabled, match="not enabled"):
            await office.registry.create(account_id, office.wish())

    tell(story)


def test_an_account_has_so_many_reservations_and_no_more() -> None:
    async def story(office: Office) -> None:
        for number in range(MAX_RESERVATIONS):
            await office.registry.create(BOB.account_id, office.wish(f"Room{number}"))
        with pytest.raises(TooManyReservations, match="1000"):
            await office.registry.create(BOB.account_id, office.wish())

    tell(story)
