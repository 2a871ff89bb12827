"""A list of actions: order, what ends it, and which actions let waiting keys live."""

import pytest

from callwright.domain.facts import ActionEnded, ActionStarted
from tests.sim.call import FarEnd
from tests.sim.instance import Says, Story, says, text

NUMBER = {"get_number": {"next_page": "n", "digit_count": 1, "seconds_timeout": 0}}
KEY_DURING_PLAY = FarEnd(keys=((2.5, "7"),))


def test_a_key_pressed_during_a_play_is_the_next_inputs() -> None:
    story = Story({"first": says(text("Hello."), NUMBER), "n": says()}, KEY_DURING_PLAY)

    assert story.info("n")["action_result"]["result"] == {"entered_number": "7"}


def test_it_lives_on_a_next_page_too() -> None:
    story = Story(
        {
            "first": says(text("Hello."), {"get_number": {"next_page": "b", "digit_count": 1}}),
            "b": says(NUMBER),
            "n": says(),
        },
        FarEnd(keys=((2.5, "7"), (2.52, "8"))),
    )

    assert story.info("b")["action_result"]["result"] == {"entered_number": "7"}
    assert story.info("n")["action_result"]["result"] == {"entered_number": "8"}


@pytest.mark.parametrize(
    "between", [{"sleep": {"seconds": 0.1}}, {"redirect": {"next_page": "again"}}]
)
def test_any_other_action_drops_it(between: dict[str, object]) -> None:
    story = Story(
        {"first": says(text("Hello."), between, NUMBER), "again": says(NUMBER), "n": says()},
        KEY_DURING_PLAY,
    )

    assert story.info("n")["action_result"]["result"] == {"entered_number": ""}


def test_what_is_left_after_hang_up_is_dropped() -> None:
    story = Story({"first": says({"hang_up": {}}, text("Never."))})

    assert story.speech.said == []
    assert story.info("final")["this_call"]["call_cause"] == "completed"


def test_an_action_that_fails_ends_with_its_fault() -> None:
    story = Story({"first": says(text("unspeakable"), text("Never.")), "error": Says()})

    assert [(s.action, s.detail) for s in story.told.of(ActionStarted)] == [
        ("play", '"unspeakable"')
    ]
    assert [(e.action, e.detail) for e in story.told.of(ActionEnded)] == [
        ("play", "espeak-ng is not there")
    ]


def test_an_action_that_the_call_outlived_says_so() -> None:
    story = Story({"first": says({"sleep": {"seconds": 60}})}, FarEnd(hangs_up_at=5))

    assert [ended.detail for ended in story.told.of(ActionEnded)] == ["the call ended"]
    assert "action sleep stopped" in story.logs.text
