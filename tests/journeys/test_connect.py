"""Two calls that hear each other: SIPp, baresip, and who wins, declines, is busy or leaves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim.page_server import Reaction, actions
from tests.sim.sipp import Sipp
from tests.sim.site import Site, open_site
from tests.sim.sound import make_tone, seconds_of, share_of

pytestmark = pytest.mark.journey

CALLER_HZ, CALLEE_HZ, HOLD_HZ, WHISPER_HZ, AFTER_HZ = 500, 700, 1000, 1300, 1600
TONES = (CALLER_HZ, CALLEE_HZ, HOLD_HZ, WHISPER_HZ, AFTER_HZ)
CHANNELS = {"extra_channels": 3}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def connect(*users: str, **properties: object) -> dict[str, object]:
    """A `connect` to phones by their names."""
    return {"connect": {"destinations": [f"sip:{user}@example.com" for user in users]} | properties}


def secondary(site: Site, service: str, *greeting: dict[str, object]) -> dict[str, object]:
    """Script the pages of a secondary call and name them."""
    site.page(service, "greeting", actions(*greeting))
    site.page(service, "goodbye", actions())
    return {"first_page": {"url": "greeting"}, "final_page": {"url": "goodbye"}}


def lengths(samples: list[int]) -> dict[int, float]:
    """How long each tone is in this."""
    return {hertz: seconds_of(samples, hertz) for hertz in TONES}


def causes(site: Site, service: str) -> list[tuple[str, str, str]]:
    """Channel type, direction and end of each call of a service's instance."""
    cdrs = site.record(service)["cdrs"].values()
    return sorted((cdr["channel_type"], cdr["dir"], cdr["hangup_cause"]) for cdr in cdrs)


def connected_seconds(site: Site, service: str, page: str = "after") -> float:
    result = site.asked(service, page)["action_result"]
    assert result["action"] == "connect"
    seconds: float = result["result"]["seconds_connected_duration"]
    return seconds


def test_both_hear_each_other_after_hold_and_whisper(site: Site) -> None:
    hold = site.tone("hold.wav", HOLD_HZ)
    whisper = site.tone("whisper.wav", WHISPER_HZ, seconds=1)
    after = site.tone("after.wav", AFTER_HZ, seconds=1)
    pages = secondary(site, "both", whisper)
    properties = {"hold_media": hold, "secondary_call": pages, "next_page": {"url": "after"}}
    site.answers("both", actions(connect("both-b", **properties)), options=CHANNELS)
    site.page("both", "after", actions(after))
    with (
        site.phone("both-a", hertz=CALLER_HZ) as caller,
        site.phone("both-b", hertz=CALLEE_HZ) as callee,
    ):
        site.call(caller, "both")
        site.wait_for("both", "joined", times=2)
        caller.press("42")
        keys = [callee.wait_for("CALL_DTMF_START")["param"] for _ in "42"]
        callee.press("#")
        keys.append(caller.wait_for("CALL_DTMF_START")["param"])
        callee.hang_up()
        site.final("both")
        caller.wait_for("CALL_CLOSED")
        callee.wait_for("CALL_CLOSED")
        at_caller, at_callee = lengths(caller.heard()), lengths(callee.heard())

    assert keys == ["4", "2", "#"]
    assert at_caller[HOLD_HZ] > 0.5
    assert at_caller[CALLEE_HZ] > 0.5
    assert at_caller[AFTER_HZ] == pytest.approx(1.0, abs=0.3)
    assert at_callee[WHISPER_HZ] == pytest.approx(1.0, abs=0.3)
    assert at_callee[CALLER_HZ] > 0.5
    assert at_caller[CALLER_HZ] == at_caller[WHISPER_HZ] == 0
    assert at_callee[CALLEE_HZ] == at_callee[HOLD_HZ] == 0
    assert connected_seconds(site, "both") > 0.5
    assert [path for path in site.pages.paths() if path.startswith("/both/")] == [
        *("/both/first", "/both/greeting", "/both/goodbye", "/both/after", "/both/final")
    ]
    goodbye = site.asked("both", "goodbye")
    assert goodbye["this_call"]["call_cause"] == "hung_up"
    assert goodbye["this_call"]["call_from"] == "sip:both-a@127.0.0.1"
    assert goodbye["dropped_calls"] == []
    assert causes(site, "both") == [("p", "in", "NORMAL(200)"), ("x", "out", "NORMAL(200)")]
    assert all(cdr["joined"] > 0.5 for cdr in site.record("both")["cdrs"].values())


