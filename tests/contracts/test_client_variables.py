"""Values that clients' requests refer to by name, on every kind of store."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from callwright.domain.ids import AccountId
from callwright.scheduler.values import Addition, ClientVariable, Page
from tests.contracts.callback_stores import CallbackStores

Run = Callable[[Coroutine[object, object, object]], Any]


def of(account_id: AccountId, name: str, value: str = "205") -> ClientVariable:
    return ClientVariable(account_id, name, value)


def test_a_variable_is_kept_changed_and_deleted(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        variables = callback_stores.variables
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        boss = of(bob, "BOSS", "☎ +37120000001")
        assert await variables.add_variable(boss, most=9) is Addition.ADDED
        assert await variables.variable(bob, "BOSS") == boss
        assert await variables.variable(eve, "BOSS") is None
        assert await variables.variable(bob, "boss") is None
        assert await variables.change_variable(replace(boss, value="")) is True
        assert await variables.change_variable(replace(boss, account_id=eve)) is False
        assert await variables.variable(bob, "BOSS") == replace(boss, value="")
        assert await variables.delete_variable(eve, "BOSS") is False
        assert await variables.delete_variable(bob, "BOSS") is True
        assert await variables.delete_variable(bob, "BOSS") is False
        assert await variables.variable(bob, "BOSS") is None

    run(scenario())


def test_a_name_is_one_variables_and_there_is_a_most(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        variables = callback_stores.variables
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        assert await variables.add_variable(of(bob, "A"), most=2) is Addition.ADDED
        assert await variables.add_variable(of(bob, "A", "other"), most=2) is Addition.NAME_TAKEN
        assert await variables.add_variable(of(bob, "a"), most=2) is Addition.ADDED
        assert await variables.add_variable(of(bob, "B"), most=2) is Addition.TOO_MANY
        assert await variables.add_variable(of(bob, "A"), most=2) is Addition.NAME_TAKEN
        assert await variables.add_variable(of(eve, "A"), most=2) is Addition.ADDED
        assert await variables.variable(bob, "A") == of(bob, "A")

    run(scenario())


def test_variables_are_listed_by_name(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        variables = callback_stores.variables
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        for name in ("b", "_1", "A", "a", "C"):
            await variables.add_variable(of(bob, name), most=9)
        await variables.add_variable(of(eve, "E"), most=9)

        async def names(page: Page) -> tuple[str, int]:
            found, count = await variables.variables(bob, page)
            return " ".join(one.name for one in found), count

        assert await names(Page(9)) == ("A C _1 a b", 5)
        assert await names(Page(2, 3)) == ("a b", 5)
        assert await names(Page(2, descending=True)) == ("b a", 5)

    run(scenario())
