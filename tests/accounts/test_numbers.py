"""Lists of numbers that accounts own: kept as digits, however they were written."""

import asyncio

import pytest

from callwright.accounts import numbers
from callwright.accounts.numbers import (
    BadNumber,
    Numbers,
    NumberTaken,
    TooManyNumbers,
    UnknownNumber,
)
from callwright.accounts.registry import UnknownAccount
from callwright.domain.account import AccountType, CallLimits
from tests.sim.clock import VirtualClock
from tests.sim.memory_stores import MemoryAccountStore, MemoryNumberStore

BOB, ANN = "bob@example.com", "ann@example.com"


@pytest.fixture
def lists() -> Numbers:
    accounts = MemoryAccountStore()
    for username in (BOB, ANN):
        asyncio.run(
            accounts.create(
                username,
                account_type=AccountType.PREMIUM,
                limits=CallLimits(1, 1.0),
                key_hash=b"",
            )
        )
    return Numbers(accounts, MemoryNumberStore(), VirtualClock())


@pytest.mark.parametrize("written", ["441908273801", "+441908273801", "44-1908-273801"])
def test_a_number_is_kept_as_its_digits(lists: Numbers, written: str) -> None:
    assert asyncio.run(lists.add(BOB, written)) == "441908273801"
    assert asyncio.run(lists.of_account("BOB@example.com")) == ["441908273801"]
    assert asyncio.run(lists.of_account(ANN)) == []


def test_a_number_is_one_accounts_until_it_is_removed(lists: Numbers) -> None:
    for _ in range(2):
        asyncio.run(lists.add(BOB, "441908273801"))
    with pytest.raises(NumberTaken, match="441908273801 is a number of another account"):
        asyncio.run(lists.add(ANN, "+441908273801"))
    with pytest.raises(UnknownNumber, match=f"441908273801 is no number of {ANN}"):
        asyncio.run(lists.remove(ANN, "441908273801"))
    assert asyncio.run(lists.remove(BOB, "+441908273801")) == "441908273801"
    assert asyncio.run(lists.add(ANN, "441908273801")) == "441908273801"


@pytest.mark.parametrize("number", ["", "01908273801", "bob", "sip:bob@example.com", "4419x"])
def test_what_no_telephone_has_is_refused(lists: Numbers, number: str) -> None:
    with pytest.raises(BadNumber, match="telephone number"):
        asyncio.run(lists.add(BOB, number))


def test_nobody_owns_more_than_a_block(lists: Numbers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MAX_NUMBERS", 1)
    asyncio.run(lists.add(BOB, "441908273801"))
    asyncio.run(lists.add(BOB, "441908273801"))
    with pytest.raises(TooManyNumbers, match=f"{BOB} has 1 numbers"):
        asyncio.run(lists.add(BOB, "441908273802"))


def test_unknown_accounts_are_told(lists: Numbers) -> None:
    with pytest.raises(UnknownAccount, match=r"nobody@example\.com"):
        asyncio.run(lists.of_account("nobody@example.com"))