def test_sipp_calls_and_sipp_answers(site: Site, tmp_path: Path) -> None:
    folders = [tmp_path / "caller", tmp_path / "callee"]
    for folder in folders:
        folder.mkdir()
    make_tone(folders[0] / "sound.ul", CALLER_HZ, seconds=3)
    site.answers("sipp", actions(connect("sipp-b")), options=CHANNELS)
    with Sipp("answer", folder=folders[1], calls=1, echoes_sound=True) as callee:
        site.switch.phones["sipp-b"] = callee.port
        towards = ("sipp", *site.cloud.sip)
        with Sipp("call_and_play", folder=folders[0], calls=1, towards=towards) as caller:
            assert caller.wait() == 0, caller.complaints()
        assert callee.wait() == 0, callee.complaints()

    assert site.final("sipp")["this_call"]["call_cause"] == "hung_up"
    assert causes(site, "sipp") == [("p", "in", "NORMAL(200)"), ("x", "out", "NORMAL(200)")]


def test_the_first_of_several_to_answer_wins(site: Site, tmp_path: Path) -> None:
    rings = [tmp_path / "one", tmp_path / "two"]
    for folder in rings:
        folder.mkdir()
    properties = {"secondary_call": secondary(site, "race"), "next_page": {"url": "after"}}
    site.answers(
        "race", actions(connect("race-1", "race-b", "race-2", **properties)), options=CHANNELS
    )
    site.page("race", "after", actions())
    with (
        Sipp("no_answer", folder=rings[0], calls=1) as one,
        Sipp("no_answer", folder=rings[1], calls=1) as two,
        site.phone("race-a") as caller,
        site.phone("race-b", hertz=CALLEE_HZ) as callee,
    ):
        site.switch.phones |= {"race-1": one.port, "race-2": two.port}
        site.call(caller, "race")
        site.wait_for("race", "joined", times=2)
        callee.press("1")
        caller.wait_for("CALL_DTMF_START")
        callee.hang_up()
        site.final("race")
        caller.wait_for("CALL_CLOSED")
        at_caller = lengths(caller.heard())
        assert (one.wait(), two.wait()) == (0, 0)

    assert at_caller[CALLEE_HZ] > 0.1
    dropped = site.asked("race", "goodbye")["dropped_calls"]
    assert sorted(call["call_to"] for call in dropped) == [
        "sip:race-1@example.com",
        "sip:race-2@example.com",
    ]
    assert {call["call_cause"] for call in dropped} == {"dropped"}
    assert len(site.record("race")["cdrs"]) == 4


def test_who_is_called_may_decline(site: Site) -> None:
    after = site.tone("declined.wav", AFTER_HZ, seconds=1)
    pages = secondary(site, "declines", {"hang_up": {}})
    properties = {"secondary_call": pages, "next_page": {"url": "after"}}
    site.answers("declines", actions(connect("declines-b", **properties), after), options=CHANNELS)
    with site.phone("declines-a") as caller, site.phone("declines-b", hertz=CALLEE_HZ) as callee:
        site.call(caller, "declines")
        callee.wait_for("CALL_CLOSED")
        caller.wait_for("CALL_CLOSED")
        at_caller = lengths(caller.heard())

    assert at_caller[AFTER_HZ] == pytest.approx(1.0, abs=0.3)
    assert at_caller[CALLEE_HZ] == 0
    assert site.final("declines")["this_call"]["call_cause"] == "completed"
    assert "/declines/after" not in site.pages.paths()


@pytest.mark.parametrize(
    ("scenario", "cause"),
    [("busy", "BUSY(486)"), ("reject", "CALL_REJECTED(603)"), ("no_answer", "NO_ANSWER(487)")],
)
@pytest.mark.parametrize("next_page_too", [False, True], ids=["goes_on", "next_page"])
def test_nobody_answers(
    site: Site,
    tmp_path: Path,
    scenario: str,
    cause: str,
    next_page_too: bool,  # noqa: FBT001 - a column of the table
) -> None:
    name = f"{scenario}-{next_page_too}".lower()
    after: Reaction = actions({"hang_up": {}})
    properties = {"seconds_answer_timeout": 1, "next_page": {"url": "after"}}
    site.answers(
        name,
        actions(connect(f"{name}-b", **properties), {"redirect": {"next_page": {"url": "on"}}}),
        options=CHANNELS,
        call_configuration={"connect_next_page_on_failure": next_page_too},
    )
    site.page(name, "after", after)
    site.page(name, "on", after)
    with Sipp(scenario, folder=tmp_path, calls=1) as callee, site.phone(f"{name}-a") as caller:
        site.switch.phones[f"{name}-b"] = callee.port
        site.call(caller, name)
        caller.wait_for("CALL_CLOSED")
        site.final(name)
        assert callee.wait() == 0, callee.complaints()

    if next_page_too:
        assert connected_seconds(site, name) == 0.0
    else:
        assert site.asked(name, "on")
    assert causes(site, name) == [("p", "in", "NORMAL(200)"), ("x", "out", cause)]


