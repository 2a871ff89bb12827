"""The properties of `get_number` and `get_input`."""

from dataclasses import replace

import pytest

from callwright.protocol.pages.errors import BadAnswer
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.inputs import (
    DigitRules,
    GetInput,
    GetNumber,
    Prompting,
    SpeechInputMode,
    SpeechOptions,
)
from callwright.protocol.pages.json_text import Json, JsonObject
from callwright.protocol.pages.media import PageLink, Play, Text
from callwright.protocol.pages.parse_input import parse_get_input, parse_get_number

RULES = DigitRules(
    digit_count=0,
    end_digit="#",
    valid_digits="0123456789",
    help_digit="*",
    timeout=30.0,
    inter_digit_timeout=5.0,
    initial_timeout=5.0,
)


def said(*texts: str) -> tuple[Play, ...]:
    return tuple(Play((Text(words),), barge_in_on_digit=False) for words in texts)


def number(**members: Json) -> GetNumber:
    fields = Fields({"next_page": "n", **members}, "get_number", [])
    parsed = parse_get_number(fields)
    fields.finish()
    assert fields.warnings == []
    return parsed


def input_(**members: Json) -> GetInput:
    fields = Fields({"next_page": "n", **members}, "get_input", [])
    parsed = parse_get_input(fields)
    fields.finish()
    assert fields.warnings == []
    return parsed


