"""Live translation between two calls, where an installation has plugged a translator in."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.facts import FeatureUsed, SpeechUsed
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says
from tests.sim.recogniser import ScriptedTranslators

DESK = "tel:441632960201"
PRIMARY = {
    "speech_recognition_options": {"language": "en-GB"},
    "translation_options": {"language": "fr"},
    "tts_voice": "English UK Female Polly Amy",
}
SECONDARY = {
    "speech_recognition_options": {"language": "en-US"},
    "translation_options": {"language": "en"},
}
TALKS = FarEnd(says=((10.0, "where is my parcel"),))
REPLIES = FarEnd(answers_at=3.0, hangs_up_at=20.0, says=((12.0, "on its way"),))


def translated(
    translators: ScriptedTranslators | None,
    *,
    streams: int = 2,
    far_end: FarEnd = TALKS,
    **members: Any,
) -> Story:
    translator = {
        "primary": PRIMARY,
        "secondary": SECONDARY,
        "transcription_results_page": "results",
        "id": "t1",
        **members,
    }
    action = {"connect": {"destinations": [DESK], "next_page": "after", "translator": translator}}
    return Story(
        {"first": says(action), "after": says(), "results": Says(status=204), "error": Says()},
        far_end,
        replace(APPLICATION, speech_streams=streams),
        others={DESK: REPLIES},
        translators=translators,
    )


def test_each_side_hears_the_other_in_its_own_language() -> None:
    translators = ScriptedTranslators()
    story = translated(translators)

    assert translators.asked == [
        ("where is my parcel", "en-GB", "fr"),
        ("on its way", "en-US", "en"),
    ]
    assert "play /speech/lecrap ym si erehw.wav" in story.secondaries.placed[DESK].did
    assert "play /speech/yaw sti no.wav" in story.call.did
    assert len(story.told.of(SpeechUsed)) == 2


def test_the_results_page_is_told_of_what_was_said() -> None:
    story = translated(ScriptedTranslators())

    told = [info["action_result"] for page, info in story.web.asked if page == "results"]
    assert told[0] == {
        "action": "connect.translator",
        "result": {
            "id": "t1",
            "completed": False,
            "transcription": [
                {
                    "alternatives": [{"text": "where is my parcel", "confidence": 0.9}],
                    "final": True,
                    "direction": "inbound",
                    "translation": "lecrap ym si erehw",
                }
            ],
        },
    }
    assert told[1]["result"]["transcription"][0]["direction"] == "outbound"
    assert told[2]["result"] == {"id": "t1", "completed": True, "transcription": []}


def test_profanities_of_one_side_reach_neither_the_other_nor_the_page() -> None:
    options = {"language": "en-GB", "enable_profanity_filtering": True}
    translators = ScriptedTranslators()
    story = translated(
        translators,
        primary={**PRIMARY, "speech_recognition_options": options},
        far_end=replace(TALKS, says=((10.0, "where is my damn parcel"),)),
    )

    assert translators.asked[0] == ("where is my **** parcel", "en-GB", "fr")
    assert "damn" not in str(story.web.asked)


def test_its_use_is_told_for_both_calls() -> None:
    used = translated(ScriptedTranslators()).told.of(FeatureUsed)

    assert {use.feature_type for use in used} == {"ct_connect_translator"}
    assert len({use.call_id for use in used}) == len(used) == 2


def test_without_a_translator_nobody_is_called() -> None:
    story = translated(None)

    assert story.secondaries.orders == []
    assert story.info("error")["error_result"] == {
        "action": "connect",
        "code": "translation_failed",
        "result": "calls cannot be translated: no translator is installed",
    }


def test_it_needs_two_speech_streams() -> None:
    story = translated(ScriptedTranslators(), streams=1)

    assert story.secondaries.orders == []
    assert story.info("error")["error_result"]["code"] == "no_speech_streams"


@pytest.mark.parametrize(
    "members",
    [
        {"primary": {**PRIMARY, "translation_options": {"language": "cy"}}},
        {"primary": {**PRIMARY, "speech_recognition_options": {"language": "tlh"}}},
    ],
)
def test_a_side_that_cannot_be_translated_leaves_the_calls_joined(
    members: dict[str, Any],
) -> None:
    story = translated(ScriptedTranslators(), **members)

    assert story.asked[-2:] != ["error", "final"]
    assert "after" in story.asked
    assert "play /speech/yaw sti no.wav" in story.call.did


def test_without_a_results_page_nobody_is_told() -> None:
    story = translated(ScriptedTranslators(), transcription_results_page=None)
    assert story.asked == ["first", "after", "final"]
