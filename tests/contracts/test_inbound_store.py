"""What every `InboundStore` does."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from callwright.dispatch.ports import Beginning, InboundIntent, InterruptedInbound
from callwright.domain.account import Account
from callwright.domain.clock import UnixTime
from callwright.domain.facts import CallPlaced, InstanceStarted
from callwright.domain.ids import InstanceId, ServiceRef
from callwright.domain.records import CallDirection, InstanceRecord
from callwright.queue.ports import LeaseLost
from tests.contracts.stores import NOW, Stores, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def arrived(account: Account, name: str = "in", *, after: float = 0.0) -> InboundIntent:
    """A call that came in; its instance's names follow from `name`."""
    ref = ServiceRef(name)
    intent = intent_of(ref)
    at = UnixTime(NOW + after)
    started = InstanceStarted(
        at=at,
        instance_id=intent.instance_id,
        application_name="desk ☎",
        rest_to="",
        rest_from="",
        rest_initial_token="",
        outbound_parameters="",
        application_parameters="night",
        rest_log_filename="2027/01/15/rest.log",
        extra_channel_count=2,
        fax=False,
    )
    placed = CallPlaced(at, intent.call_id, "sip:desk@x", "bob@y", "", CallDirection.IN)
    return InboundIntent(account.account_id, ref, Beginning(started, placed))


def record(intent: InboundIntent) -> InstanceRecord:
    return record_of(intent.ref)


def test_an_instance_runs_from_its_beginning_to_its_record(stores: Stores, run: Run) -> None:
    account, other = run(stores.account()), run(stores.account("ann@example.com"))
    intent = arrived(account)

    def is_running(owner: Account) -> bool:
        return bool(run(stores.records.is_running(owner.account_id, intent.instance_id)))

    assert not is_running(account)
    run(stores.inbound.begin(intent))
    assert (is_running(account), is_running(other)) == (True, False)
    run(stores.inbound.answered(intent.instance_id, at=NOW))
    run(stores.inbound.finish(record(intent)))
    assert not is_running(account)
    read = run(stores.records.read(account.account_id, intent.instance_id))
    assert read == record(intent)
    assert run(stores.records.read(other.account_id, intent.instance_id)) is None


def test_what_may_have_happened_can_be_done_again(stores: Stores, run: Run) -> None:
    intent = arrived(run(stores.account()))
    run(stores.inbound.begin(intent))
    run(stores.inbound.begin(intent))
    run(stores.inbound.finish(record(intent)))
    run(stores.inbound.finish(record(intent)))


def test_a_record_of_an_instance_that_nobody_began_is_refused(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    with pytest.raises(LeaseLost):
        run(stores.inbound.finish(record(arrived(account))))
    assert run(stores.records.read(account.account_id, InstanceId("in.instance"))) is None


def test_what_the_dead_left_is_told_once_as_it_was_written(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    later, first, done = (
        arrived(account, "later", after=2.0),
        arrived(account, "first", after=1.0),
        arrived(account, "done"),
    )
    for intent in (later, first, done):
        run(stores.inbound.begin(intent))
    run(stores.inbound.answered(later.instance_id, at=UnixTime(NOW + 3)))
    run(stores.inbound.finish(record(done)))
    assert run(stores.inbound.settle_dead()) == []
    heir = run(stores.successor())
    assert run(heir.inbound.settle_dead()) == [
        InterruptedInbound(first, None),
        InterruptedInbound(later, UnixTime(NOW + 3)),
    ]
    assert run(heir.inbound.settle_dead()) == []
    run(heir.inbound.finish(record(first)))
    [again] = run(run(heir.successor()).inbound.settle_dead())
    assert again.intent == later


def test_a_node_that_was_taken_for_dead_writes_nothing(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    intent = arrived(account)
    run(stores.inbound.begin(intent))
    heir = run(stores.successor())
    run(heir.inbound.settle_dead())
    run(stores.inbound.answered(intent.instance_id, at=NOW))
    with pytest.raises(LeaseLost):
        run(stores.inbound.finish(record(intent)))
    honest = record(intent)
    honest = replace(honest, adr=replace(honest.adr, exit_status=-9))
    run(heir.inbound.finish(honest))
    assert run(heir.records.read(account.account_id, intent.instance_id)) == honest
