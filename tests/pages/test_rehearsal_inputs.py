"""Keys, speech and time, as actions that take input make of them."""

from typing import Final

import pytest

from callwright.pages import (
    Action,
    DigitInputOptions,
    GetInput,
    GetNumber,
    HangUp,
    Link,
    MenuOption,
    Play,
    Redirect,
    RunMenu,
    RunSpeechMenu,
    Sleep,
    SpeechMenuOption,
)
from callwright.pages import rehearsal_inputs as rehearsed
from callwright.pages.testing import TestCall
from callwright.protocol.pages import parse_input
from tests.sim.plain_application import answered, app_of

NUMBER: Final = GetNumber("next", prompt="Number?", digit_count=3)
FREE: Final = GetNumber("next", prompt="Number?")
MENU: Final = RunMenu([MenuOption("1", "next")], prompt="One?")
SPEECH: Final = RunSpeechMenu(
    [
        SpeechMenuOption(word="sales", digit="1", next_page="/other"),
        SpeechMenuOption(word="after sales", next_page="next"),
    ],
    prompt="Sales?",
)
INPUT: Final = GetInput(
    "next", prompt="Well?", digit_input_options=DigitInputOptions(digit_count=2)
)


@pytest.mark.parametrize(
    ("action", "steps", "heard", "went_to_next"),
    [
        (NUMBER, ["123"], ["Number?", "Next."], True),
        (FREE, ["12", "#"], ["Number?", "Next."], True),
        (FREE, ["#"], ["Number?", "Next."], True),
        (FREE, ["12", "*", "34#"], ["Number?", "Number?", "Next."], True),
        (NUMBER, ["1A"], ["Number?", "Sorry, that was not a valid number."], False),
        (NUMBER, ["1", 4.9], ["Number?"], False),
        (NUMBER, ["1", 5], ["Number?", "Sorry, I did not hear that."], False),
        (
            GetNumber("next", on_input_timeout_messages=["Once more."]),
            [5, 5],
            ["Once more.", "The list went on."],
            False,
        ),
        (GetNumber("next", on_input_timeout_messages=[]), [5], ["The list went on."], False),
        (GetNumber("next", seconds_timeout=0), [], ["Next."], True),
        (
            GetNumber("next", seconds_timeout=7, milliseconds_initial_timeout=-1),
            [6.9, "1", 5],
            ["Sorry, I did not hear that."],
            False,
        ),
        (MENU, ["1"], ["One?", "Next."], True),
        (MENU, ["*"], ["One?", "One?"], False),
        (MENU, [5], ["One?", "Sorry, I did not hear that."], False),
        (MENU, ["2"], ["One?", "Sorry, that was not a valid number."], False),
        (
            RunMenu([MenuOption("1", "next")], on_invalid_digit_messages=[]),
            ["2"],
            ["The list went on."],
            False,
        ),
        (SPEECH, ["After Sales, please!"], ["Sales?", "Next."], True),
        (SPEECH, ["Wholesales"], ["Sales?", "Sorry, I did not recognise that."], False),
        (SPEECH, ["help me"], ["Sales?", "Sales?"], False),
        (SPEECH, [5], ["Sales?", "Sorry, I did not get anything."], False),
        (INPUT, ["12"], ["Well?", "Next."], True),
        (INPUT, ["My parcel is lost."], ["Well?", "Next."], True),
        (INPUT, ["#"], ["Well?", "Sorry, I did not recognise that."], False),
        (
            GetInput("next", digit_input_enabled=False),
            ["1", 5],
            ["Sorry, I did not get anything."],
            False,
        ),
        (
            GetInput("next", speech_input_mode="disabled"),
            ["Hello", "12#"],
            ["Next."],
            True,
        ),
        (Sleep(2), [1.9], [], False),
        (Sleep(2), [2], ["The list went on."], False),
        (Redirect(Link("/next")), [], ["Next."], True),
        (HangUp(), [], [], False),
    ],
)
def test_an_action_takes_what_it_is_given(
    action: Action, steps: list[str | float], heard: list[str], *, went_to_next: bool
) -> None:
    call = answered(action)
    for step in steps:
        if not isinstance(step, str):
            call.wait(step)
        elif step[0] in "0123456789*#" or len(step) == 1:
            call.press(step)
        else:
            call.speak(step)
    assert call.heard == heard
    assert ("/next" in call.page_history) is went_to_next


@pytest.mark.parametrize(
    ("actions", "keys", "heard"),
    [
        ([Play(["a", "b"]), NUMBER], "123", ["a", "Next."]),
        ([Play(["a", "b"]), NUMBER], "9A", ["a"]),
        ([Play(["a", "b"], barge_in_on_digit=False), MENU], "1", ["a", "b", "Next."]),
        ([Play("a"), MENU], "71", ["a", "Next."]),
        ([Play("a"), MENU], "7", ["a", "One?"]),
        ([Play("a"), Sleep(0), MENU], "1", ["a", "One?"]),
        ([NUMBER], "123", ["Number?", "Next."]),
    ],
)
def test_keys_that_come_early_wait(actions: list[Action], keys: str, heard: list[str]) -> None:
    call = TestCall(app_of(*actions))
    call.type_ahead(keys)
    call.answer()
    assert call.heard == heard


def test_what_is_said_without_being_asked_is_what_the_platform_says() -> None:
    for name in (
        "NUMBER_TIMEOUT_TEXTS",
        "NUMBER_INVALID_TEXTS",
        "SPEECH_TIMEOUT_TEXTS",
        "SPEECH_INVALID_TEXTS",
    ):
        assert getattr(rehearsed, name) == getattr(parse_input, name)
