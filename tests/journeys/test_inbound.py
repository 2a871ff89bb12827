"""Somebody calls us: SIPp and baresip reach services by name and by number, or are refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim.page_server import actions
from tests.sim.sipp import Sipp
from tests.sim.site import Site, open_site
from tests.sim.sound import make_tone, samples_of, seconds_of, share_of

pytestmark = pytest.mark.journey

NUMBER = "443069990555"
VOICE_HZ, PROMPT_HZ = 700, 1000
HANG_UP = actions({"hang_up": {}})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def the_cdr(site: Site, service: str) -> dict[str, Any]:
    [cdr] = site.record(service)["cdrs"].values()
    return dict(cdr)


def test_a_service_is_called_by_its_name(site: Site) -> None:
    prompt = site.tone("prompt.wav", PROMPT_HZ)
    number = {"next_page": {"url": "keys"}, "prompt": prompt, "digit_count": 3}
    record = {"next_page": {"url": "recorded"}, "seconds_max_duration": 1}
    site.answers("desk", actions({"play": prompt["play"]}, {"get_number": number}, token="t1"))
    site.page("desk", "keys", actions({"record": record}, token="t2"))
    site.page("desk", "recorded", HANG_UP)
    with site.phone("desk-caller", hertz=VOICE_HZ) as phone:
        site.call(phone, "desk")
        site.wait_for("desk", "action_started", action="get_number")
        phone.press("407")
        final = site.final("desk")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()
    first, keys = site.asked("desk", "first"), site.asked("desk", "keys")
    recorded = site.asked("desk", "recorded")["action_result"]["result"]
    record_of_it = site.record("desk")

    assert (first["token"], first["this_call"]["call_state"]) == (None, "inbound")
    assert first["this_call"]["call_direction"] == "in"
    assert first["this_call"]["call_from"] == "sip:desk-caller@127.0.0.1"
    assert first["this_call"]["call_to"] == "sip:desk@127.0.0.1"
    assert keys["action_result"]["result"] == {"entered_number": "407"}
    assert (keys["token"], keys["this_call"]["call_state"]) == ("t1", "answered")
    assert final["this_call"]["call_cause"] == "completed"
    assert seconds_of(heard, PROMPT_HZ) == pytest.approx(2.0, abs=0.5)
    assert recorded["contains_sound"] is True
    assert share_of(samples_of(site.media(recorded["filename"])), VOICE_HZ) > 0.9
    [cdr] = record_of_it["cdrs"].values()
    assert (cdr["dir"], cdr["channel_type"], cdr["hangup_cause"]) == ("in", "p", "NORMAL(200)")
    assert cdr["destination_address"] == "sip:desk@127.0.0.1"
    assert cdr["call_connected_time"] >= cdr["call_initiated_time"] > 0
    assert record_of_it["adr"]["application_name"] == "desk"
    assert record_of_it["adr"]["exit_status"] == 0


def test_a_service_is_called_by_an_owned_number(site: Site) -> None:
    site.cloud.command("number", "add", "bob@example.com", NUMBER)
    site.answers(NUMBER, actions(site.tone("short.wav", PROMPT_HZ, seconds=1)))
    with site.phone("number-caller") as phone:
        site.call(phone, f"+{NUMBER}")
        final = site.final(NUMBER)
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    assert final["this_call"]["call_to"] == NUMBER
    assert share_of(heard, PROMPT_HZ) > 0.9
    cdr = the_cdr(site, NUMBER)
    assert (cdr["dir"], cdr["destination_address"]) == ("in", f"tel:{NUMBER}")


def test_nobody_is_reached_by_a_wrong_name_or_a_closed_service(site: Site) -> None:
    site.answers("closed", HANG_UP, options={"enabled": False})
    site.answers("for-uas", HANG_UP, options={"application_type": "UAS"})
    site.answers("elsewhere", HANG_UP, options={"access": {"allowed_addresses": ["192.0.2.0/24"]}})
    said = {}
    with site.phone("stranger") as phone:
        for user in ("nobody", "441908273899", "closed", "for-uas", "elsewhere"):
            site.call(phone, user)
            said[user] = phone.wait_for("CALL_CLOSED")["param"].split()[0]

    assert said == {
        "nobody": "404",
        "441908273899": "404",
        "closed": "404",
        "for-uas": "480",
        "elsewhere": "403",
    }


REJECTIONS = [
    ({"cause": "busy"}, "486"),
    ({"cause": "noanswer"}, "480"),
    ({"cause": "unobtainable"}, "404"),
    ({"cause": "changed"}, "410"),
    ({"cause": "outoforder"}, "502"),
    ({"cause": "barred"}, "403"),
    ({"cause": "rejected"}, "603"),
    ({"cause": "nochannels"}, "503"),
    ({"cause": "congestion"}, "503"),
    ({}, "603"),
    ({"cause": "busy", "raw_cause": "433"}, "433"),
]


def test_each_rejection_has_its_status(site: Site) -> None:
    said = []
    with site.phone("rejected") as phone:
        for number, (properties, _) in enumerate(REJECTIONS):
            site.answers(f"rejects-{number}", actions({"reject": properties}))
            site.call(phone, f"rejects-{number}")
            said.append(phone.wait_for("CALL_CLOSED")["param"].split()[0])

    assert said == [status for _, status in REJECTIONS]
    final = site.final("rejects-0")["this_call"]
    assert (final["call_state"], final["call_raw_cause"]) == ("idle", "486")
    cdr = the_cdr(site, "rejects-0")
    assert (cdr["dir"], cdr["hangup_cause"], cdr["duration"]) == ("in", "BUSY(486)", 0.0)


def test_early_media_is_heard_before_the_answer_and_without_one(site: Site) -> None:
    early = {"call_configuration": {"early_media": True}}
    sorry = site.tone("sorry.wav", PROMPT_HZ)
    site.answers("early", actions(sorry, {"reject": {"cause": "busy"}}), **early)
    with site.phone("early-caller") as phone:
        site.call(phone, "early")
        phone.wait_for("CALL_PROGRESS")
        said = phone.wait_for("CALL_CLOSED")["param"].split()[0]
        heard = phone.heard()

    assert said == "486"
    assert seconds_of(heard, PROMPT_HZ) == pytest.approx(2.0, abs=0.5)
    cdr = the_cdr(site, "early")
    assert (cdr["call_connected_time"], cdr["duration"]) == (0.0, 0.0)


def test_an_answer_carries_the_headers_of_the_page(site: Site, tmp_path: Path) -> None:
    headers = {"extra_sip_headers": [{"name": "X-Desk", "value": "seven"}]}
    record = {"next_page": {"url": "recorded"}, "seconds_max_duration": 1}
    site.answers(
        "headers",
        actions({"answer": headers}, {"record": record}),
        call_configuration={"early_media": True, "reported_sip_headers": ["Contact"]},
    )
    site.page("headers", "recorded", actions({"sleep": {"seconds": 30}}))
    make_tone(tmp_path / "sound.ul", VOICE_HZ, seconds=3)
    towards = ("headers", *site.cloud.sip)
    with Sipp("call_and_play", folder=tmp_path, calls=1, towards=towards) as caller:
        assert caller.wait() == 0, caller.complaints()
    recorded = site.asked("headers", "recorded")["action_result"]["result"]
    [ok, _bye] = [one for one in caller.messages() if one.start_line == "SIP/2.0 200 OK"]

    assert ok.header("X-Desk") == "seven"
    [reported] = site.asked("headers", "first")["this_call"]["sip_headers"]
    assert reported["name"] == "Contact"
    assert share_of(samples_of(site.media(recorded["filename"])), VOICE_HZ) > 0.9
    assert site.final("headers")["this_call"]["call_cause"] == "hung_up"


def test_a_caller_who_gives_up_is_told_of(site: Site, tmp_path: Path) -> None:
    site.answers("slow", actions({"sleep": {"seconds": 60}}))
    towards = ("slow", *site.cloud.sip)
    with Sipp("call_and_cancel", folder=tmp_path, calls=1, towards=towards) as caller:
        assert caller.wait() == 0, caller.complaints()
    final = site.final("slow")["this_call"]

    assert (final["call_state"], final["call_cause"]) == ("idle", "hung_up")
    assert final["call_raw_cause"] == "487"
    cdr = the_cdr(site, "slow")
    assert (cdr["dir"], cdr["call_connected_time"]) == ("in", 0.0)


def test_a_list_that_is_done_without_an_answer_refuses(site: Site) -> None:
    site.answers("shy", actions({"sleep": {"seconds": 0.1}}))
    with site.phone("shy-caller") as phone:
        site.call(phone, "shy")
        said = phone.wait_for("CALL_CLOSED")["param"].split()[0]

    assert said == "603"
    assert site.asked("shy", "final")["this_call"]["seconds_call_duration"] == 0.0