def test_get_number_has_the_published_defaults() -> None:
    assert number() == GetNumber(
        PageLink("n"),
        RULES,
        Prompting(
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


def test_get_input_has_the_published_defaults() -> None:
    again = "Please listen to the instructions, and then speak clearly or press the relevant digit."
    assert input_() == GetInput(
        PageLink("n"),
        SpeechInputMode.TIMEOUT,
        SpeechOptions(),
        2.0,
        takes_digits=True,
        rules=RULES,
        prompting=Prompting(
            None,
            said("Sorry, I did not get anything.", again),
            said("Sorry, I did not recognise that.", again),
        ),
    )


NUMBER_RULES: list[tuple[JsonObject, DigitRules]] = [
    ({"digit_count": 4}, replace(RULES, digit_count=4)),
    ({"digit_count": 4.0}, replace(RULES, digit_count=4)),
    ({"digit_count": 32, "end_digit": ""}, replace(RULES, digit_count=32, end_digit="")),
    ({"end_digit": None}, RULES),
    ({"valid_digits": "12AB"}, replace(RULES, valid_digits="12AB")),
    # A valid key asks for help only where the page says so.
    ({"valid_digits": "1*"}, replace(RULES, valid_digits="1*", help_digit="")),
    ({"valid_digits": "1*", "help_digit": "*"}, replace(RULES, valid_digits="1*")),
    ({"help_digit": ""}, replace(RULES, help_digit="")),
    ({"seconds_timeout": 0}, replace(RULES, timeout=0.0)),
    (
        {"milliseconds_inter_digit_timeout": 1500},
        replace(RULES, inter_digit_timeout=1.5, initial_timeout=1.5),
    ),
    (
        {"milliseconds_inter_digit_timeout": 0},
        replace(RULES, inter_digit_timeout=None, initial_timeout=None),
    ),
    (
        {"milliseconds_inter_digit_timeout": -1},
        replace(RULES, inter_digit_timeout=None, initial_timeout=None),
    ),
    ({"milliseconds_initial_timeout": 9000}, replace(RULES, initial_timeout=9.0)),
    ({"milliseconds_initial_timeout": 0}, replace(RULES, initial_timeout=None)),
]


@pytest.mark.parametrize(("members", "rules"), NUMBER_RULES)
def test_reads_the_rules_of_get_number(members: JsonObject, rules: DigitRules) -> None:
    assert number(**members).rules == rules


def test_reads_the_rules_of_get_input() -> None:
    action = input_(
        digit_input_options={"digit_count": 1, "end_digit": "", "valid_digits": "123"},
        help_digit="0",
        seconds_timeout=7,
        milliseconds_inter_digit_timeout=1000,
        milliseconds_initial_timeout=2000,
        speech_input_mode="disabled",
    )
    assert action.rules == DigitRules(1, "", "123", "0", 7.0, 1.0, 2.0)
    assert action.speech_input_mode is SpeechInputMode.DISABLED


def test_reads_speech_options_that_are_right() -> None:
    action = input_(
        speech_input_mode="auto",
        milliseconds_inter_speech_timeout=500,
        digit_input_enabled=False,
        speech_recognition_options={
            "language": "en-GB",
            "language_outbound": "en-US",
            "max_alternatives": 3,
            "enable_profanity_filtering": True,
            "word_hints": [{"words": ["invoice", "refund"], "priority": 1250}],
            "speech_model_options": {"model": "phone_call"},
        },
    )
    assert action.takes_digits is False


@pytest.mark.parametrize("name", ["on_input_timeout_messages", "on_digit_timeout_messages"])
def test_both_names_of_timeout_messages_are_taken(name: str) -> None:
    given: Json = [{"play": {"play_list": [{"text_to_say": "Well?"}]}}]
    assert number(**{name: given}).prompting.timeout_messages == said("Well?")


@pytest.mark.parametrize("name", ["on_invalid_input_messages", "on_invalid_digit_messages"])
def test_both_names_of_invalid_messages_are_taken(name: str) -> None:
    assert number(**{name: []}).prompting.invalid_messages == ()


def test_a_prompt_is_barged_into_and_a_message_only_when_it_says_so() -> None:
    play: JsonObject = {"play_list": [], "barge_in_on_digit": True}
    action = number(prompt={"play_list": []}, on_input_timeout_messages=[{"play": play}])
    assert action.prompting.prompt == Play((), barge_in_on_digit=True)
    assert action.prompting.timeout_messages == (Play((), barge_in_on_digit=True),)


WRONG_NUMBERS: list[tuple[JsonObject, str]] = [
    ({"next_page": None}, "get_number.next_page is missing"),
    ({"digit_count": -1}, "get_number.digit_count is -1: a whole number from 0 to 32"),
    ({"digit_count": 33}, "get_number.digit_count is 33: a whole number from 0 to 32"),
    ({"digit_count": "4"}, "get_number.digit_count is '4': a whole number from 0 to 32"),
    ({"digit_count": True}, "get_number.digit_count is true: a whole number from 0 to 32"),
    ({"end_digit": ""}, "get_number.digit_count is 0: a number from 1 to 32, as end_digit is ''"),
    ({"end_digit": "##"}, "get_number.end_digit is '##': one digit or \"\""),
    ({"end_digit": "E"}, "get_number.end_digit is 'E': a string of the digits"),
    ({"help_digit": "12"}, "get_number.help_digit is '12': one digit or \"\""),
    ({"valid_digits": "0-9"}, "get_number.valid_digits is '0-9': a string of the digits"),
    ({"valid_digits": 5}, "get_number.valid_digits is 5: a string"),
    ({"seconds_timeout": -1}, "get_number.seconds_timeout is -1: a whole number of at least 0"),
    (
        {"milliseconds_inter_digit_timeout": 1.5},
        "get_number.milliseconds_inter_digit_timeout is 1.5: a whole number",
    ),
    ({"prompt": "Hello."}, "get_number.prompt is 'Hello.': an object"),
    (
        {"on_digit_timeout_messages": {}},
        "get_number.on_digit_timeout_messages is an object: an arr",
    ),
    (
        {"on_input_timeout_messages": [{"play": {"play_list": [5]}}]},
        "get_number.on_input_timeout_messages[0].play.play_list[0] is 5: an object",
    ),
]


@pytest.mark.parametrize(("members", "text"), WRONG_NUMBERS, ids=[t for _, t in WRONG_NUMBERS])
def test_refuses_a_get_number(members: JsonObject, text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        number(**members)
    assert caught.value.text.startswith(text)


OPTIONS = "get_input.speech_recognition_options"
WRONG_INPUTS: list[tuple[JsonObject, str]] = [
    ({"speech_input_mode": "maybe"}, "get_input.speech_input_mode is 'maybe': 'timeout', 'disab"),
    (
        {"speech_input_mode": "disabled", "digit_input_enabled": False},
        "get_input takes no input: ",
    ),
    ({"digit_input_options": []}, "get_input.digit_input_options is a list of 0: an object"),
    (
        {"digit_input_options": {"digit_count": 40}},
        "get_input.digit_input_options.digit_count is 40: a whole number from 0 to 32",
    ),
    (
        {"digit_input_options": {"end_digit": ""}},
        "get_input.digit_input_options.digit_count is 0: a number from 1 to 32",
    ),
    (
        {"speech_recognition_options": {"max_alternatives": 4}},
        f"{OPTIONS}.max_alternatives is 4: a whole number from 1 to 3",
    ),
    (
        {"speech_recognition_options": {"word_hints": [{}]}},
        f"{OPTIONS}.word_hints[0].words is missing",
    ),
    (
        {"speech_recognition_options": {"word_hints": [{"words": [5]}]}},
        f"{OPTIONS}.word_hints[0].words[0] is 5: a string",
    ),
    (
        {"speech_recognition_options": {"speech_model_options": "best"}},
        f"{OPTIONS}.speech_model_options is 'best': an object",
    ),
]


@pytest.mark.parametrize(("members", "text"), WRONG_INPUTS, ids=[t for _, t in WRONG_INPUTS])
def test_refuses_a_get_input(members: JsonObject, text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        input_(**members)
    assert caught.value.text.startswith(text)
