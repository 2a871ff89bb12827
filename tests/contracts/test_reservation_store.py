"""What every `ReservationStore` does."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from callwright.conferences.reservation import Reservation
from callwright.domain.clock import UnixTime
from tests.contracts.stores import NOW, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]

WEEKLY = Reservation("Weekly42", 350, UnixTime(NOW + 60), UnixTime(NOW + 3660), divert="desk.2")
LATER = UnixTime(WEEKLY.ends_at + 1)


def test_a_name_is_reserved_once_until_it_is_over(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    kept = stores.reservations
    assert run(kept.reserve(bob.account_id, WEEKLY, at=NOW)) is True
    again = replace(WEEKLY, max_participants=2, divert="", ends_at=UnixTime(NOW + 9999))
    assert run(kept.reserve(bob.account_id, again, at=NOW)) is False
    assert run(kept.reservation(bob.account_id, "Weekly42")) == WEEKLY
    assert run(kept.reserve(ann.account_id, again, at=NOW)) is True
    assert run(kept.reservation(ann.account_id, "Weekly42")) == again
    assert run(kept.reserve(bob.account_id, again, at=WEEKLY.ends_at)) is True
    assert run(kept.reservation(bob.account_id, "Weekly42")) == again


@pytest.mark.parametrize("name", ["weekly42", "", "Weekly4"])
def test_names_are_compared_exactly(stores: Stores, run: Run, name: str) -> None:
    account = run(stores.account())
    run(stores.reservations.reserve(account.account_id, WEEKLY, at=NOW))
    assert run(stores.reservations.reservation(account.account_id, name)) is None


def test_reservations_are_told_by_name_and_account(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    for name in ("b", "C", "a"):
        run(stores.reservations.reserve(bob.account_id, replace(WEEKLY, name=name), at=NOW))
    names = [one.name for one in run(stores.reservations.reservations(bob.account_id))]
    assert names == ["C", "a", "b"]
    assert run(stores.reservations.reservations(ann.account_id)) == []


CHANGES: list[dict[str, Any]] = [
    {"max_participants": 2},
    {"starts_at": UnixTime(NOW + 61)},
    {"ends_at": UnixTime(NOW + 3661)},
    {"divert": ""},
]


@pytest.mark.parametrize("change", CHANGES)
def test_one_that_is_as_it_was_read_is_changed(
    stores: Stores, run: Run, change: dict[str, Any]
) -> None:
    account_id = run(stores.account()).account_id
    kept, after = stores.reservations, replace(WEEKLY, **change)
    run(kept.reserve(account_id, WEEKLY, at=NOW))
    assert run(kept.change_reservation(account_id, WEEKLY, after)) is True
    assert run(kept.change_reservation(account_id, WEEKLY, after)) is False
    assert run(kept.reservation(account_id, "Weekly42")) == after
    run(kept.cancel_reservation(account_id, "Weekly42"))
    assert run(kept.change_reservation(account_id, after, WEEKLY)) is False


def test_one_is_cancelled_once(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    run(stores.reservations.reserve(bob.account_id, WEEKLY, at=NOW))
    assert run(stores.reservations.cancel_reservation(ann.account_id, "Weekly42")) is False
    assert run(stores.reservations.cancel_reservation(bob.account_id, "Weekly42")) is True
    assert run(stores.reservations.cancel_reservation(bob.account_id, "Weekly42")) is False


def test_the_oldest_are_forgotten_first(stores: Stores, run: Run) -> None:
    account_id = run(stores.account()).account_id
    kept = stores.reservations
    for name, later in (("last", 2), ("first", 0), ("second", 1), ("open", 9)):
        ends_at = UnixTime(WEEKLY.ends_at + later)
        run(kept.reserve(account_id, replace(WEEKLY, name=name, ends_at=ends_at), at=NOW))

    def forget(limit: int) -> tuple[int, list[str]]:
        before = UnixTime(WEEKLY.ends_at + 3)
        gone = run(kept.forget_reservations(ended_before=before, limit=limit))
        return gone, [one.name for one in run(kept.reservations(account_id))]

    assert forget(1) == (1, ["last", "open", "second"])
    assert forget(9) == (2, ["open"])
    assert forget(9) == (0, ["open"])
