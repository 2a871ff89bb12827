"""`start_transcription` and `stop_transcription`: what is told to the results page, and when."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.facts import FeatureUsed, InstanceStopped
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, Unreachable, says, text
from tests.sim.recogniser import CRASH

TWO_STREAMS = replace(APPLICATION, speech_streams=2)
TALK = FarEnd(
    says=((3.0, "~I would"), (4.0, "I would like a refund"), (8.0, "yes")),
    is_told=((6.0, "are you sure"),),
    hangs_up_at=12.0,
)


def transcribed(
    *after: dict[str, Any], far_end: FarEnd = TALK, results: Any = None, **members: Any
) -> Story:
    start = {"start_transcription": {"results_page": "results", "id": "leg-a", **members}}
    rest = after or ({"sleep": {"seconds": 30}},)
    return Story(
        {
            "first": says(start, *rest, token="t1"),
            "results": results or Says(status=204),
            "error": Says(),
            "n": says(),
        },
        far_end,
        TWO_STREAMS,
    )


def results(story: Story) -> list[dict[str, Any]]:
    return [info for page, info in story.web.asked if page == "results"]


def phrases(story: Story) -> list[tuple[str, str | None]]:
    """Every phrase that was told, in order, with its direction."""
    return [
        (phrase["alternatives"][0]["text"], phrase.get("direction"))
        for info in results(story)
        for phrase in info["action_result"]["result"]["transcription"]
    ]


def test_profanities_become_asterisks_in_both_directions() -> None:
    swears = replace(
        TALK,
        says=((3.0, "~damn"), (4.0, "damn you")),
        is_told=((6.0, "mind your words, you prick"),),
    )
    told = transcribed(
        far_end=swears,
        enable_interim_results=True,
        speech_recognition_options={"enable_profanity_filtering": True},
    )

    assert phrases(told) == [
        ("****", "inbound"),
        ("**** you", "inbound"),
        ("mind your words, you *****", "outbound"),
    ]


def test_a_result_is_a_notification_with_an_empty_token() -> None:
    first, *_, last = results(transcribed())

    assert first["action_result"] == {
        "action": "start_transcription",
        "result": {
            "id": "leg-a",
            "completed": False,
            "transcription": [
                {
                    "alternatives": [{"text": "I would like a refund", "confidence": 0.9}],
                    "final": True,
                    "direction": "inbound",
                }
            ],
        },
    }
    assert (first["token"], first["is_notification"]) == ("", True)
    assert "this_call" not in first
    assert last["action_result"]["result"] == {
        "id": "leg-a",
        "completed": True,
        "transcription": [],
    }


REFUND, YES, SURE = "I would like a refund", "yes", "are you sure"
MODES = [
    ("separate", [(REFUND, "inbound"), (SURE, "outbound"), (YES, "inbound")], ["in", "out"]),
    ("mixed", [(REFUND, None), (YES, None)], ["mixed"]),
    ("inbound", [(REFUND, "inbound"), (YES, "inbound")], ["in"]),
    ("outbound", [(SURE, "outbound")], ["out"]),
]


@pytest.mark.parametrize(("mode", "told", "paths"), MODES)
def test_each_mode_hears_its_sides(
    mode: str, told: list[tuple[str, str | None]], paths: list[str]
) -> None:
    story = transcribed(transcription_mode=mode)

    assert phrases(story) == told
    used = story.told.of(FeatureUsed)
    assert sorted(use.audio_path for use in used) == paths
    assert {use.feature_type for use in used} == {"sr_start_transcription"}
    # From the first page to the end of the call.
    assert [use.seconds for use in used] == [pytest.approx(9.9, abs=0.2)] * len(paths)


def test_interim_results_are_sent_where_they_are_wanted() -> None:
    story = transcribed(transcription_mode="inbound", enable_interim_results=True)

    [interim] = results(story)[0]["action_result"]["result"]["transcription"]
    assert interim == {
        "alternatives": [{"text": "I would"}],
        "final": False,
        "stability": 0.7,
        "direction": "inbound",
    }


def test_what_is_said_before_the_stop_is_still_told() -> None:
    story = transcribed(
        {"sleep": {"seconds": 3}},
        {"stop_transcription": {}},
        {"sleep": {"seconds": 30}},
        transcription_mode="inbound",
    )

    assert phrases(story) == [(REFUND, "inbound")]
    [used] = story.told.of(FeatureUsed)
    assert used.seconds == pytest.approx(3.0, abs=0.2)


def test_it_runs_on_beside_the_list_and_over_next_pages() -> None:
    story = transcribed(
        text("Hello."), {"redirect": {"next_page": "n"}}, transcription_mode="inbound"
    )
    assert [page for page, _ in story.web.asked if page != "results"] == ["first", "n", "final"]


def test_a_second_one_ends_the_first() -> None:
    again = {"start_transcription": {"results_page": "results", "id": "leg-b"}}
    story = transcribed({"sleep": {"seconds": 3}}, again, {"sleep": {"seconds": 30}})

    told = [
        (info["action_result"]["result"]["id"], info["action_result"]["result"]["completed"])
        for info in results(story)
    ]
    assert ("leg-a", True) in told
    assert told[-1] == ("leg-b", True)
    assert [text for text, _ in phrases(story)] == [REFUND, SURE, YES]


def test_use_is_told_before_the_instance_has_stopped() -> None:
    kinds = [type(fact) for fact in transcribed().told.facts]
    assert kinds.index(FeatureUsed) < kinds.index(InstanceStopped)


def test_stopping_none_does_nothing() -> None:
    story = Story({"first": says({"stop_transcription": {}})})
    assert story.exit_status == 0


FAULTS = [
    ({"speech_recognition_options": {"language": "tlh"}}, "speech_recognition_failed"),
    (
        {"speech_recognition_options": {"language": "en-GB", "language_outbound": "tlh"}},
        "speech_recognition_failed",
    ),
]


@pytest.mark.parametrize(("members", "code"), FAULTS)
def test_a_language_that_nobody_understands_is_an_error(members: dict[str, Any], code: str) -> None:
    story = transcribed(**members)

    assert story.info("error")["error_result"]["code"] == code
    assert results(story) == []
    assert all(begun.is_closed for begun in story.recognisers.begun)


@pytest.mark.parametrize(("mode", "streams"), [("separate", 1), ("mixed", 0)])
def test_too_few_speech_streams_are_an_error(mode: str, streams: int) -> None:
    start = {"start_transcription": {"results_page": "r", "transcription_mode": mode}}
    story = Story(
        {"first": says(start), "error": Says()},
        application=replace(APPLICATION, speech_streams=streams),
    )
    assert story.info("error")["error_result"]["code"] == "no_speech_streams"


def test_a_transcription_holds_its_streams_until_it_ends() -> None:
    get_input = {"get_input": {"next_page": "n"}}
    assert transcribed(get_input).info("error")["error_result"]["code"] == "no_speech_streams"

    story = transcribed({"stop_transcription": {}}, get_input)
    assert story.info("n")["action_result"]["action"] == "get_input"


def test_a_recogniser_that_dies_ends_it_and_not_the_call() -> None:
    far_end = FarEnd(says=((4.0, CRASH), (6.0, "too late")), hangs_up_at=12.0)
    story = transcribed(far_end=far_end, transcription_mode="inbound")

    assert story.exit_status == 0
    assert phrases(story) == []
    assert results(story)[-1]["action_result"]["result"]["completed"] is True
    assert "ERROR the transcription ends: the recogniser is gone" in story.logs.text


def test_a_results_page_that_does_not_listen_costs_nobody_anything() -> None:
    story = transcribed(results=[Says(status=503), Unreachable(), Says(status=204)])

    assert story.exit_status == 0
    assert story.pauses == [1.0, 5.0]
    assert story.info("final")["this_call"]["call_cause"] == "hung_up"