def test_the_network_is_heard_before_the_answer(site: Site, tmp_path: Path) -> None:
    hold = site.tone("unheard.wav", HOLD_HZ, seconds=30)
    properties = {"pass_early_media": True, "hold_media": hold}
    site.answers("early", actions(connect("early-b", **properties)), options=CHANNELS)
    with (
        Sipp("early_media", folder=tmp_path, calls=1, echoes_sound=True) as callee,
        site.phone("early-a", hertz=CALLER_HZ) as caller,
    ):
        site.switch.phones["early-b"] = callee.port
        site.call(caller, "early")
        caller.wait_for("CALL_CLOSED")
        at_caller = lengths(caller.heard())
        assert callee.wait() == 0, callee.complaints()

    # An echo: the caller hears himself, through the network and back.
    assert at_caller[CALLER_HZ] > 0.8
    assert at_caller[HOLD_HZ] < 0.5
    assert causes(site, "early") == [("p", "in", "NORMAL(200)"), ("x", "out", "BUSY(486)")]


def test_who_waits_hears_it_ring(site: Site, tmp_path: Path) -> None:
    site.answers("rings", actions(connect("rings-b", seconds_answer_timeout=2)), options=CHANNELS)
    with Sipp("no_answer", folder=tmp_path, calls=1) as callee, site.phone("rings-a") as caller:
        site.switch.phones["rings-b"] = callee.port
        site.call(caller, "rings")
        caller.wait_for("CALL_CLOSED")
        heard = caller.heard()
        assert callee.wait() == 0, callee.complaints()

    # The British double ring: 400 and 450 Hz together.
    assert share_of(heard, 400) + share_of(heard, 450) > 0.8


def test_a_caller_who_leaves_while_it_rings_takes_the_other_call_along(
    site: Site, tmp_path: Path
) -> None:
    site.answers("leaves", actions(connect("leaves-b")), options=CHANNELS)
    with Sipp("no_answer", folder=tmp_path, calls=1) as callee, site.phone("leaves-a") as caller:
        site.switch.phones["leaves-b"] = callee.port
        site.call(caller, "leaves")
        site.wait_for("leaves", "ringing")
        caller.hang_up()
        final = site.final("leaves")["this_call"]
        assert callee.wait() == 0, callee.complaints()

    assert final["call_cause"] == "hung_up"
    assert causes(site, "leaves") == [("p", "in", "NORMAL(200)"), ("x", "out", "NO_ANSWER(487)")]


def test_an_outbound_call_is_connected_to_another(site: Site) -> None:
    properties = {"call_from": "443069999876", "next_page": {"url": "after"}}
    first = actions(connect("out-b", **properties))
    with (
        site.phone("out-a", hertz=CALLER_HZ) as one,
        site.phone("out-b", hertz=CALLEE_HZ) as other,
    ):
        ref = site.calls("out", "sip:out-a@example.com", first, options=CHANNELS)
        site.page("out", "after", actions())
        site.wait_for("out", "joined", times=2)
        one.press("12")
        other.wait_for("CALL_DTMF_START")
        one.hang_up()
        site.account.follow(ref)
        one.wait_for("CALL_CLOSED")
        other.wait_for("CALL_CLOSED")
        at_one, at_other = lengths(one.heard()), lengths(other.heard())

    assert at_one[CALLEE_HZ] > 0.4
    assert at_other[CALLER_HZ] > 0.4
    assert "/out/after" not in site.pages.paths()
    assert site.final("out")["this_call"]["call_cause"] == "hung_up"
    assert causes(site, "out") == [("p", "out", "NORMAL(200)"), ("x", "out", "NORMAL(200)")]


def faults() -> list[tuple[str, dict[str, Any], dict[str, int], str]]:
    """What cannot even be tried: a name, the action, the service's options, the code."""
    encrypted: dict[str, Any] = {"call_recording": True, "call_recording_encryption": True}
    speaks: dict[str, Any] = {"speech_recognition_options": {"language": "en-GB"}}
    speaks |= {"translation_options": {"language": "de"}, "tts_voice": "English UK"}
    translator = {"primary": speaks, "secondary": speaks}
    return [
        ("no-channels", {}, {}, "no_channels"),
        ("no-cipher", {"secondary_call": encrypted}, CHANNELS, "cipher_required"),
        ("translator", {"translator": translator}, CHANNELS, "translation_failed"),
    ]


@pytest.mark.parametrize(("name", "properties", "options", "code"), faults())
def test_what_cannot_be_tried_is_told_to_the_error_page(
    site: Site,
    name: str,
    properties: dict[str, Any],
    options: dict[str, int],
    code: str,
) -> None:
    error = {"address": site.page(name, "error", actions())}
    site.answers(name, actions(connect("nobody", **properties)), options=options, error_page=error)
    with site.phone(f"{name}-a") as caller:
        site.call(caller, name)
        final = site.final(name)["this_call"]
        caller.wait_for("CALL_CLOSED")

    told = site.asked(name, "error")["error_result"]
    assert (told["action"], told["code"]) == ("connect", code), told["result"]
    assert final["call_cause"] == "failed"
