"""What every `RecordStore` does."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.domain.ids import InstanceId
from tests.contracts.stores import NOW, Stores, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_record_is_read_as_it_was_written(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    [ref] = run(stores.queued(account, service_id, 1))
    run(stores.running(service_id))
    record = record_of(ref)
    run(stores.queue.finish(ref, exit_status=-1, record=record, at=NOW))
    read = run(stores.records.read(account.account_id, record.adr.instance_id))
    assert read == record
    # Equal numbers may be printed differently; money is not rounded on its way.
    assert str(read.adr.pstn_cost) == "0.0160"


def test_a_record_belongs_to_its_account(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    service_id = run(stores.service(bob))
    [ref] = run(stores.queued(bob, service_id, 1))
    run(stores.running(service_id))
    instance_id = intent_of(ref).instance_id
    assert run(stores.records.is_running(ann.account_id, instance_id)) is False
    run(stores.queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW))
    assert run(stores.records.read(ann.account_id, instance_id)) is None
    assert run(stores.records.read(bob.account_id, InstanceId("another"))) is None


def test_an_instance_runs_from_its_intent_to_its_end(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    [ref] = run(stores.queued(account, service_id, 1))
    instance_id = intent_of(ref).instance_id

    def is_running() -> bool:
        return bool(run(stores.records.is_running(account.account_id, instance_id)))

    assert not is_running()
    run(stores.running(service_id))
    assert is_running()
    assert run(stores.records.read(account.account_id, instance_id)) is None
    run(stores.queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW))
    assert not is_running()
