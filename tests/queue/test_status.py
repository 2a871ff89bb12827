"""Every state is printed as published; unknown references and requests are told too."""

import asyncio

import pytest

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Once
from callwright.queue.status import JobStatus, StatusReport, UnknownUniqueId, print_status
from tests.sim.memory_stores import MemoryQueueStore

INSTANCE = InstanceId("049136ca36e44662.200476")
ENDED = UnixTime(1366710197.2)
State = InvocationState

PRINTED = [
    (InvocationStatus(State.QUEUED), ("queued", 0, "")),
    (InvocationStatus(State.RUNNING), ("running", 0, "")),
    (InvocationStatus(State.RUNNING, INSTANCE), ("running", 0, INSTANCE)),
    (
        InvocationStatus(State.COMPLETED, INSTANCE, exit_status=0, ended_at=ENDED),
        ("completed 0", 1366710198, INSTANCE),
    ),
    (
        InvocationStatus(State.COMPLETED, INSTANCE, exit_status=-111, ended_at=ENDED),
        ("completed -111", 1366710198, INSTANCE),
    ),
    (
        InvocationStatus(State.COULD_NOT_RUN, reason="No UAS is connected", ended_at=ENDED),
        ("couldnotrun No UAS is connected", 0, ""),
    ),
    (InvocationStatus(State.CANCELLED, ended_at=ENDED), ("cancelled", 0, "")),
]


@pytest.mark.parametrize(("status", "printed"), PRINTED)
def test_prints(status: InvocationStatus, printed: tuple[str, int, str]) -> None:
    text, eta, instance_id = printed
    assert print_status(status) == {
        "status": text,
        "application_status_eta": eta,
        "application_instance_id": instance_id,
    }


def test_every_state_is_in_the_table() -> None:
    assert {status.state for status, _ in PRINTED} == set(State)


def test_what_nobody_knows_is_unknown() -> None:
    refs = [ServiceRef("a"), ServiceRef("b")]
    told = asyncio.run(StatusReport(MemoryQueueStore()).of(AccountId(1), refs))
    unknown = {"status": "unknown", "application_status_eta": 0, "application_instance_id": ""}
    assert told == dict.fromkeys(refs, unknown)


def test_a_request_is_told_by_its_unique_id() -> None:
    store, account_id = MemoryQueueStore(), AccountId(1)
    refs = [ServiceRef("2e891aea_0.1366641192.77832"), ServiceRef("2e891aea_0.1366641192.77833")]

    async def story() -> JobStatus:
        await store.enqueue(
            account_id=account_id,
            service_id=ServiceId(7),
            starts=[(ref, ServiceStart("sip:a@example.com")) for ref in refs],
            at=ENDED,
            once=Once("job 17", b""),
        )
        await store.cancel(account_id, refs[:1], at=ENDED)
        assert await StatusReport(store).of_queues(account_id) == {ServiceId(7): 1}
        return await StatusReport(store).of_job(account_id, "job 17")

    assert asyncio.run(story()) == {"queued": 2, "service_refs": tuple(refs), "count": 2}


def test_a_request_that_nobody_made_is_unknown() -> None:
    with pytest.raises(UnknownUniqueId, match=r"^Unknown unique_id$"):
        asyncio.run(StatusReport(MemoryQueueStore()).of_job(AccountId(1), "job 17"))
