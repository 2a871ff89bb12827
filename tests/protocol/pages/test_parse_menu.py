"""Options of menus, and the keys and words that clash."""

import pytest

from callwright.protocol.pages.errors import BadAnswer
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.inputs import MenuOption, Prompting, RunMenu, RunSpeechMenu
from callwright.protocol.pages.json_text import Json, JsonObject
from callwright.protocol.pages.media import PageLink, Play, SpeechModel, Text
from callwright.protocol.pages.parse_menu import parse_run_menu, parse_run_speech_menu

ONE: JsonObject = {"digit": "1", "next_page": "n"}
YES: JsonObject = {"word": "yes", "next_page": "n"}


def said(*texts: str) -> tuple[Play, ...]:
    return tuple(Play((Text(words),), barge_in_on_digit=False) for words in texts)


def menu(*options: Json, **members: Json) -> RunMenu:
    return parse_run_menu(Fields({"menu_options": list(options), **members}, "run_menu", []))


def speech_menu(*options: Json, **members: Json) -> RunSpeechMenu:
    fields = Fields({"menu_options": list(options), **members}, "run_speech_menu", [])
    return parse_run_speech_menu(fields)


def test_run_menu_has_the_published_defaults() -> None:
    assert menu(ONE) == RunMenu(
        (MenuOption(PageLink("n"), digit="1"),),
        help_digit="*",
        timeout=5.0,
        prompting=Prompting(
            None,
            said(
                "Sorry, I did not hear that.",
                "Please listen to the instructions and then use your telephone keypad to enter a "
                "valid number.",
            ),
            said(
                "Sorry, that was not a valid number.",
                "Please listen to the instructions and enter a valid number.",
            ),
        ),
    )


def test_run_speech_menu_has_the_published_defaults() -> None:
    again = "Please listen to the instructions, and then speak clearly or press the relevant digit."
    assert speech_menu(YES) == RunSpeechMenu(
        (MenuOption(PageLink("n"), word="yes"),),
        SpeechModel("en-US"),
        help_digit="*",
        help_word="help",
        timeout=5.0,
        prompting=Prompting(
            None,
            said("Sorry, I did not get anything.", again),
            said("Sorry, I did not recognise that.", again),
        ),
    )


@pytest.mark.parametrize(("seconds", "timeout"), [(0, None), (-1, None), (9, 9.0)])
def test_no_time_is_no_timeout_of_a_speech_menu(seconds: int, timeout: float | None) -> None:
    assert speech_menu(YES, seconds_timeout=seconds).timeout == timeout


def test_an_option_may_be_keyed_and_said() -> None:
    option: JsonObject = {"phrase": " Customer service ", "digit": "7", "next_page": "n"}
    (read,) = speech_menu(option).options
    assert (read.digit, read.word) == ("7", "Customer service")


def test_an_option_takes_the_star_from_a_help_digit_that_nobody_asked_for() -> None:
    assert menu({"digit": "*", "next_page": "n"}).help_digit == ""


WRONG: list[tuple[list[Json], JsonObject, str]] = [
    ([], {}, "menu_options is empty: an option was expected"),
    (["1"], {}, "menu_options[0] is '1': an object was expected"),
    ([{"digit": "1"}], {}, "menu_options[0].next_page is missing"),
    ([ONE, ONE], {}, "menu_options[1].digit is '1': a digit that no other option has was expected"),
    ([ONE], {"help_digit": "1"}, "help_digit is '1': a digit that no option has was expected"),
]
DIGIT = "one of the digits 0123456789ABCD#* was expected"
NEITHER = "has neither a digit nor a word: at least one was expected"


@pytest.mark.parametrize(("options", "members", "text"), WRONG)
def test_both_menus_refuse(options: list[Json], members: JsonObject, text: str) -> None:
    for read, name in ((menu, "run_menu"), (speech_menu, "run_speech_menu")):
        with pytest.raises(BadAnswer) as caught:
            read(*options, **members)
        assert caught.value.text == f"{name}.{text}"


@pytest.mark.parametrize("digit", ["", "12", "x"])
def test_an_option_of_keys_has_one_key(digit: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        menu({"digit": digit, "next_page": "n"})
    assert caught.value.text == f"run_menu.menu_options[0].digit is {digit!r}: {DIGIT}"


@pytest.mark.parametrize("option", [{}, {"digit": "", "word": ""}, {"word": "  "}])
def test_an_option_of_a_speech_menu_can_be_chosen(option: JsonObject) -> None:
    with pytest.raises(BadAnswer) as caught:
        speech_menu({"next_page": "n", **option})
    assert caught.value.text == f"run_speech_menu.menu_options[0] {NEITHER}"


def test_two_options_sound_different() -> None:
    with pytest.raises(BadAnswer) as caught:
        speech_menu(YES, {"word": "YES", "next_page": "n"})
    expected = "a word that no other option has was expected"
    assert caught.value.text == f"run_speech_menu.menu_options[1].word is 'YES': {expected}"
