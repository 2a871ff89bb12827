"""What every `ServiceStore` does."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from callwright.domain.errors import RemoteFault
from callwright.domain.ids import ServiceId
from callwright.queue.ports import WaitingService
from callwright.services.ports import NameTaken, ServiceKind, StoredService
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


def test_kinds_do_not_share_names(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    run(stores.services.write(account.account_id, "reminder", b"1"))
    made = stores.services.write(account.account_id, "reminder", b"2", kind=ServiceKind.INBOUND)
    assert run(made) is True
    outbound = run(stores.services.find(account.account_id, "reminder"))
    inbound = run(stores.services.find(account.account_id, "reminder", kind=ServiceKind.INBOUND))
    assert (outbound.kind, outbound.configuration) == (ServiceKind.OUTBOUND, b"1")
    assert (inbound.kind, inbound.configuration) == (ServiceKind.INBOUND, b"2")
    assert run(stores.services.of_account(account.account_id)) == [outbound]
    mine = stores.services.of_account(account.account_id, kind=ServiceKind.INBOUND)
    assert run(mine) == [inbound]
    assert run(stores.services.read(inbound.service_id)) == inbound


def test_an_inbound_service_is_called_by_its_name_alone(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    run(stores.services.write(bob.account_id, "desk", b"out"))
    assert run(stores.services.called("desk")) is None
    run(stores.services.write(bob.account_id, "desk", b"1", kind=ServiceKind.INBOUND))
    found = run(stores.services.called("desk"))
    assert (found.account_id, found.kind, found.configuration) == (
        bob.account_id,
        ServiceKind.INBOUND,
        b"1",
    )
    assert run(stores.services.called("Desk")) is None
    assert run(stores.services.called("\0\ud800")) is None
    with pytest.raises(NameTaken, match="'desk'"):
        run(stores.services.write(ann.account_id, "desk", b"2", kind=ServiceKind.INBOUND))
    assert run(stores.services.find(ann.account_id, "desk", kind=ServiceKind.INBOUND)) is None
    assert run(stores.services.write(ann.account_id, "desk", b"2")) is True
    again = stores.services.write(bob.account_id, "desk", b"3", kind=ServiceKind.INBOUND)
    assert run(again) is False
    run(stores.services.delete(found.service_id))
    assert run(stores.services.called("desk")) is None
    freed = stores.services.write(ann.account_id, "desk", b"4", kind=ServiceKind.INBOUND)
    assert run(freed) is True


def test_a_number_may_be_the_name_of_a_service_of_two_accounts(stores: Stores, run: Run) -> None:
    for username in ("bob@example.com", "ann@example.com"):
        owner = run(stores.account(username)).account_id
        made = stores.services.write(owner, "441908273800", b"{}", kind=ServiceKind.INBOUND)
        assert run(made) is True
    assert run(stores.services.called("441908273800")) is None


def test_of_two_changes_of_the_same_the_second_is_refused(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    run(stores.services.write(account.account_id, "reminder", b"read by both"))
    seen = run(stores.services.find(account.account_id, "reminder"))
    assert run(stores.services.change(seen, b"first")) is True
    assert run(stores.services.change(seen, b"second")) is False
    found = run(stores.services.find(account.account_id, "reminder"))
    assert (found.service_id, found.configuration) == (seen.service_id, b"first")


def test_a_deleted_service_frees_its_name_and_leaves_its_starts(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.queued(account, service_id, 2))
    seen = run(stores.services.read(service_id))
    run(stores.services.delete(service_id))
    run(stores.services.delete(service_id))
    assert run(stores.services.read(service_id)) is None
    assert run(stores.services.find(account.account_id, "reminder")) is None
    assert run(stores.services.of_account(account.account_id)) == []
    assert run(stores.services.change(seen, b"too late")) is False
    assert len(run(stores.queue.status(account.account_id, refs))) == 2
    waiting = [WaitingService(account.account_id, service_id, 2)]
    assert run(stores.queue.waiting()) == waiting
    again = run(stores.service(account))
    assert again != service_id
    assert run(stores.queue.lengths(account.account_id)) == {service_id: 2}


def test_an_unknown_service_is_none(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    assert run(stores.services.find(account.account_id, "reminder")) is None
    assert run(stores.services.read(ServiceId(999))) is None


class Full(RemoteFault):
    """There are as many services as there may be."""


def full(services: Sequence[StoredService]) -> None:
    """Refuse one more beside this many."""
    if len(services) >= 2:
        raise Full(str([one.name for one in services]))


def test_a_change_is_judged_beside_the_services_of_its_kind(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    for account, name in ((bob, "b"), (ann, "x"), (bob, "a")):
        run(stores.services.write(account.account_id, name, b"{}", judge=full))
    with pytest.raises(Full, match=r"\['a', 'b'\]"):
        run(stores.services.write(bob.account_id, "c", b"{}", judge=full))
    assert run(stores.services.find(bob.account_id, "c")) is None
    inbound = ServiceKind.INBOUND
    assert run(stores.services.write(bob.account_id, "c", b"{}", kind=inbound, judge=full)) is True
    seen = run(stores.services.find(bob.account_id, "a"))
    with pytest.raises(Full):
        run(stores.services.change(seen, b"[]", judge=full))
    assert run(stores.services.read(seen.service_id)) == seen


def test_of_many_at_once_as_many_are_written_as_may_be(stores: Stores, run: Run) -> None:
    account = run(stores.account())

    async def write_all() -> list[object]:
        writes = [
            stores.services.write(account.account_id, f"s{number}", b"{}", judge=full)
            for number in range(8)
        ]
        return await asyncio.gather(*writes, return_exceptions=True)

    outcomes = run(write_all())
    assert sum(outcome is True for outcome in outcomes) == 2
    assert sum(isinstance(outcome, Full) for outcome in outcomes) == 6


def test_of_changes_at_once_as_many_are_made_as_may_be(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    for number in range(8):
        run(stores.services.write(account.account_id, f"s{number}", b"0"))

    def two_at_most(services: Sequence[StoredService]) -> None:
        if sum(one.configuration == b"1" for one in services) >= 2:
            raise Full

    async def change_all() -> list[object]:
        seen = await stores.services.of_account(account.account_id)
        changes = [stores.services.change(one, b"1", judge=two_at_most) for one in seen]
        return await asyncio.gather(*changes, return_exceptions=True)

    outcomes = run(change_all())
    assert sum(outcome is True for outcome in outcomes) == 2
    kept = run(stores.services.of_account(account.account_id))
    assert sum(one.configuration == b"1" for one in kept) == 2
