"""The server stops or dies while calls are joined: what the phones see, and what is on record."""

from pathlib import Path

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of

pytestmark = pytest.mark.journey

CALLER_HZ, CALLEE_HZ = 500, 700


def joined_calls(site: Site, caller: Baresip) -> None:
    """Let a phone be connected to another, with both calls recorded."""
    secondary = {"call_recording": True, "final_page": {"url": "goodbye"}}
    connect = {"destinations": ["sip:bea@example.com"], "secondary_call": secondary}
    recording = {"enabled": True}
    site.page("desk", "goodbye", actions())
    first = actions({"connect": connect})
    site.answers("desk", first, options={"extra_channels": 1}, call_recording=recording)
    site.call(caller, "desk")
    site.wait_for("desk", "joined", times=2)
    caller.press("12")


def test_a_server_that_stops_says_goodbye_to_everybody(tmp_path: Path) -> None:
    with (
        open_site(tmp_path, settings={"shutdown_grace": "0"}) as site,
        site.phone("ann", hertz=CALLER_HZ) as caller,
        site.phone("bea", hertz=CALLEE_HZ) as callee,
    ):
        joined_calls(site, caller)
        instance_id = site.instance("desk")["instance_id"]
        assert site.cloud.stop() == 0
        caller.wait_for("CALL_CLOSED")
        callee.wait_for("CALL_CLOSED")
        final, goodbye = site.final("desk"), site.asked("desk", "goodbye")
        site.cloud.start()
        record = site.account.record(instance_id)

    assert record["adr"]["exit_status"] == 0
    causes = sorted((cdr["dir"], cdr["hangup_cause"]) for cdr in record["cdrs"].values())
    assert causes == [("in", "FAILED(-1)"), ("out", "FAILED(-1)")]
    names = [info["this_call"]["call_recording_filename"] for info in (final, goodbye)]
    for name in names:
        sound = samples_of(site.media(name))
        assert seconds_of(sound, CALLER_HZ) + seconds_of(sound, CALLEE_HZ) > 0


def test_an_inbound_call_of_a_server_that_died_is_on_record(tmp_path: Path) -> None:
    with open_site(tmp_path) as site, site.phone("ann") as caller:
        site.answers("desk", actions({"answer": {}}, {"sleep": {"seconds": 60}}))
        site.call(caller, "desk")
        site.wait_for("desk", "action_started", action="sleep")
        instance_id = site.instance("desk")["instance_id"]
        site.cloud.kill()
        site.cloud.start()
        record = site.account.record(instance_id)
        with site.phone("ben") as another:
            site.call(another, "desk")
            site.asked("desk", "first", times=2)
            another.wait_for("CALL_ESTABLISHED")
            another.hang_up()
        caller.kill()

    assert record["adr"]["exit_status"] == -9
    [cdr] = record["cdrs"].values()
    assert (cdr["dir"], cdr["hangup_cause"]) == ("in", "FAILED(-1)")
    [error] = record["errs"].values()
    assert error["error_code"]


def test_both_calls_of_a_connect_are_on_record_when_the_server_dies(tmp_path: Path) -> None:
    with open_site(tmp_path) as site, site.phone("ann") as caller, site.phone("bea") as callee:
        joined_calls(site, caller)
        instance_id = site.instance("desk")["instance_id"]
        site.cloud.kill()
        site.cloud.start()
        record = site.account.record(instance_id)
        for phone in (caller, callee):
            phone.kill()

    cdrs = sorted(record["cdrs"].values(), key=lambda cdr: cdr["channel_type"])
    assert [(cdr["channel_type"], cdr["dir"], cdr["hangup_cause"]) for cdr in cdrs] == [
        ("p", "in", "FAILED(-1)"),
        ("x", "out", "FAILED(-1)"),
    ]
    assert cdrs[1]["destination_address"] == "sip:bea@example.com"
