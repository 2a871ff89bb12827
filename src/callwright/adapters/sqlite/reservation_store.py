"""Reserved conferences in SQLite."""

from callwright.adapters.sqlite.database import Database, run
from callwright.conferences.reservation import Reservation
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class SqliteReservationStore:
    """A `ReservationStore`."""

    def __init__(self, database: Database) -> None:
        """Keep reservations in this database."""
        self._database = database

    async def reserve(
        self, account_id: AccountId, reservation: Reservation, *, at: UnixTime
    ) -> bool:
        """Keep a reservation, instead of one that is over; False if the name is still taken."""
        bindings = {"account_id": account_id, "at": at} | _values(reservation)
        return bool(await self._database.write(lambda c: run(c, "reservation_reserve", bindings)))

    async def change_reservation(
        self, account_id: AccountId, before: Reservation, after: Reservation
    ) -> bool:
        """Replace a reservation that is still as it was read; False if it is not any more."""
        was = {f"was_{name}": value for name, value in _values(before).items()}
        del was["was_name"]
        bindings = {"account_id": account_id} | was | _values(after)
        return bool(await self._database.write(lambda c: run(c, "reservation_change", bindings)))

    async def cancel_reservation(self, account_id: AccountId, name: str) -> bool:
        """Forget one; False if there was none."""
        bindings = {"account_id": account_id, "name": name}
        return bool(await self._database.write(lambda c: run(c, "reservation_cancel", bindings)))

    async def reservation(self, account_id: AccountId, name: str) -> Reservation | None:
        """Return the reservation of that name."""
        rows = self._database.read("reservation_find", {"account_id": account_id, "name": name})
        return Reservation(*rows[0]) if rows else None

    async def reservations(self, account_id: AccountId) -> list[Reservation]:
        """Return an account's reservations by name."""
        rows = self._database.read("reservation_of_account", {"account_id": account_id})
        return [Reservation(*row) for row in rows]

    async def forget_reservations(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` that ended before, the oldest first; returns how many went."""
        oldest = {"ended_before": ended_before, "limit": limit}
        gone = await self._database.write(lambda c: run(c, "reservation_forget", oldest))
        return len(gone)


def _values(reservation: Reservation) -> dict[str, str | float]:
    return {
        "name": reservation.name,
        "max_participants": reservation.max_participants,
        "starts_at": reservation.starts_at,
        "ends_at": reservation.ends_at,
        "divert": reservation.divert,
    }
