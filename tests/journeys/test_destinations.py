"""Calls to what is no telephone: services here, rooms, customers' servers; called and joined."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import WebsocketsServer
from tests.sim.call_socket_servers import CallSocketServer
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of
from tests.sim.tone_ends import BOTH_SIDES, KINDS, Phone, interrupt, tone_end

pytestmark = pytest.mark.journey

CALLER_HZ, CALLEE_HZ = 500, 700
EXTRA = {"extra_channels": 1}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    trust = authority.write_trust_file(folder / "ca.pem")
    with open_site(folder, settings={"call_socket_trust_file": str(trust)}) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[CallSocketServer]:
    with WebsocketsServer(authority.certificate()) as opened:
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
    instances = [
        site.events.wait_for("instance_started", times=n, application_name="mirror")
        for n in range(1, 11)
    ]
    for one in instances:
        site.events.wait_for("instance_stopped", service_ref=one["service_ref"])
    records = [site.account.record(one["instance_id"]) for one in instances]
    errors = [error["error_text"] for record in records for error in record["errs"].values()]
    assert errors == [
        "A call was not placed: loc:mirror: 10 local calls led here, which is the most"
    ]


def connect(destination: str, **properties: object) -> dict[str, object]:
    return {"connect": {"destinations": [destination]} | properties}


@pytest.mark.parametrize("secondary", KINDS)
@pytest.mark.parametrize("primary", KINDS)
def test_any_two_are_joined(
    site: Site, server: CallSocketServer, primary: str, secondary: str
) -> None:
    name = f"{primary}-{secondary}"
    with (
        tone_end(site, primary, f"{name}-a", CALLER_HZ, server) as near,
        tone_end(site, secondary, f"{name}-b", CALLEE_HZ, server) as far,
    ):
        first = actions(connect(far.destination))
        if isinstance(near, Phone):
            site.answers(name, first, options=EXTRA)
            site.call(near.phone, name)
        else:
            site.calls(name, near.destination, first, options=EXTRA)
        site.wait_for(name, "joined", times=2)
        (far if isinstance(near, Phone) else near).let_talk()
        interrupt(site, name)
        final = site.final(name)["this_call"]
        cdrs = cdrs_of(site, name)
        if primary == "con":
            interrupt(site, f"{name}-a")
        if secondary == "con":
            interrupt(site, f"{name}-b")
        at_near, at_far = lengths(near.heard()), lengths(far.heard())

    assert at_near[CALLEE_HZ] > 1.0, (at_near, at_far)
    assert at_far[CALLER_HZ] > 1.0, (at_near, at_far)
    assert at_near[CALLER_HZ] == at_far[CALLEE_HZ] == 0
    assert final["call_cause"] == "completed"
    direction = "in" if primary == "sip" else "out"
    assert [(cdr["channel_type"], cdr["dir"]) for cdr in cdrs] == [("p", direction), ("x", "out")]
    ours = ["NORMAL(0)" if kind == "wss" else "NORMAL(200)" for kind in (primary, secondary)]
    assert [cdr["hangup_cause"] for cdr in cdrs] == ours
    assert all(cdr["joined"] > 1.0 for cdr in cdrs)
    assert cdrs[1]["destination_address"] == re.sub(r"\?.*", "?***", far.destination)
