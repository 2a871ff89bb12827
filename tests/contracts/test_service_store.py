"""What every `ServiceStore` does."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.domain.ids import ServiceId
from callwright.services.ports import StoredService
from tests.contracts.stores import Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_service_is_found_as_it_was_written(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    assert run(stores.services.write(account.account_id, "reminder", b'{"a": 1}')) is True
    found = run(stores.services.find(account.account_id, "reminder"))
    assert found == StoredService(found.service_id, account.account_id, "reminder", b'{"a": 1}')
    assert run(stores.services.read(found.service_id)) == found


def test_a_service_keeps_its_id_when_it_is_replaced(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    run(stores.services.write(account.account_id, "reminder", b"{}"))
    first = run(stores.services.find(account.account_id, "reminder"))
    assert run(stores.services.write(account.account_id, "reminder", b"[]")) is False
    second = run(stores.services.find(account.account_id, "reminder"))
    assert (second.service_id, second.configuration) == (first.service_id, b"[]")


def test_names_are_compared_exactly(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    assert run(stores.services.write(account.account_id, "reminder", b"1")) is True
    assert run(stores.services.write(account.account_id, "Reminder", b"2")) is True
    assert run(stores.services.find(account.account_id, "REMINDER")) is None


def test_accounts_do_not_see_each_others_services(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    for name in ("b", "a"):
        run(stores.services.write(bob.account_id, name, b"{}"))
    assert run(stores.services.write(ann.account_id, "a", b"{}")) is True
    assert [one.name for one in run(stores.services.of_account(bob.account_id))] == ["a", "b"]
    assert [one.name for one in run(stores.services.of_account(ann.account_id))] == ["a"]


def test_an_unknown_service_is_none(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    assert run(stores.services.find(account.account_id, "reminder")) is None
    assert run(stores.services.read(ServiceId(999))) is None
