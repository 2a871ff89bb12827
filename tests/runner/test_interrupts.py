"""Interrupts from outside: what is stopped, which page is asked, what the answer says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.facts import ErrorReported, RecordingMade
from callwright.domain.far_end import Classification
from callwright.runner.registry import Interruption, InterruptResult
from tests.sim.call import INBOUND, FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says, text

DESK = "tel:441632960201"
LONG = {"sleep": {"seconds": 60}}
NUMBER = {"get_number": {"next_page": "n", "milliseconds_initial_timeout": 30_000}}
RECORD = {"record": {"next_page": "n", "id": "r1", "recording_available_page": "available"}}
MENU = {"run_menu": {"menu_options": [{"digit": "1", "next_page": "n"}]}}
TALK = FarEnd(speaks_for=30.0)


def interrupted(
    action: Mapping[str, Any], *interrupts: tuple[float, str] | tuple[float, str, str], **story: Any
) -> Story:
    """The first page is answered 2.05 s after the start."""
    return Story(
        {
            "first": says(action, text("Never.")),
            "other": says(text("Elsewhere.")),
            "available": Says(status=204),
            "error": Says(),
        },
        interrupts=interrupts,
        **{"far_end": TALK, **story},
    )


ACTIONS = [
    ("sleep", LONG),
    ("get_number", NUMBER),
    ("run_menu", MENU),
    ("record", RECORD),
    ("play", {"play": {"play_list": [{"text_to_say": str(n)} for n in range(9)]}}),
    ("connect", {"connect": {"destinations": [DESK]}}),
    ("connect_to_conference", {"connect_to_conference": {"name": "weekly42"}}),
]


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_with_a_page_it_goes_on_there(name: str, action: Mapping[str, Any]) -> None:
    story = interrupted(action, (4.0, "other"))

    assert story.interruptions == [Interruption(InterruptResult.INTERRUPTED, name)]
    assert [page for page in story.asked if page != "available"] == ["first", "other", "final"]
    assert story.info("other")["action_result"] == {"action": name, "interrupted": True}
    call = story.info("other")["this_call"]
    assert (call["call_state"], call["seconds_call_duration"]) == ("answered", 2.0)
    assert story.speech.said[-1][0] == "Elsewhere."
    assert story.exit_status == 0


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_without_one_the_application_ends(name: str, action: Mapping[str, Any]) -> None:
    story = interrupted(action, (4.0, ""))

    assert story.interruptions == [Interruption(InterruptResult.INTERRUPTED, name)]
    assert [page for page in story.asked if page != "available"] == ["first", "final"]
    call = story.info("final")["this_call"]
    assert (call["call_cause"], call["seconds_call_duration"]) == ("completed", 2.0)
    assert story.told.of(ErrorReported) == []
    assert story.exit_status == 0


@pytest.mark.parametrize("page", ["", "other"])
def test_a_recording_is_closed_and_kept(page: str) -> None:
    story = interrupted(RECORD, (4.0, page))

    assert "stop record" in story.call.did
    [made] = story.told.of(RecordingMade)
    assert made.duration == pytest.approx(1.95, abs=0.01)
    result = story.info("available")["action_result"]["result"]
    assert (result["id"], result["contains_sound"]) == ("r1", True)
    assert result["seconds_duration"] == pytest.approx(1.9, abs=0.11)


@pytest.mark.parametrize(("page", "asked"), [("", []), ("other", ["other"])])
def test_secondary_calls_are_hung_up_and_their_final_page_is_asked(
    page: str, asked: list[str]
) -> None:
    connect = {
        "connect": {
            "destinations": [DESK],
            "secondary_call": {"first_page": "whisper", "final_page": "s_final"},
        }
    }
    pages = {"s_final": Says(status=204), "other": says(), "whisper": says(LONG)}
    for whisper, at in ((says(LONG), 6.0), (says(), 9.0)):
        story = Story(
            {"first": says(connect), **pages, "whisper": whisper}, interrupts=((at, page),)
        )
        assert story.asked == ["first", "whisper", "s_final", *asked, "final"]
        assert story.secondaries.placed[DESK].did[-1] == "hang up"
        assert story.interruptions[0].action == "connect"


def test_while_they_ring_nobody_is_told_of_them() -> None:
    story = interrupted({"connect": {"destinations": [DESK]}}, (3.0, "other"))
    assert story.secondaries.placed[DESK].did == ["hang up"]
    assert story.asked == ["first", "other", "final"]


def test_a_page_request_in_flight_is_discarded() -> None:
    # It is answered 0.05 s after it was asked, which is 2 s after the start.
    story = interrupted(LONG, (2.02, "other"))

    assert story.interruptions == [Interruption(InterruptResult.INTERRUPTED, "")]
    assert story.asked == ["first", "other", "final"]
    assert "action_result" not in story.info("other")


def test_before_the_answer_it_is_asked_after_it() -> None:
    story = interrupted(LONG, (1.0, "other"))

    assert story.asked == ["other", "final"]
    assert story.info("other")["this_call"]["call_state"] == "answered"


def test_before_the_answer_without_a_page_the_call_is_ended() -> None:
    story = interrupted(LONG, (1.0, ""))

    assert story.asked == ["final"]
    assert story.info("final")["this_call"]["seconds_call_duration"] == 0.0


@pytest.mark.parametrize(("page", "asked"), [("", ["final"]), ("other", ["other", "final"])])
def test_while_it_is_found_out_who_answered(page: str, asked: list[str]) -> None:
    application = replace(APPLICATION, classification=Classification())
    assert interrupted(LONG, (2.5, page), application=application).asked == asked


def test_an_inbound_call_that_is_not_answered_can_be_sent_elsewhere() -> None:
    story = interrupted(LONG, (4.0, "other"), parties=INBOUND)

    assert story.asked == ["first", "other", "final"]
    assert story.info("other")["this_call"]["call_state"] == "inbound"
    assert "answer" in story.call.did


def test_the_last_of_two_at_once_counts() -> None:
    story = interrupted(LONG, (4.0, "", "other"))
    assert story.asked == ["first", "other", "final"]


def test_an_apology_can_be_interrupted() -> None:
    story = Story(
        {"first": Says(status=500), "error": says(LONG), "other": says(text("Elsewhere."))},
        interrupts=((4.0, "other"),),
    )

    assert story.asked == ["first", "error", "other", "final"]
    assert story.info("final")["this_call"]["call_cause"] == "failed"


def test_a_page_that_it_leads_to_may_fail() -> None:
    story = Story(
        {"first": says(LONG), "other": Says(status=404), "error": Says()},
        interrupts=((4.0, "other"),),
    )
    assert story.asked == ["first", "other", "error", "final"]
    assert story.exit_status == -1


def test_a_running_transcription_continues() -> None:
    start = {"start_transcription": {"results_page": "r", "transcription_mode": "inbound"}}
    story = Story(
        {"first": says(start, LONG), "other": says(LONG), "r": Says(status=204)},
        FarEnd(says=((6.0, "still heard"),), hangs_up_at=10.0),
        replace(APPLICATION, speech_streams=1),
        interrupts=((4.0, "other"),),
    )

    told = [info["action_result"]["result"] for page, info in story.web.asked if page == "r"]
    assert [phrase["alternatives"][0]["text"] for phrase in told[0]["transcription"]] == [
        "still heard"
    ]
    assert [result["completed"] for result in told] == [False, True]


def test_a_call_that_is_being_ended_is_not_interrupted() -> None:
    # The first page is answered after 2.05 s, and the final page asked at once.
    story = interrupted({"hang_up": {}}, (2.07, "other"))

    assert story.interruptions == [Interruption(InterruptResult.COMPLETED)]
    assert story.asked == ["first", "final"]


def test_the_log_says_so() -> None:
    story = interrupted(LONG, (4.0, "other?user=x"))
    assert "interrupted from outside: POST http://app.example.com/ivr/other" in story.logs.text
    assert "action sleep stopped" in story.logs.text
