"""Keys and speech of a rehearsed call: sections 4.2 to 4.5 of the protocol, on virtual time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from .inputs import (
    DigitInputOptions,
    GetInput,
    GetNumber,
    MenuOption,
    RunMenu,
    RunSpeechMenu,
    SpeechMenuOption,
)
from .media import Playable
from .rehearsal_events import Doing, Event, Following, Key, Said, TimeUp

MAX_KEYS: Final = 32
"""Most keys of one input (published)."""

_LISTEN: Final = "Please listen to the instructions"
NUMBER_TIMEOUT_TEXTS: Final = (
    "Sorry, I did not hear that.",
    f"{_LISTEN} and then use your telephone keypad to enter a valid number.",
)
NUMBER_INVALID_TEXTS: Final = (
    "Sorry, that was not a valid number.",
    f"{_LISTEN} and enter a valid number.",
)
_SPEAK: Final = f"{_LISTEN}, and then speak clearly or press the relevant digit."
SPEECH_TIMEOUT_TEXTS: Final = ("Sorry, I did not get anything.", _SPEAK)
SPEECH_INVALID_TEXTS: Final = ("Sorry, I did not recognise that.", _SPEAK)


class Listener(Protocol):
    """What an input needs of a flow."""

    keys: list[str]
    """Pressed and not taken yet."""

    @property
    def now(self) -> float:
        """Seconds of virtual time."""
        ...

    def play(self, playable: Playable | None, *, barge_in: bool = True) -> None:
        """Let the far end hear something."""
        ...


class Prompts:
    """What is said around an input; each kind of message is used up by itself."""

    def __init__(
        self, flow: Listener, timeouts: Sequence[Playable], refusals: Sequence[Playable]
    ) -> None:
        """Begin with all messages."""
        self._flow = flow
        self._timeouts = list(timeouts)
        self._refusals = list(refusals)

    def timeout(self) -> bool:
        """Play the next message about nothing; False when there is none left."""
        return self._say_next(self._timeouts)

    def refusal(self) -> bool:
        """Play the next message about something wrong; False when there is none left."""
        return self._say_next(self._refusals)

    def _say_next(self, messages: list[Playable]) -> bool:
        if not messages:
            return False
        self._flow.play(messages.pop(0), barge_in=False)
        return True


@dataclass(frozen=True, slots=True)
class KeyRules:
    """Which keys make up an input, and how long each may take, in seconds; 0 or less: for ever."""

    digit_count: int
    end_digit: str
    valid_digits: str
    help_digit: str
    timeout: float
    between: float
    initial: float
    takes_keys: bool
    takes_speech: bool
    accepts_nothing: bool
    prompt: Playable | None


def get_number(flow: Listener, action: GetNumber) -> Doing[Following | None]:
    """Collect a number."""
    between = action.milliseconds_inter_digit_timeout
    initial = action.milliseconds_initial_timeout
    rules = KeyRules(
        action.digit_count,
        action.end_digit,
        action.valid_digits,
        action.help_digit,
        timeout=action.seconds_timeout,
        between=between / 1000,
        initial=(between if initial is None else initial) / 1000,
        takes_keys=True,
        takes_speech=False,
        accepts_nothing=True,
        prompt=action.prompt,
    )
    timeouts = _or(action.on_input_timeout_messages, NUMBER_TIMEOUT_TEXTS)
    refusals = _or(action.on_invalid_input_messages, NUMBER_INVALID_TEXTS)
    entered = yield from _collect(flow, rules, Prompts(flow, timeouts, refusals))
    if not isinstance(entered, str):
        return None
    return Following(action.next_page, _result(action.wire_name, entered_number=entered))


def get_input(flow: Listener, action: GetInput) -> Doing[Following | None]:
    """Take speech or digits, whichever come first."""
    between = action.milliseconds_inter_digit_timeout
    initial = action.milliseconds_initial_timeout
    options = action.digit_input_options or DigitInputOptions()
    rules = KeyRules(
        options.digit_count,
        options.end_digit,
        options.valid_digits,
        action.help_digit,
        timeout=action.seconds_timeout,
        between=between / 1000,
        initial=(between if initial is None else initial) / 1000,
        takes_keys=action.digit_input_enabled,
        takes_speech=action.speech_input_mode != "disabled",
        accepts_nothing=False,
        prompt=action.prompt,
    )
    timeouts = _or(action.on_input_timeout_messages, SPEECH_TIMEOUT_TEXTS)
    refusals = _or(action.on_invalid_input_messages, SPEECH_INVALID_TEXTS)
    taken = yield from _collect(flow, rules, Prompts(flow, timeouts, refusals))
    if taken is None:
        return None
    if isinstance(taken, str):
        return Following(action.next_page, _result(action.wire_name, digits=taken, speech=[]))
    phrase = {"alternatives": [{"text": taken.text, "confidence": 0.9}], "final": True}
    return Following(action.next_page, _result(action.wire_name, digits="", speech=[phrase]))


def run_menu(flow: Listener, action: RunMenu) -> Doing[Following | None]:
    """Choose an option by its key."""
    timeouts = _or(action.on_digit_timeout_messages, NUMBER_TIMEOUT_TEXTS)
    refusals = _or(action.on_invalid_digit_messages, NUMBER_INVALID_TEXTS)
    prompts = Prompts(flow, timeouts, refusals)
    timeout = action.seconds_digit_timeout
    chosen = yield from _choose(flow, action, timeout, prompts)
    if chosen is None:
        return None
    result = _result(action.wire_name, selected_digit=chosen[0].digit)
    return Following(chosen[0].next_page, result)


def run_speech_menu(flow: Listener, action: RunSpeechMenu) -> Doing[Following | None]:
    """Choose an option by its key or its phrase."""
    timeouts = _or(action.on_input_timeout_messages, SPEECH_TIMEOUT_TEXTS)
    refusals = _or(action.on_invalid_input_messages, SPEECH_INVALID_TEXTS)
    prompts = Prompts(flow, timeouts, refusals)
    timeout = action.seconds_timeout if action.seconds_timeout > 0 else None
    chosen = yield from _choose(flow, action, timeout, prompts)
    if chosen is None:
        return None
    option, word = chosen
    digit = "" if word else option.digit
    result = _result(action.wire_name, selected_digit=digit, selected_word=word)
    return Following(option.next_page, result)


def _collect(flow: Listener, rules: KeyRules, prompts: Prompts) -> Doing[str | Said | None]:
    digits, is_done = _ahead(flow, rules)
    if is_done:
        return digits
    if not digits:
        flow.play(rules.prompt)
    started_at = pressed_at = flow.now
    while True:
        pause = rules.between if digits else rules.initial
        deadline = started_at + rules.timeout
        event = yield from _next(flow, min(deadline, pressed_at + pause) if pause > 0 else deadline)
        match _sort(event, rules, has_digits=bool(digits)):
            case _Cue.IGNORE:
                continue
            case _Cue.SPEECH if isinstance(event, Said):
                return event
            case _Cue.TAKE if isinstance(event, Key):
                digits, pressed_at = digits + event.key, flow.now
                if len(digits) < (rules.digit_count or MAX_KEYS):
                    continue
                return digits
            case _Cue.FINISH:
                return digits or ("" if rules.accepts_nothing else None)
            case _Cue.HELP:
                flow.play(rules.prompt)
            case cue if not (prompts.timeout() if cue is _Cue.TIMEOUT else prompts.refusal()):
                return None
        digits, started_at, pressed_at = "", flow.now, flow.now


class _Cue(Enum):
    TAKE = auto()
    FINISH = auto()
    SPEECH = auto()
    HELP = auto()
    REFUSE = auto()
    TIMEOUT = auto()
    IGNORE = auto()


def _sort(event: Event, rules: KeyRules, *, has_digits: bool) -> _Cue:
    match event:
        case Said() if rules.takes_speech and not has_digits:
            return _Cue.SPEECH
        case TimeUp():
            return _Cue.TIMEOUT if rules.timeout else _Cue.FINISH
        case Key(key) if rules.takes_keys:
            if key == rules.end_digit:
                return _Cue.FINISH if has_digits or rules.accepts_nothing else _Cue.REFUSE
            if key == rules.help_digit and key not in rules.valid_digits:
                return _Cue.HELP
            return _Cue.TAKE if key in rules.valid_digits else _Cue.REFUSE
        case _:
            return _Cue.IGNORE


def _ahead(flow: Listener, rules: KeyRules) -> tuple[str, bool]:
    """Take the keys that wait; what matches nothing is dropped without a word (A-31)."""
    digits = ""
    while flow.keys and rules.takes_keys:
        key = flow.keys.pop(0)
        if key == rules.end_digit and digits:
            return digits, True
        if key in rules.valid_digits and key != rules.end_digit:
            digits += key
            if len(digits) == (rules.digit_count or MAX_KEYS):
                return digits, True
    return digits, False


def _choose(
    flow: Listener, menu: RunMenu | RunSpeechMenu, timeout: float | None, prompts: Prompts
) -> Doing[tuple[MenuOption | SpeechMenuOption, str] | None]:
    by_key = {option.digit: option for option in menu.menu_options if option.digit}
    while flow.keys:
        option = by_key.get(flow.keys.pop(0))
        if option is not None:
            return option, ""
    flow.play(menu.prompt)
    started_at = flow.now
    while True:
        event = yield from _next(flow, None if timeout is None else started_at + timeout)
        chosen = _option(menu, event)
        if chosen is not None:
            return chosen
        match event:
            case Key(menu.help_digit):
                flow.play(menu.prompt)
            case Said() if isinstance(menu, RunSpeechMenu) and _says(event.text, menu.help_word):
                flow.play(menu.prompt)
            case TimeUp():
                if not prompts.timeout():
                    return None
            case Key() | Said() if isinstance(event, Key) or isinstance(menu, RunSpeechMenu):
                if not prompts.refusal():
                    return None
            case _:
                continue
        started_at = flow.now


def _option(
    menu: RunMenu | RunSpeechMenu, event: Event
) -> tuple[MenuOption | SpeechMenuOption, str] | None:
    """Find what was chosen: by its key, or the longest of the phrases that were said (A-41)."""
    if isinstance(event, Key):
        keyed = [option for option in menu.menu_options if option.digit == event.key]
        return (keyed[0], "") if keyed else None
    if not isinstance(event, Said) or isinstance(menu, RunMenu):
        return None
    said = [option for option in menu.menu_options if _says(event.text, option.word)]
    if not said:
        return None
    longest = max(said, key=lambda option: len(option.word))
    return longest, longest.word


def _says(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand in a text, whatever its case and punctuation (A-41)."""
    words, wanted = _spoken(text), _spoken(phrase)
    return bool(wanted.strip()) and wanted in words


def _spoken(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


_WORD: Final = re.compile(r"[^\W_]+")


def _next(flow: Listener, deadline: float | None) -> Doing[Event]:
    """Take a key that waits, or wait for what happens."""
    if flow.keys:
        return Key(flow.keys.pop(0))
    return (yield deadline)


def _or(messages: Sequence[Playable] | None, default: Sequence[Playable]) -> Sequence[Playable]:
    return default if messages is None else messages


def _result(action: str, **result: object) -> dict[str, object]:
    return {"action": action, "result": result}
