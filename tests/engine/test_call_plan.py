"""From the API's words to telephony's."""

import pytest

from callwright.domain.destination import parse_destination
from callwright.domain.ids import CallId
from callwright.domain.service_start import ServiceStart, SipHeader
from callwright.engine.call_plan import CallerLimits, CallPlan, CannotPlace, plan_call
from callwright.engine.trunk import Trunk

TRUNK = Trunk("sip:trunk.example.com", "trunk.example.com", 5060)


def plan(start: ServiceStart) -> CallPlan:
    return plan_call(
        CallId("049136ca36e44662.2.9"),
        start,
        destination=parse_destination(start.to),
        service_name="reminder",
        limits=CallerLimits(ring_timeout=30, max_duration=14_400),
        trunk=TRUNK,
        sip_domain="sip-0-0-0.example.net",
    )


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


@pytest.mark.parametrize("to", ["con:Room", "loc:service", "webrtc:alice", "wss://example.com/x"])
def test_refuses_what_no_trunk_reaches(to: str) -> None:
    with pytest.raises(CannotPlace, match=r"cannot be called by this release"):
        plan(ServiceStart(to=to))
