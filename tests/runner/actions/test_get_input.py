"""`get_input` on a call: digits only, as long as there is no recogniser."""

import pytest

from tests.sim.call import FarEnd
from tests.sim.instance import Story, says

TRY_AGAIN = "Please listen to the instructions, and then speak clearly or press the relevant digit."
PROMPT = {"play": {"play_list": [{"text_to_say": "How can I help?"}]}}


def taken(keys: str, **members: object) -> Story:
    action = {"get_input": {"next_page": "n", "prompt": PROMPT, **members}}
    far_end = FarEnd(keys=tuple((4.0 + n / 2, key) for n, key in enumerate(keys)))
    return Story({"first": says(action), "n": says()}, far_end)


def test_digits_come_with_an_empty_speech() -> None:
    story = taken("5", speech_input_mode="disabled", digit_input_options={"digit_count": 1})

    assert story.info("n")["action_result"] == {
        "action": "get_input",
        "result": {"speech": [], "digits": "5"},
    }
    assert "recogniser" not in story.logs.text


@pytest.mark.parametrize("mode", ["timeout", "auto"])
def test_speech_is_accepted_with_a_warning_and_digits_are_taken(mode: str) -> None:
    story = taken("5#", speech_input_mode=mode)

    assert story.info("n")["action_result"]["result"]["digits"] == "5"
    assert "WARN  no speech recogniser is enabled: only digits are taken" in story.logs.text


def test_the_end_digit_alone_is_no_input() -> None:
    story = taken("#", on_input_timeout_messages=[])

    assert story.asked == ["first", "final"]
    assert [said for said, _ in story.speech.said][1] == "Sorry, I did not recognise that."


def test_speech_alone_waits_as_long_as_a_silent_caller_would() -> None:
    story = taken("5", digit_input_enabled=False, seconds_timeout=4)

    assert story.asked == ["first", "final"]
    assert story.call.did[:-1] == [
        "play /speech/How can I help?.wav",
        "pause 4",
        "play /speech/Sorry, I did not get anything..wav",
        "pause 4",
        f"play /speech/{TRY_AGAIN}.wav",
        "pause 4",
    ]
