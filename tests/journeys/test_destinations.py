"""Calls to what is no telephone: services here, rooms, customers' servers; called and joined."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of

pytestmark = pytest.mark.journey

CALLER_HZ, CALLEE_HZ = 500, 700
BOTH_SIDES = {"call_recording": {"enabled": True, "mode": "separate"}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def lengths(samples: list[int]) -> dict[int, float]:
    """How long each tone is in this."""
    return {hertz: seconds_of(samples, hertz) for hertz in (CALLER_HZ, CALLEE_HZ)}


def heard_by(site: Site, service: str) -> dict[int, float]:
    """How long each tone was that the application of a service heard."""
    recording = site.final(service)["this_call"]["call_recording_filename"]
    site.record(service)
    return lengths(samples_of(site.media(recording)))


def cdrs_of(site: Site, service: str) -> list[dict[str, Any]]:
    """The calls of a service's instance, its primary one first."""
    cdrs = site.record(service)["cdrs"].values()
    return sorted(cdrs, key=lambda cdr: str(cdr["channel_type"]))


def errors_of(site: Site, service: str) -> list[tuple[str, str]]:
    errors = site.record(service)["errs"].values()
    return [(error["error_code"], error["error_text"]) for error in errors]


def test_a_start_calls_a_service_here_and_both_hear_each_other(site: Site) -> None:
    asks = site.tone("asks.wav", CALLER_HZ, seconds=2)
    says = site.tone("says.wav", CALLEE_HZ, seconds=3)
    site.answers("near-desk", actions(says), **BOTH_SIDES)
    wait = {"sleep": {"seconds": 20}}
    site.calls("near-start", "loc:near-desk", actions(asks, wait), **BOTH_SIDES)
    final = site.final("near-start")["this_call"]
    at_caller, at_callee = heard_by(site, "near-start"), heard_by(site, "near-desk")

    assert at_caller[CALLEE_HZ] == pytest.approx(3.0, abs=0.4)
    assert at_callee[CALLER_HZ] == pytest.approx(2.0, abs=0.4)
    assert at_caller[CALLER_HZ] == at_callee[CALLEE_HZ] == 0
    assert (final["call_to"], final["call_cause"]) == ("loc:near-desk", "hung_up")
    told = site.asked("near-desk", "first")["this_call"]
    assert (told["call_direction"], told["call_from"]) == ("in", "441908273801")
    assert told["call_to"].startswith("sip:near-desk@")
    [out], [came] = cdrs_of(site, "near-start"), cdrs_of(site, "near-desk")
    assert [(cdr["dir"], cdr["channel_type"], cdr["hangup_cause"]) for cdr in (out, came)] == [
        ("out", "p", "NORMAL(200)"),
        ("in", "p", "NORMAL(200)"),
    ]
    assert out["destination_address"] == "loc:near-desk"
    assert came["destination_address"] == told["call_to"]
    assert out["duration"] == pytest.approx(came["duration"], abs=0.2)


@pytest.mark.parametrize("name", ["nobody", "strangers-desk"])
def test_only_services_of_the_same_account_are_near(site: Site, name: str) -> None:
    if name == "strangers-desk":
        stranger = site.cloud.create_account("ann@example.com")
        stranger.write_inbound(name, first_page=site.page(name, "first", actions()))
    service = f"far-{name}"
    site.calls(service, f"loc:{name}", actions())
    final = site.final(service)["this_call"]

    assert (final["call_cause"], final["call_raw_cause"]) == ("unobtainable", "404")
    [cdr] = cdrs_of(site, service)
    assert cdr["hangup_cause"] == "NUMBER_UNOBTAINABLE(404)"
    assert errors_of(site, service) == [
        (
            "2004",
            f"loc:{name} is not called: the account has no enabled inbound service of that name",
        )
    ]


def test_a_service_that_calls_itself_comes_to_an_end(site: Site) -> None:
    again = {"connect": {"destinations": ["loc:mirror"]}}
    site.answers("mirror", actions(again), options={"extra_channels": 1})
    site.calls("looks", "loc:mirror", actions({"sleep": {"seconds": 30}}))
    site.events.wait_for(
        "instance_stopped", times=1, service_ref=site.instance("looks")["service_ref"]
    )
    instances = [
        site.events.wait_for("instance_started", times=n, application_name="mirror")
        for n in range(1, 11)
    ]
    records = [site.account.record(one["instance_id"]) for one in instances]
    errors = [error["error_text"] for record in records for error in record["errs"].values()]
    assert errors == [
        "A call was not placed: loc:mirror: 10 local calls led here, which is the most"
    ]
