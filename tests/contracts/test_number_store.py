"""What every `NumberStore` does, and what its numbers are to a `CallerIdStore`."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from callwright.domain.account import Account
from tests.contracts.stores import NOW, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]
NUMBER, OTHER = "441908273801", "441908273800"


def accounts(stores: Stores, run: Run) -> tuple[Account, Account]:
    return run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))


def test_a_number_is_one_accounts(stores: Stores, run: Run) -> None:
    bob, ann = accounts(stores, run)
    assert run(stores.numbers.number_owner(NUMBER)) is None
    assert run(stores.numbers.add(bob.account_id, NUMBER, at=NOW)) is True
    assert run(stores.numbers.add(bob.account_id, NUMBER, at=NOW)) is True
    assert run(stores.numbers.add(ann.account_id, NUMBER, at=NOW)) is False
    assert run(stores.numbers.number_owner(NUMBER)) == bob.account_id
    assert run(stores.numbers.number_owner(OTHER)) is None


def test_numbers_are_told_in_order(stores: Stores, run: Run) -> None:
    bob, ann = accounts(stores, run)
    for number in (NUMBER, OTHER):
        run(stores.numbers.add(bob.account_id, number, at=NOW))
    assert run(stores.numbers.of_account(bob.account_id)) == [OTHER, NUMBER]
    assert run(stores.numbers.of_account(ann.account_id)) == []


def test_a_number_is_taken_from_its_owner_alone_and_is_free_then(stores: Stores, run: Run) -> None:
    bob, ann = accounts(stores, run)
    run(stores.numbers.add(bob.account_id, NUMBER, at=NOW))
    assert run(stores.numbers.remove(ann.account_id, NUMBER)) is False
    assert run(stores.numbers.remove(bob.account_id, NUMBER)) is True
    assert run(stores.numbers.remove(bob.account_id, NUMBER)) is False
    assert run(stores.numbers.add(ann.account_id, NUMBER, at=NOW)) is True
    assert run(stores.numbers.number_owner(NUMBER)) == ann.account_id


@pytest.mark.parametrize("text", ["", "bob", "+441908273801", "\0", "\ud800", "٤٤"])
def test_what_is_no_number_is_nobodys(stores: Stores, run: Run, text: str) -> None:
    bob, _ = accounts(stores, run)
    run(stores.numbers.add(bob.account_id, NUMBER, at=NOW))
    assert run(stores.numbers.number_owner(text)) is None


def test_an_account_may_show_a_number_as_long_as_it_owns_it(stores: Stores, run: Run) -> None:
    bob, ann = accounts(stores, run)
    run(stores.caller_ids.add(bob.account_id, OTHER, at=NOW))
    for number in (NUMBER, OTHER):
        run(stores.numbers.add(bob.account_id, number, at=NOW))
    assert run(stores.caller_ids.has(bob.account_id, NUMBER)) is True
    assert run(stores.caller_ids.has(ann.account_id, NUMBER)) is False
    assert run(stores.caller_ids.of_account(bob.account_id)) == [OTHER, NUMBER]
    # It was not validated, so there is nothing to forget.
    assert run(stores.caller_ids.remove(bob.account_id, NUMBER)) is False
    for number in (NUMBER, OTHER):
        run(stores.numbers.remove(bob.account_id, number))
    assert run(stores.caller_ids.of_account(bob.account_id)) == [OTHER]
