"""What all `SecondaryNotes` do."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.dispatch.ports import SecondaryFact
from callwright.domain.causes import CANCELLED_BY_US, HUNG_UP_BY_THEM
from callwright.domain.clock import UnixTime
from callwright.domain.facts import CallAnswered, CallOver, CallPlaced
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.invocation import ExitStatus
from callwright.domain.records import CallDirection
from tests.contracts.stores import NOW, Stores, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]

REF = ServiceRef("running")
INSTANCE = intent_of(REF).instance_id


def placed(name: str, after: float) -> CallPlaced:
    """How a secondary call begins."""
    return CallPlaced(
        UnixTime(NOW + after),
        CallId(name),
        f"sip:{name}@example.com",
        "ünïcode@example.net",
        "trunk.example.net",
        CallDirection.OUT,
        "x",
    )


FACTS: list[SecondaryFact] = [
    placed("ann", 1.0),
    placed("bob", 1.25),
    CallAnswered(UnixTime(NOW + 3), CallId("ann")),
    CallOver(UnixTime(NOW + 3), CallId("bob"), CANCELLED_BY_US),
    CallOver(UnixTime(NOW + 9.5), CallId("ann"), HUNG_UP_BY_THEM),
]


def note(stores: Stores, run: Run, *facts: SecondaryFact, of: InstanceId = INSTANCE) -> None:
    for fact in facts:
        run(stores.notes.note(of, fact))


def test_what_was_noted_is_read_as_it_happened_by_this_node_and_the_next(
    stores: Stores, run: Run
) -> None:
    note(stores, run, *FACTS)
    note(stores, run, placed("eve", 0.0), of=InstanceId("another"))

    assert run(stores.notes.read(INSTANCE)) == FACTS
    assert run(run(stores.successor()).notes.read(INSTANCE)) == FACTS
    assert run(stores.notes.read(InstanceId("third"))) == []


def test_the_order_is_that_of_events_and_not_of_notes(stores: Stores, run: Run) -> None:
    note(stores, run, *reversed(FACTS))

    read = run(stores.notes.read(INSTANCE))
    assert [fact.at for fact in read] == [fact.at for fact in FACTS]


def test_what_may_have_been_noted_can_be_noted_again(stores: Stores, run: Run) -> None:
    note(stores, run, *FACTS, *FACTS)

    assert run(stores.notes.read(INSTANCE)) == FACTS


def test_the_record_takes_the_place_of_the_notes(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.queued(account, service_id, 1))
    ref = run(stores.running(service_id))
    instance_id = intent_of(ref).instance_id
    note(stores, run, *FACTS, of=instance_id)
    note(stores, run, *FACTS)
    run(stores.queue.finish(ref, exit_status=ExitStatus.NORMAL, record=record_of(ref), at=NOW))
    # It was on its way when the record was written.
    note(stores, run, placed("late", 2.0), of=instance_id)

    assert run(stores.notes.read(instance_id)) == []
    assert run(stores.notes.read(INSTANCE)) == FACTS
