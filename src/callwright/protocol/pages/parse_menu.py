"""Menus: sections 4.4 and 4.5 of the page protocol."""

from typing import Final

from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import KEYS, Fields
from callwright.protocol.pages.inputs import MenuOption, Prompting, RunMenu, RunSpeechMenu
from callwright.protocol.pages.parse_input import (
    NUMBER_INVALID_TEXTS,
    NUMBER_TIMEOUT_TEXTS,
    SPEECH_INVALID_TEXTS,
    SPEECH_TIMEOUT_TEXTS,
    messages_of,
)
from callwright.protocol.pages.parse_play import play_of, required_link
from callwright.protocol.pages.parse_speech import parse_model
from callwright.protocol.pages.wire_names import MENU_WORD

_TIMEOUT: Final = 5
"""Seconds to choose, after the prompt (published)."""

_HELP_DIGIT: Final = "*"
_HELP_WORD: Final = "help"
"""Both published."""


def parse_run_menu(fields: Fields) -> RunMenu:
    """Read the properties of `run_menu`."""
    options = _options(fields, is_spoken=False)
    return RunMenu(
        options,
        _help_digit(fields, options),
        timeout=fields.whole_seconds("seconds_digit_timeout", _TIMEOUT),
        prompting=Prompting(
            play_of(fields, "prompt"),
            messages_of(fields, "on_digit_timeout_messages", NUMBER_TIMEOUT_TEXTS),
            messages_of(fields, "on_invalid_digit_messages", NUMBER_INVALID_TEXTS),
        ),
    )


def parse_run_speech_menu(fields: Fields) -> RunSpeechMenu:
    """Read the properties of `run_speech_menu`."""
    options = _options(fields, is_spoken=True)
    timeout = fields.integer("seconds_timeout", _TIMEOUT, least=None)
    return RunSpeechMenu(
        options,
        parse_model(fields),
        _help_digit(fields, options),
        fields.text("help_word", _HELP_WORD),
        timeout=float(timeout) if timeout > 0 else None,
        prompting=Prompting(
            play_of(fields, "prompt"),
            messages_of(fields, "on_input_timeout_messages", SPEECH_TIMEOUT_TEXTS),
            messages_of(fields, "on_invalid_input_messages", SPEECH_INVALID_TEXTS),
        ),
    )


def _options(fields: Fields, *, is_spoken: bool) -> tuple[MenuOption, ...]:
    fields.required("menu_options")
    values = fields.listed("menu_options") or []
    path = fields.at("menu_options")
    if not values:
        raise BadAnswer(FaultCode.INVALID_RESPONSE, f"{path} is empty: an option was expected")
    options: list[MenuOption] = []
    for index, value in enumerate(values):
        member = Fields.of(value, f"{path}[{index}]", fields.warnings)
        option = _spoken_option(member) if is_spoken else _option(member)
        member.finish()
        _check_is_new(option, options, member)
        options.append(option)
    return tuple(options)


def _option(fields: Fields) -> MenuOption:
    digit = fields.required("digit")
    if not isinstance(digit, str) or len(digit) != 1 or digit not in KEYS:
        raise invalid(fields.at("digit"), digit, "one of the digits 0123456789ABCD#*")
    return MenuOption(required_link(fields, "next_page"), digit=digit)


def _spoken_option(fields: Fields) -> MenuOption:
    option = MenuOption(
        required_link(fields, "next_page"),
        digit=fields.key("digit", ""),
        word=fields.text(MENU_WORD, "").strip(),
    )
    if not option.digit and not option.word:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.path} has neither a digit nor a word: at least one was expected",
        )
    return option


def _check_is_new(option: MenuOption, options: list[MenuOption], fields: Fields) -> None:
    """Refuse what two options cannot both have (A-38)."""
    if option.digit and any(option.digit == other.digit for other in options):
        raise invalid(fields.at("digit"), option.digit, "a digit that no other option has")
    word = option.word.casefold()
    if word and any(word == other.word.casefold() for other in options):
        raise invalid(fields.at(MENU_WORD), option.word, "a word that no other option has")


def _help_digit(fields: Fields, options: tuple[MenuOption, ...]) -> str:
    """Read the help digit; one that nobody asked for gives way to an option (A-38)."""
    is_taken = {option.digit for option in options if option.digit}
    if fields.value("help_digit") is None:
        return "" if _HELP_DIGIT in is_taken else _HELP_DIGIT
    digit = fields.key("help_digit", _HELP_DIGIT)
    if digit in is_taken:
        raise invalid(fields.at("help_digit"), digit, "a digit that no option has")
    return digit
