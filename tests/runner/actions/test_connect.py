"""`connect`: two calls, two flows, one of them joined to the other."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.facts import ErrorReported, InstanceStopped
from callwright.runner.ports import SecondaryOrder
from tests.sim.call import INBOUND, FarEnd
from tests.sim.clock import VirtualClock
from tests.sim.instance import APPLICATION, Says, Story, Unreachable, says, text
from tests.sim.secondaries import FORBIDDEN

DUTY = "sip:duty@example.com"
DESK = "tel:441632960201"
BUSY = FarEnd(answers_at=3.0, refuses=cause_of_sip_failure(486))
STAYS = FarEnd(answers_at=5.0, hangs_up_at=25.0)


def connected(
    others: Mapping[str, FarEnd],
    pages: Mapping[str, Any] | None = None,
    far_end: FarEnd | None = None,
    story: Mapping[str, Any] | None = None,
    **members: Any,
) -> Story:
    """The primary call is answered after 2 s, and the first page takes 0.05 s."""
    action = {"connect": {"destinations": list(others), "next_page": "after", **members}}
    return Story(
        {
            "first": says(action, text("Nobody is there.")),
            "after": says(),
            "error": Says(),
            **(pages or {}),
        },
        far_end or FarEnd(),
        others=others,
        **(story or {}),
    )


def secondary(**members: Any) -> dict[str, Any]:
    return {"secondary_call": {"final_page": "s_final", **members}}


OWN = {"s_final": Says(status=204), "s_error": Says()}


def test_the_call_that_answers_is_joined_until_it_ends() -> None:
    story = connected({DESK: STAYS})

    assert story.asked == ["first", "after", "final"]
    assert story.info("after")["action_result"] == {
        "action": "connect",
        "result": {"seconds_connected_duration": 20.0},
    }
    assert story.call.did == [
        "drop digits",
        "loop",
        "join secondary.1",
        "part",
        "drop digits",
        "hang up",
    ]


def test_without_a_next_page_the_list_goes_on() -> None:
    assert connected({DESK: STAYS}, next_page=None).speech.said[0][0] == "Nobody is there."


def test_the_order_says_everything() -> None:
    story = connected(
        {DESK: STAYS},
        seconds_answer_timeout=12,
        call_from="441632960100",
        extra_sip_headers=[{"name": "X-Case", "value": "17"}],
        secondary_call={"minutes_max_call_duration": 5},
    )

    assert story.secondaries.orders == [
        SecondaryOrder(
            DESK,
            caller_id="441632960100",
            ring_timeout=12.0,
            max_duration=300.0,
            headers=(("X-Case", "17"),),
        )
    ]


@pytest.mark.parametrize("parties", [INBOUND, None])
def test_who_calls_is_whoever_the_primary_call_is_with(parties: Any) -> None:
    story = connected({DESK: STAYS}, story={} if parties is None else {"parties": parties})
    assert [order.caller_id for order in story.secondaries.orders] == ["441632960961"]


NOBODY = [
    ({DESK: BUSY}, {}),
    ({DESK: BUSY, DUTY: BUSY}, {}),
    ({DESK: FarEnd(answers_at=31.0)}, {}),
    ({DESK: FarEnd(answers_at=11.0)}, {"seconds_answer_timeout": 10}),
    ({FORBIDDEN: FarEnd()}, {}),
]


@pytest.mark.parametrize(("others", "members"), NOBODY)
def test_when_nobody_answers_the_list_goes_on(
    others: Mapping[str, FarEnd], members: dict[str, Any]
) -> None:
    story = connected(others, OWN, **secondary(), **members)

    assert story.asked == ["first", "final"]
    assert story.speech.said == [("Nobody is there.", APPLICATION.tts_voice)]
    assert story.told.of(ErrorReported) == []


@pytest.mark.parametrize(("others", "members"), NOBODY)
def test_or_the_next_page_is_asked_as_version_1_did(
    others: Mapping[str, FarEnd], members: dict[str, Any]
) -> None:
    application = replace(APPLICATION, connect_next_page_on_failure=True)
    story = connected(others, story={"application": application}, **members)

    assert story.asked == ["first", "after", "final"]
    assert story.info("after")["action_result"]["result"] == {"seconds_connected_duration": 0.0}


def test_an_agent_who_leaves_while_his_page_is_asked_ends_it_at_once() -> None:
    begun_at = VirtualClock().unix_time()
    story = connected(
        {DESK: FarEnd(answers_at=3.0, hangs_up_at=5.0)},
        {**OWN, "whisper": says(text("Never."))},
        story={"slow": {"whisper": [20.0]}},
        **secondary(first_page="whisper"),
    )

    assert story.asked == ["first", "whisper", "s_final", "final"]
    assert story.info("s_final")["this_call"]["call_cause"] == "hung_up"
    [stopped] = story.told.of(InstanceStopped)
    # The answer, the first page, all that the agent does, his final page, a prompt of 1 s, the
    # final page.
    assert stopped.at - begun_at == pytest.approx(2.0 + 0.05 + 5.0 + 0.05 + 1.0 + 0.05)


def test_the_first_to_answer_wins_and_the_others_are_dropped() -> None:
    others = {DESK: FarEnd(answers_at=9.0), DUTY: STAYS, "tel:4420": BUSY, FORBIDDEN: FarEnd()}
    story = connected(others, OWN, **secondary())

    assert story.asked == ["first", "s_final", "after", "final"]
    final = story.info("s_final")
    assert final["this_call"]["call_to"] == DUTY
    # One was busy and one never called: only who still rang was dropped.
    assert [(call["call_to"], call["call_cause"]) for call in final["dropped_calls"]] == [
        ("441632960201", "dropped")
    ]
    assert final["dropped_calls"][0]["seconds_call_duration"] == 0.0
    assert final["dropped_calls"][0]["call_raw_cause"] == "487"


def test_it_needs_an_extra_channel_for_each_destination() -> None:
    story = connected({DESK: STAYS, DUTY: STAYS}, story={"free_channels": 1})

    assert story.secondaries.orders == []
    assert story.info("error")["error_result"] == {
        "action": "connect",
        "code": "no_channels",
        "result": "2 extra channels are needed, and 1 of the service's 4 are free",
    }
    assert [report.code for report in story.told.of(ErrorReported)] == ["2105"]


def test_hold_media_is_played_instead_of_the_ringing_tone() -> None:
    hold = {"play": {"play_list": [{"text_to_say": "Please hold."}, {"file_to_play": "no.wav"}]}}
    story = connected({DESK: STAYS}, hold_media=hold)
    assert story.info("error")["error_result"]["code"] == "media_not_found"

    hold["play"]["play_list"].pop()
    story = connected({DESK: STAYS}, hold_media=hold)
    assert story.speech.said[0][0] == "Please hold."


def test_hold_media_that_cannot_be_played_is_an_error_and_drops_the_calls() -> None:
    hold = {"play": {"play_list": [{"file_to_play": "prompts/welcome.wav"}]}}
    broken = {"broken_sounds": frozenset({"/media/1/prompts/welcome.wav"})}
    story = connected({DESK: STAYS}, story=broken, hold_media=hold)

    assert story.info("error")["error_result"]["code"] == "media_invalid"
    assert story.secondaries.placed[DESK].did == ["hang up"]


def test_early_media_takes_the_place_of_the_hold_media() -> None:
    early = replace(STAYS, early_media_at=1.0)
    story = connected({DESK: early}, pass_early_media=True)

    assert story.secondaries.orders[0].wants_early_media
    assert story.call.did.count("join secondary.1") == 1
    # From the answer on.
    assert story.info("after")["action_result"]["result"]["seconds_connected_duration"] == 20.0


def test_early_media_of_a_call_that_is_not_answered_ends_with_it() -> None:
    early = replace(BUSY, early_media_at=1.0)
    story = connected({DESK: early}, pass_early_media=True)

    assert story.asked == ["first", "final"]
    assert "part" in story.call.did


def test_the_secondary_call_has_pages_of_its_own_before_it_is_joined() -> None:
    story = connected(
        {DESK: STAYS},
        {
            **OWN,
            "whisper": says(text("A call."), {"redirect": {"next_page": "more"}}, token="s1"),
            "more": says(text("From Ann."), token="s2"),
        },
        **secondary(first_page="whisper"),
    )

    assert story.asked == ["first", "whisper", "more", "s_final", "after", "final"]
    call = story.info("whisper")["this_call"]
    assert (call["call_id"], call["call_state"]) == ("secondary.1", "answered")
    assert "outbound_parameters" not in call
    assert story.secondaries.placed[DESK].did == [
        "play /speech/A call..wav",
        "drop digits",
        "play /speech/From Ann..wav",
    ]
    assert "INFO  page first of secondary.1: POST" in story.logs.text
    assert "INFO  action play of secondary.1 started" in story.logs.text
    # There is one token.
    assert story.info("s_final")["token"] == story.info("after")["token"] == "s2"
    assert story.info("s_final")["this_call"]["call_cause"] == "hung_up"


def test_an_empty_first_page_joins_at_once() -> None:
    story = connected({DESK: STAYS}, {**OWN, "whisper": Says()}, **secondary(first_page="whisper"))
    assert "join secondary.1" in story.call.did


DECLINED = [
    ({"whisper": says({"hang_up": {}}, text("Never."))}, STAYS, "completed"),
    ({"whisper": says({"sleep": {"seconds": 60}})}, STAYS, "hung_up"),
]


@pytest.mark.parametrize(("pages", "far_end", "cause"), DECLINED)
def test_a_secondary_call_that_ends_before_is_not_joined(
    pages: dict[str, Any], far_end: FarEnd, cause: str
) -> None:
    story = connected({DESK: far_end}, {**OWN, **pages}, **secondary(first_page="whisper"))

    assert story.asked == ["first", "whisper", "s_final", "final"]
    assert not [did for did in story.call.did if did.startswith("join")]
    assert story.info("s_final")["this_call"]["call_cause"] == cause
    assert story.speech.said == [("Nobody is there.", APPLICATION.tts_voice)]


FAULTS = [
    (Unreachable(), "page_request_failed"),
    (Says(status=500), "page_request_failed"),
    (Says(b"{"), "invalid_response"),
    (says({"dance": {}}), "unknown_action"),
    (says({"play": {"play_list": [{"file_to_play": "no.wav"}]}}), "media_not_found"),
    (says({"connect": {"destinations": [DUTY]}}), "invalid_state"),
    (says({"connect_to_conference": {"name": "c"}}), "invalid_state"),
    (says({"reject": {}}), "invalid_state"),
    (RuntimeError("our bug"), "internal_error"),
]


@pytest.mark.parametrize(("whisper", "code"), FAULTS)
def test_an_error_there_asks_its_error_page_and_the_primary_call_goes_on(
    whisper: Any, code: str
) -> None:
    pages = {**OWN, "whisper": whisper, "s_error": says(text("Sorry."))}
    story = connected({DESK: STAYS}, pages, **secondary(first_page="whisper", error_page="s_error"))

    assert story.asked == ["first", "whisper", "s_error", "s_final", "final"]
    assert story.info("s_error")["error_result"]["code"] == code
    assert story.info("s_error")["this_call"]["call_id"] == "secondary.1"
    assert story.info("s_final")["this_call"]["call_cause"] == "failed"
    assert [words for words, _ in story.speech.said] == ["Sorry.", "Nobody is there."]
    assert story.info("final")["this_call"]["call_cause"] == "completed"
    assert len(story.told.of(ErrorReported)) == 1
    assert story.exit_status < 0


@pytest.mark.parametrize(("whisper", "code"), FAULTS)
def test_without_one_it_is_an_error_of_the_instance(whisper: Any, code: str) -> None:
    story = connected({DESK: STAYS}, {**OWN, "whisper": whisper}, **secondary(first_page="whisper"))

    assert story.asked == ["first", "whisper", "s_final", "error", "final"]
    assert story.info("error")["error_result"]["code"] == code
    assert story.info("error")["this_call"]["call_id"] != "secondary.1"
    assert story.info("final")["this_call"]["call_cause"] == "failed"
    assert len(story.told.of(ErrorReported)) == 1


PRIMARY_ENDS = [
    (4.0, ["first", "final"]),
    (8.0, ["first", "whisper", "s_final", "final"]),
    (12.0, ["first", "whisper", "s_final", "final"]),
]


@pytest.mark.parametrize(("hangs_up_at", "asked"), PRIMARY_ENDS)
def test_when_the_primary_call_ends_so_does_the_other(hangs_up_at: float, asked: list[str]) -> None:
    # The secondary call rings until 7.05 s, and has its own list until 10.1 s.
    story = connected(
        {DESK: STAYS},
        {**OWN, "whisper": says({"sleep": {"seconds": 3}})},
        FarEnd(hangs_up_at=hangs_up_at),
        **secondary(first_page="whisper"),
    )

    assert story.asked == asked
    assert story.secondaries.placed[DESK].did[-1] == "hang up"
    assert story.info("final")["this_call"]["call_cause"] == "hung_up"


def test_calls_whose_sound_cannot_be_brought_together_are_a_fault_of_ours() -> None:
    story = connected({DESK: STAYS}, OWN, story={"lines_break": True}, **secondary())

    assert story.asked == ["first", "s_final", "error", "final"]
    assert story.info("error")["error_result"]["code"] == "internal_error"


def test_keys_pressed_meanwhile_are_no_input_of_what_follows() -> None:
    number = {"get_number": {"next_page": "n", "digit_count": 1, "seconds_timeout": 0}}
    story = connected(
        {DESK: STAYS}, {"after": says(number), "n": says()}, FarEnd(keys=((10.0, "7"),))
    )
    assert story.info("n")["action_result"]["result"] == {"entered_number": ""}


def test_nothing_private_is_logged() -> None:
    private = {"text_to_say": "PRIVATEMARK", "text_is_private": True}
    story = connected(
        {DESK: STAYS},
        {**OWN, "whisper": says({"play": {"play_list": [private]}}, token="TOKENMARK")},
        **secondary(first_page="whisper"),
    )
    told = story.logs.text + repr(story.told.facts)
    assert [mark for mark in ("PRIVATEMARK", "TOKENMARK") if mark in told] == []
