"""Actions that take input: sections 4.2, 4.3 and 5.4 of the page protocol."""

from typing import Final

from callwright.protocol.pages.actions import (
    DigitRules,
    GetInput,
    GetNumber,
    Play,
    Prompting,
    SpeechInputMode,
    Text,
)
from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.parse_play import parse_link, parse_nested_play
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

_NUMBER_TIMEOUT_TEXTS: Final = (
    "Sorry, I did not hear that.",
    "Please listen to the instructions and then use your telephone keypad to enter a valid number.",
)
_NUMBER_INVALID_TEXTS: Final = (
    "Sorry, that was not a valid number.",
    "Please listen to the instructions and enter a valid number.",
)
_INPUT_TIMEOUT_TEXTS: Final = (
    "Sorry, I did not get anything.",
    "Please listen to the instructions, and then speak clearly or press the relevant digit.",
)
_INPUT_INVALID_TEXTS: Final = (
    "Sorry, I did not recognise that.",
    "Please listen to the instructions, and then speak clearly or press the relevant digit.",
)


def parse_get_number(fields: Fields) -> GetNumber:
    """Read the properties of `get_number`."""
    return GetNumber(
        parse_link(fields.required("next_page"), fields.at("next_page"), fields.warnings),
        _rules(fields, fields, "help_digit", "seconds_timeout"),
        Prompting(
            _prompt(fields),
            _messages(fields, TIMEOUT_MESSAGES, _NUMBER_TIMEOUT_TEXTS),
            _messages(fields, INVALID_MESSAGES, _NUMBER_INVALID_TEXTS),
        ),
    )


def parse_get_input(fields: Fields) -> GetInput:
    """Read the properties of `get_input`."""
    next_page = parse_link(fields.required("next_page"), fields.at("next_page"), fields.warnings)
    mode = _speech_input_mode(fields)
    fields.milliseconds(INPUT_INTER_SPEECH_TIMEOUT, 2000)
    _check_speech_options(fields)
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
        takes_digits,
        rules,
        Prompting(
            _prompt(fields),
            _messages(fields, INPUT_TIMEOUT_MESSAGES, _INPUT_TIMEOUT_TEXTS),
            _messages(fields, INPUT_INVALID_MESSAGES, _INPUT_INVALID_TEXTS),
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


def _speech_input_mode(fields: Fields) -> SpeechInputMode:
    value = fields.text("speech_input_mode", SpeechInputMode.TIMEOUT)
    try:
        return SpeechInputMode(value)
    except ValueError:
        raise invalid(
            fields.at("speech_input_mode"), value, "'timeout', 'disabled' or 'auto'"
        ) from None


def _check_speech_options(fields: Fields) -> None:
    value = fields.value("speech_recognition_options")
    if value is None:
        return
    options = Fields.of(value, fields.at("speech_recognition_options"), fields.warnings)
    options.text("language", "en-US")
    options.text("language_outbound", "")
    options.integer("max_alternatives", 1, least=1, most=3)
    options.boolean("enable_profanity_filtering", default=False)
    for index, hint in enumerate(options.listed("word_hints") or []):
        _check_word_hint(Fields.of(hint, f"{options.at('word_hints')}[{index}]", fields.warnings))
    for name in ("speech_model_options", "speech_model_options_outbound"):
        model = options.value(name)
        if model is not None:
            Fields.of(model, options.at(name), fields.warnings)
    options.finish()


def _check_word_hint(hint: Fields) -> None:
    hint.required("words")
    for index, word in enumerate(hint.listed("words") or []):
        if not isinstance(word, str):
            raise invalid(f"{hint.at('words')}[{index}]", word, "a string")
    hint.integer("priority", 0, least=None)
    hint.finish()


def _prompt(fields: Fields) -> Play | None:
    value = fields.value("prompt")
    if value is None:
        return None
    return parse_nested_play(value, fields.at("prompt"), fields.warnings)


def _messages(fields: Fields, name: WireName, default: tuple[str, ...]) -> tuple[Play, ...]:
    values = fields.listed(name)
    if values is None:
        return tuple(Play((Text(text),), barge_in_on_digit=False) for text in default)
    return tuple(
        parse_nested_play(value, f"{fields.at(name)}[{index}]", fields.warnings, barge_in=False)
        for index, value in enumerate(values)
    )
