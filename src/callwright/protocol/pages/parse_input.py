"""Actions that take input: sections 4.2, 4.3 and 5.4 of the page protocol."""

from typing import Final

from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.inputs import (
    DigitRules,
    GetInput,
    GetNumber,
    Prompting,
    SpeechInputMode,
)
from callwright.protocol.pages.media import Play, Text
from callwright.protocol.pages.parse_play import parse_nested_play, play_of, required_link
from callwright.protocol.pages.parse_speech import parse_speech_options
from callwright.protocol.pages.wire_names import (
    INPUT_HELP_DIGIT,
    INPUT_INITIAL_TIMEOUT,
    INPUT_INTER_DIGIT_TIMEOUT,
    INPUT_INTER_SPEECH_TIMEOUT,
    INPUT_INVALID_MESSAGES,
    INPUT_TIMEOUT,
    INPUT_TIMEOUT_MESSAGES,
    INVALID_MESSAGES,
    TIMEOUT_MESSAGES,
    WireName,
)

MAX_DIGITS: Final = 32
"""Most keys of one input (published for `digit_input_options`)."""

_TIMEOUT: Final = 30
"""Seconds for a whole input (published)."""

_INTER_DIGIT_MS: Final = 5000
"""Published."""

_INTER_SPEECH_MS: Final = 2000
"""Assumed, A-33."""

NUMBER_TIMEOUT_TEXTS: Final = (
    "Sorry, I did not hear that.",
    "Please listen to the instructions and then use your telephone keypad to enter a valid number.",
)
NUMBER_INVALID_TEXTS: Final = (
    "Sorry, that was not a valid number.",
    "Please listen to the instructions and enter a valid number.",
)
SPEECH_TIMEOUT_TEXTS: Final = (
    "Sorry, I did not get anything.",
    "Please listen to the instructions, and then speak clearly or press the relevant digit.",
)
SPEECH_INVALID_TEXTS: Final = (
    "Sorry, I did not recognise that.",
    "Please listen to the instructions, and then speak clearly or press the relevant digit.",
)
"""The second is that of a timeout (A-40)."""


def parse_get_number(fields: Fields) -> GetNumber:
    """Read the properties of `get_number`."""
    return GetNumber(
        required_link(fields, "next_page"),
        _rules(fields, fields, "help_digit", "seconds_timeout"),
        Prompting(
            play_of(fields, "prompt"),
            messages_of(fields, TIMEOUT_MESSAGES, NUMBER_TIMEOUT_TEXTS),
            messages_of(fields, INVALID_MESSAGES, NUMBER_INVALID_TEXTS),
        ),
    )


def parse_get_input(fields: Fields) -> GetInput:
    """Read the properties of `get_input`."""
    next_page = required_link(fields, "next_page")
    mode = SpeechInputMode(
        fields.word("speech_input_mode", SpeechInputMode.TIMEOUT, tuple(SpeechInputMode))
    )
    inter_speech = fields.milliseconds(INPUT_INTER_SPEECH_TIMEOUT, _INTER_SPEECH_MS)
    speech = parse_speech_options(fields)
    takes_digits = fields.boolean("digit_input_enabled", default=True)
    if mode is SpeechInputMode.DISABLED and not takes_digits:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.path} takes no input: speech_input_mode is 'disabled' and "
            "digit_input_enabled false",
        )
    given = fields.value("digit_input_options")
    options = Fields.of(
        {} if given is None else given, fields.at("digit_input_options"), fields.warnings
    )
    rules = _rules(options, fields, INPUT_HELP_DIGIT, INPUT_TIMEOUT)
    options.finish()
    return GetInput(
        next_page,
        mode,
        speech,
        inter_speech,
        takes_digits,
        rules,
        Prompting(
            play_of(fields, "prompt"),
            messages_of(fields, INPUT_TIMEOUT_MESSAGES, SPEECH_TIMEOUT_TEXTS),
            messages_of(fields, INPUT_INVALID_MESSAGES, SPEECH_INVALID_TEXTS),
        ),
    )


def _rules(
    which: Fields, when: Fields, help_name: str | WireName, timeout_name: str | WireName
) -> DigitRules:
    digit_count = which.integer("digit_count", 0, least=0, most=MAX_DIGITS)
    end_digit = which.key("end_digit", "#")
    valid_digits = which.keys("valid_digits", "0123456789")
    if not digit_count and not end_digit:
        raise invalid(
            which.at("digit_count"), digit_count, "a number from 1 to 32, as end_digit is ''"
        )
    # A key that is valid asks for help only where the page says so (as A-38 has it for menus).
    default_help = "" if "*" in valid_digits else "*"
    inter_digit = when.milliseconds(INPUT_INTER_DIGIT_TIMEOUT, _INTER_DIGIT_MS)
    initial = when.milliseconds(INPUT_INITIAL_TIMEOUT, round(inter_digit * 1000))
    return DigitRules(
        digit_count,
        end_digit,
        valid_digits,
        when.key(help_name, default_help),
        timeout=when.whole_seconds(timeout_name, _TIMEOUT),
        inter_digit_timeout=inter_digit or None,
        initial_timeout=initial or None,
    )


def messages_of(fields: Fields, name: str | WireName, default: tuple[str, ...]) -> tuple[Play, ...]:
    """Read what is said after a mistake; keys do not stop it unless the page says so."""
    values = fields.listed(name)
    if values is None:
        return tuple(Play((Text(text),), barge_in_on_digit=False) for text in default)
    return tuple(
        parse_nested_play(value, f"{fields.at(name)}[{index}]", fields.warnings, barge_in=False)
        for index, value in enumerate(values)
    )
