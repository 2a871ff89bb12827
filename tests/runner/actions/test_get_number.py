"""`get_number` on a call."""

import pytest

from tests.sim.call import FarEnd
from tests.sim.instance import Story, says

TRY_AGAIN = (
    "Please listen to the instructions and then use your telephone keypad to enter a valid number."
)
PROMPT = {"play": {"play_list": [{"text_to_say": "Number?"}]}}


def entered(keys: str, *, at: float = 4.0, every: float = 0.5, **members: object) -> Story:
    action = {"get_number": {"next_page": "n", "prompt": PROMPT, **members}}
    far_end = FarEnd(keys=tuple((at + every * n, key) for n, key in enumerate(keys)))
    return Story({"first": says(action), "n": says()}, far_end)


def number(story: Story) -> str:
    return str(story.info("n")["action_result"]["result"]["entered_number"])


def test_takes_keys_after_the_prompt() -> None:
    story = entered("902#")

    assert number(story) == "902"
    assert story.speech.said[0][0] == "Number?"


def test_a_key_barges_into_the_prompt_and_counts() -> None:
    story = entered("902#", at=2.3)

    assert number(story) == "902"
    assert story.call.did[0] == "play /speech/Number?.wav"


def test_help_plays_the_prompt_again() -> None:
    assert [said for said, _ in entered("9*2#", every=1.5).speech.said] == ["Number?", "Number?"]


def test_an_invalid_key_is_answered_with_the_default_text() -> None:
    story = entered("9A12#", every=1.5)

    assert number(story) == "12"
    assert [said for said, _ in story.speech.said][1:] == ["Sorry, that was not a valid number."]


def test_three_silences_end_it_without_a_next_page() -> None:
    story = entered("")

    assert story.asked == ["first", "final"]
    assert [said for said, _ in story.speech.said] == [
        "Number?",
        "Sorry, I did not hear that.",
        TRY_AGAIN,
    ]
    # The page 0.05 s, three sounds of 1 s, three times 5 s of silence.
    call = story.info("final")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(18.05, abs=0.06)


def test_keys_beyond_the_count_are_the_next_inputs() -> None:
    first = {"get_number": {"next_page": "n", "digit_count": 2}}
    second = {"get_number": {"next_page": "m", "digit_count": 2}}
    keys = tuple((2.01 + n / 100, key) for n, key in enumerate("1234"))
    story = Story({"first": says(first), "n": says(second), "m": says()}, FarEnd(keys=keys))

    assert number(story) == "12"
    assert story.info("m")["action_result"]["result"] == {"entered_number": "34"}
