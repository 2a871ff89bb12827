"""Lists of caller IDs: kept as digits, however they were written."""

import asyncio

import pytest

from callwright.accounts import caller_ids
from callwright.accounts.caller_ids import (
    BadCallerId,
    CallerIds,
    OwnNumber,
    TooManyCallerIds,
    UnknownCallerId,
)
from callwright.accounts.registry import UnknownAccount
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from tests.sim.clock import VirtualClock
from tests.sim.memory_stores import MemoryAccountStore, MemoryCallerIdStore

BOB = "bob@example.com"


@pytest.fixture
def store() -> MemoryCallerIdStore:
    return MemoryCallerIdStore()


@pytest.fixture
def lists(store: MemoryCallerIdStore) -> CallerIds:
    accounts = MemoryAccountStore()
    for username in (BOB, "ann@example.com"):
        asyncio.run(
            accounts.create(
                username,
                account_type=AccountType.PREMIUM,
                limits=CallLimits(1, 1.0),
                key_hash=b"",
            )
        )
    return CallerIds(accounts, store, VirtualClock())


@pytest.mark.parametrize(
    "written", ["441908273801", "+441908273801", "tel:+44 1908 273801", "44-1908-273801"]
)
def test_a_number_is_kept_as_its_digits(lists: CallerIds, written: str) -> None:
    assert asyncio.run(lists.add(BOB, written)) == "441908273801"
    assert asyncio.run(lists.of_account("BOB@example.com")) == ["441908273801"]
    assert asyncio.run(lists.of_account("ann@example.com")) == []


def test_one_that_is_there_stays_and_can_be_removed_once(lists: CallerIds) -> None:
    for number in ("441908273802", "441908273801", "441908273802"):
        asyncio.run(lists.add(BOB, number))
    assert asyncio.run(lists.of_account(BOB)) == ["441908273801", "441908273802"]
    assert asyncio.run(lists.remove(BOB, "+441908273802")) == "441908273802"
    assert asyncio.run(lists.of_account(BOB)) == ["441908273801"]
    with pytest.raises(UnknownCallerId, match=f"441908273802 is no caller ID of {BOB}"):
        asyncio.run(lists.remove(BOB, "441908273802"))


def test_an_accounts_own_number_stays_one(lists: CallerIds, store: MemoryCallerIdStore) -> None:
    bob = AccountId(1)
    asyncio.run(store.owned.add(bob, "441908273801", at=UnixTime(0.0)))
    asyncio.run(lists.add(BOB, "441908273801"))
    with pytest.raises(OwnNumber, match=f"441908273801 is a number of {BOB}"):
        asyncio.run(lists.remove(BOB, "441908273801"))
    asyncio.run(store.owned.remove(bob, "441908273801"))
    assert asyncio.run(lists.of_account(BOB)) == []


@pytest.mark.parametrize("number", ["", "01908273801", "bob", "sip:bob@example.com", "4419x"])
def test_what_no_telephone_shows_is_refused(lists: CallerIds, number: str) -> None:
    with pytest.raises(BadCallerId, match="telephone number"):
        asyncio.run(lists.add(BOB, number))


def test_the_list_has_a_bound(lists: CallerIds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_ids, "MAX_CALLER_IDS", 2)
    for number in ("441908273801", "441908273802", "441908273802"):
        asyncio.run(lists.add(BOB, number))
    with pytest.raises(TooManyCallerIds, match="2 caller IDs"):
        asyncio.run(lists.add(BOB, "441908273803"))


def test_unknown_accounts_are_told(lists: CallerIds) -> None:
    for ask in (lists.add("x@y.z", "441908273801"), lists.remove("x@y.z", "441908273801")):
        with pytest.raises(UnknownAccount, match=r"x@y\.z"):
            asyncio.run(ask)
