"""`get_input` on a call: speech or digits, and what it costs."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.facts import FeatureUsed
from callwright.runner.ports import RecognitionOrder
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says
from tests.sim.recogniser import CRASH

TRY_AGAIN = "Please listen to the instructions, and then speak clearly or press the relevant digit."
PROMPT = {"play": {"play_list": [{"text_to_say": "How can I help?"}]}}
Spoken = tuple[tuple[float, str], ...]

ONE_STREAM = replace(APPLICATION, speech_streams=1)


def taken(keys: str = "", spoken: Spoken = (), **members: Any) -> Story:
    """The prompt ends 3.05 s after the start; keys come from 4 s on, half a second apart."""
    action = {"get_input": {"next_page": "n", "prompt": PROMPT, **members}}
    far_end = FarEnd(keys=tuple((4.0 + n / 2, key) for n, key in enumerate(keys)), says=spoken)
    pages = {"first": says(action), "n": says(), "error": Says()}
    return Story(pages, far_end, application=ONE_STREAM)


def result(story: Story) -> object:
    return story.info("n")["action_result"]


def digits(entered: str) -> object:
    return {"action": "get_input", "result": {"speech": [], "digits": entered}}


def speech(*alternatives: dict[str, object]) -> object:
    phrase = {"alternatives": list(alternatives), "final": True}
    return {"action": "get_input", "result": {"speech": [phrase], "digits": ""}}


def test_digits_come_with_an_empty_speech() -> None:
    story = taken("5", speech_input_mode="disabled", digit_input_options={"digit_count": 1})

    assert result(story) == digits("5")
    assert story.recognisers.begun == []
    assert story.told.of(FeatureUsed) == []


@pytest.mark.parametrize("mode", ["timeout", "auto"])
def test_digits_are_taken_beside_speech(mode: str) -> None:
    assert result(taken("5#", speech_input_mode=mode)) == digits("5")


def test_speech_is_an_input_with_its_readings() -> None:
    story = taken(spoken=((5.0, "a refund|refund"),))

    assert result(story) == speech({"text": "a refund", "confidence": 0.9}, {"text": "refund"})


@pytest.mark.parametrize(
    ("is_filtered", "said", "other"),
    [(True, "**** this ****", "**** it"), (False, "damn this shit", "damn it")],
)
def test_profanities_become_asterisks_where_that_is_wanted(
    said: str, other: str, *, is_filtered: bool
) -> None:
    options = {"enable_profanity_filtering": is_filtered}
    story = taken(spoken=((5.0, "damn this shit|damn it"),), speech_recognition_options=options)

    assert result(story) == speech({"text": said, "confidence": 0.9}, {"text": other})
    assert "profanities" not in story.logs.text
    assert ("damn" in str(story.told.facts)) is not is_filtered


def test_the_use_of_the_recogniser_is_told() -> None:
    [used] = taken(spoken=((5.0, "a refund"),)).told.of(FeatureUsed)

    assert (used.feature_type, used.audio_path) == ("sr_get_input", "in")
    # From the end of the prompt to the phrase.
    assert used.seconds == pytest.approx(2.0, abs=0.2)
    assert used.transaction_id == "7f31c2a90be4d816.40217_1"


def test_a_key_ends_the_recognition() -> None:
    story = taken("5#", spoken=((4.2, "too late"),))

    assert result(story) == digits("5")
    assert story.recognisers.begun[0].is_closed


def test_speech_during_the_prompt_is_not_meant_for_us() -> None:
    story = taken("5#", spoken=((2.5, "hm"),))
    assert result(story) == digits("5")


def test_speech_may_barge_into_the_prompt_where_that_says_so() -> None:
    prompt = {"play": {**PROMPT["play"], "barge_in_on_speech": True}}
    story = taken(spoken=((2.3, "~a"), (2.8, "a refund")), prompt=prompt)

    assert result(story) == speech({"text": "a refund", "confidence": 0.9})
    assert story.info("n")["this_call"]["seconds_call_duration"] == pytest.approx(0.8, abs=0.11)


def test_somebody_who_speaks_is_not_asked_again() -> None:
    story = taken(spoken=((7.9, "~well"), (14.0, "a refund")))

    assert result(story) == speech({"text": "a refund", "confidence": 0.9})
    assert [said for said, _ in story.speech.said] == ["How can I help?"]


def test_the_end_digit_alone_is_no_input() -> None:
    story = taken("#", on_input_timeout_messages=[])

    assert story.asked == ["first", "final"]
    assert [said for said, _ in story.speech.said][1] == "Sorry, I did not recognise that."


def test_without_digits_keys_are_not_heard() -> None:
    story = taken("5#", digit_input_enabled=False, seconds_timeout=4)

    assert story.asked == ["first", "final"]
    assert [said for said, _ in story.speech.said] == [
        "How can I help?",
        "Sorry, I did not get anything.",
        TRY_AGAIN,
    ]
    # The page 0.05 s, three sounds of 1 s, three times 4 s of silence.
    call = story.info("final")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(15.05, abs=0.11)


ORDERS = [
    ({}, RecognitionOrder("en-US", "default", wants_interim_results=True, end_silence=2.0)),
    (
        {"milliseconds_inter_speech_timeout": 700},
        RecognitionOrder("en-US", "default", wants_interim_results=True, end_silence=0.7),
    ),
    (
        {
            "speech_input_mode": "auto",
            "speech_recognition_options": {
                "language": "en-GB",
                "word_hints": [{"words": ["invoice", "refund"], "priority": 1250}],
                "max_alternatives": 2,
                "speech_model_options": {"model": "phone_call"},
            },
        },
        RecognitionOrder(
            "en-GB",
            "phone_call",
            hints=(("invoice", 1250), ("refund", 1250)),
            max_alternatives=2,
            wants_interim_results=True,
        ),
    ),
]


@pytest.mark.parametrize(("members", "order"), ORDERS)
def test_the_recogniser_is_told_everything(
    members: dict[str, Any], order: RecognitionOrder
) -> None:
    [begun] = taken("5#", **members).recognisers.begun
    assert begun.order == order


FAULTS = [
    ({"speech_recognition_options": {"language": "tlh"}}, "speech_recognition_failed"),
    ({}, "speech_recognition_failed"),
]


@pytest.mark.parametrize(("members", "code"), FAULTS)
def test_a_recogniser_that_fails_is_an_error(members: dict[str, Any], code: str) -> None:
    story = taken(spoken=((4.0, CRASH),), **members)
    assert story.info("error")["error_result"]["code"] == code


def test_it_needs_a_speech_stream() -> None:
    action = {"get_input": {"next_page": "n"}}
    story = Story({"first": says(action), "error": Says()})

    assert story.info("error")["error_result"] == {
        "action": "get_input",
        "code": "no_speech_streams",
        "result": "the service has 0 speech streams, of which 0 are in use: 1 more were expected",
    }


def test_the_stream_is_given_back() -> None:
    action = {"get_input": {"next_page": "n"}}
    story = Story(
        {"first": says(action), "n": says({"get_input": {"next_page": "m"}}), "m": says()},
        FarEnd(says=((3.0, "one"), (4.0, "two"))),
        application=ONE_STREAM,
    )
    assert story.asked == ["first", "n", "m", "final"]


def test_a_caller_who_hangs_up_ends_the_recognition() -> None:
    far_end = FarEnd(hangs_up_at=6.0)
    action = {"get_input": {"next_page": "n", "prompt": PROMPT}}
    story = Story({"first": says(action)}, far_end, application=ONE_STREAM)

    assert story.asked == ["first", "final"]
    assert story.recognisers.begun[0].is_closed
    assert [used.feature_type for used in story.told.of(FeatureUsed)] == ["sr_get_input"]
