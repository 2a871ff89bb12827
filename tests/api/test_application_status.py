"""The records of an instance: when they are there, when they are not yet, whose they are."""

from pathlib import Path

import pytest

from callwright.domain.account import AccountType
from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.records import (
    Adr,
    CallDirection,
    Cdr,
    ErrorCode,
    ErrorReport,
    InstanceRecord,
)
from callwright.queue.ports import Intent
from tests.sim.front_door import DOCS, Customer, FrontDoor, at_the_door

INSTANCE = InstanceId("100d73cb12cbf845.8089")
CALL = CallId("100d73cb12cbf845.106285.246346213")
STARTED = UnixTime(1552572916.21)


async def begun(door: FrontDoor, customer: Customer) -> ServiceRef:
    await customer.start("s", {"to": "443069990123", "from": "443069999876"})
    [waiting] = await door.queue.waiting()
    [claim] = await door.queue.claim(waiting.service_id, limit=1, at=STARTED)
    await door.queue.intend(Intent(claim.ref, INSTANCE, CALL, STARTED))
    return claim.ref


async def ended(door: FrontDoor, customer: Customer) -> ServiceRef:
    ref = await begun(door, customer)
    record = InstanceRecord(
        adr=Adr(
            instance_id=INSTANCE,
            ref=ref,
            application_name="outbound_test",
            started_at=STARTED,
            stopped_at=UnixTime(1552572949.42),
            exit_status=0,
            outbound_parameters="443069990123;hello",
            rest_to="tel:443069990123",
            rest_from="443069999876",
        ),
        cdrs=(
            Cdr(
                call_id=CALL,
                destination_address="tel:443069990123",
                originating_address="443069999876@sip-0-0-0.aculab.com",
                direction=CallDirection.OUT,
                channel_type="p",
                initiated_at=STARTED,
                connected_at=None,
                hung_up_at=UnixTime(1552572949.07),
                joined=0.0,
                cause=cause_of_sip_failure(486),
            ),
        ),
        errors=(ErrorReport(ErrorCode.PAGE_REQUEST_FAILED, "down"),),
    )
    await door.queue.finish(ref, exit_status=0, record=record, at=UnixTime(1552572949.42))
    return ref


def test_records_are_printed_as_published(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await ended(door, customer)

        reply = await customer.get("/application_status", application_instance_id=INSTANCE)

        assert reply.status == 200
        adr, cdr = reply.json["adr"], reply.json["cdrs"][CALL]
        assert list(reply.json) == ["adr", "cdrs", "errs", "fdrs"]
        assert adr["start_datetime"] == "2019-03-14_14:15:16"
        assert (adr["duration"], adr["outbound_parameters"]) == (33.21, "443069990123;hel...")
        assert (cdr["hangup_cause"], cdr["call_connected_time"]) == ("BUSY(486)", 0.0)
        assert reply.json["errs"]["0"] == {
            "error_code": "2101",
            "error_text": "down",
            "error_link": f"{DOCS}/web-services/web-service-errors?error=2101",
        }

    at_the_door(tmp_path, story)


def test_the_status_tells_the_code_and_when_the_records_were_ready(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        ref = await ended(door, customer)

        reply = await customer.get("/service_status", service_refs=ref)

        assert reply.json[ref] == {
            "status": "completed 0",
            "application_status_eta": 1552572950,
            "application_instance_id": INSTANCE,
        }

    at_the_door(tmp_path, story)


def test_a_running_instance_has_no_records_yet(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await begun(door, customer)

        reply = await customer.get("/application_status", application_instance_id=INSTANCE)

        assert reply.status == 404
        assert reply.text == "The application status is not available yet"

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("instance_id", ["unknown", INSTANCE + "0", "' OR 1=1 --", "\x00"])
def test_an_unknown_instance_does_not_exist(tmp_path: Path, instance_id: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.get("/application_status", application_instance_id=instance_id)

        assert (reply.status, reply.text) == (404, "The application instance does not exist")

    at_the_door(tmp_path, story)


def test_records_of_others_do_not_exist(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        await ended(door, await door.customer_with("s"))
        other = await door.customer("eve@example.com", AccountType.PREMIUM)

        reply = await other.get("/application_status", application_instance_id=INSTANCE)

        assert reply.text == "The application instance does not exist"

    at_the_door(tmp_path, story)


def test_the_parameter_is_named_when_it_is_missing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.get("/application_status")

        assert (reply.status, reply.code) == (400, "0001")
        assert "application_instance_id is missing" in reply.text

    at_the_door(tmp_path, story)
