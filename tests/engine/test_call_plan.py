"""From the API's words to telephony's."""

import pytest

from callwright.domain.destination import parse_destination
from callwright.domain.ids import AccountId, CallId
from callwright.domain.service_start import ServiceStart, SipHeader
from callwright.engine.call_plan import (
    MAX_LOCAL_CALLS,
    CallerLimits,
    CallOrder,
    CallPlan,
    CannotPlace,
    LocalRoute,
    Plan,
    leaves_by_trunk,
    plan_call,
)
from callwright.engine.trunk import Trunk

TRUNK = Trunk("sip:trunk.example.com", "trunk.example.com", 5060)


def any_plan(start: ServiceStart, *, hops: int = 0) -> Plan:
    order = CallOrder(
        call_id=CallId("049136ca36e44662.2.9"),
        account_id=AccountId(1),
        service_name="reminder",
        start=start,
        destination=parse_destination(start.to),
        limits=CallerLimits(ring_timeout=30, max_duration=14_400),
        hops=hops,
    )
    return plan_call(order, trunk=TRUNK, sip_domain="sip-0-0-0.example.net")


def plan(start: ServiceStart, *, hops: int = 0) -> CallPlan:
    planned = any_plan(start, hops=hops)
    assert isinstance(planned, CallPlan)
    return planned


def test_a_telephone_number_is_called_at_the_trunk() -> None:
    planned = plan(ServiceStart(to="+44-1908-273800", caller_id="441908273801"))
    assert planned.target == "sip:441908273800@trunk.example.com:5060;user=phone"
    assert planned.from_uri == "sip:441908273801@sip-0-0-0.example.net"
    assert planned.destination_address == "tel:441908273800"
    assert planned.originating_address == "441908273801@sip-0-0-0.example.net"


def test_a_sip_address_keeps_its_host() -> None:
    assert plan(ServiceStart(to="sip:bob@acompany.com")).target == "sip:bob@acompany.com"


@pytest.mark.parametrize(
    ("caller_id", "origin"),
    [
        ("", "reminder@sip-0-0-0.example.net"),
        ("alice", "alice@sip-0-0-0.example.net"),
        ("sip:bob@acompany.com", "bob@acompany.com"),
        ("+441908273801", "441908273801@sip-0-0-0.example.net"),
    ],
)
def test_says_who_calls(caller_id: str, origin: str) -> None:
    planned = plan(ServiceStart(to="sip:bob@acompany.com", caller_id=caller_id))
    assert planned.originating_address == origin


def test_extra_headers_travel() -> None:
    headers = (SipHeader("X-AccountInfo", "bob/123456789"),)
    planned = plan(ServiceStart(to="bob@acompany.com", extra_sip_headers=headers))
    assert planned.headers == (("X-AccountInfo", "bob/123456789"),)


def test_a_local_service_is_called_by_its_name_in_the_account() -> None:
    planned = plan(ServiceStart(to="loc:desk", caller_id="441908273801"), hops=2)
    assert planned.route == LocalRoute(AccountId(1), "desk", hops=3)
    assert planned.target == "sip:desk@sip-0-0-0.example.net"
    assert planned.destination_address == "loc:desk"
    assert planned.identity.trunk == ""


def test_local_calls_that_lead_to_one_another_come_to_an_end() -> None:
    plan(ServiceStart(to="loc:desk"), hops=MAX_LOCAL_CALLS - 1)
    with pytest.raises(CannotPlace, match="10 local calls led here"):
        plan(ServiceStart(to="loc:desk"), hops=MAX_LOCAL_CALLS)


@pytest.mark.parametrize(
    ("to", "leaves"),
    [("441908273800", True), ("sip:a@b.example", True), ("loc:desk", False), ("con:Room", False)],
)
def test_only_telephones_and_sip_addresses_take_the_trunk(to: str, *, leaves: bool) -> None:
    assert leaves_by_trunk(any_plan(ServiceStart(to=to))) is leaves


@pytest.mark.parametrize("to", ["webrtc:alice"])
def test_refuses_what_cannot_be_called(to: str) -> None:
    with pytest.raises(CannotPlace, match=r"cannot be called by this release"):
        plan(ServiceStart(to=to))
