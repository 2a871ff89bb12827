"""Chooses one option of a menu: keys, phrases and time in, decisions out.

    ahead ──nothing waits──▶ playing ──played──▶ listening ──option──▶ done

What was pressed or said before the menu began is looked at first; while that lasts, what matches
no option is dropped without a word (A-31). After that something else than an option, or nothing in
time, is answered by the next message of its kind; each kind is used up by itself (A-38), and one
more of its kind ends the menu.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.transitions import follow
from callwright.protocol.pages.inputs import MenuOption
from callwright.runner.collector import (
    GaveUp,
    Listen,
    PlayInvalidMessage,
    PlayPrompt,
    PlayTimeoutMessage,
    TakeWaiting,
)

SPEAKING_PATIENCE: Final = 3.0
"""Seconds that somebody who is speaking has for going on (assumed): longer than any pause between
two words, and a phrase of a menu is short."""


class MenuPhase(StrEnum):
    """Where a menu is."""

    AHEAD = "ahead"
    PLAYING = "playing"
    """Waits for the end of the prompt or of a message."""
    LISTENING = "listening"
    DONE = "done"


class MenuCue(StrEnum):
    """What a menu is told, with keys and phrases sorted by what they mean."""

    OPTION = "option"
    HELP = "help"
    OTHER = "other"
    NOTHING = "nothing"
    """No key and no phrase, in time."""
    SPEECH = "speech"
    """Somebody has begun to say something."""
    PLAYED = "played"


class MenuReaction(StrEnum):
    """What follows."""

    CHOOSE = "choose"
    DROP = "drop"
    PROMPT = "prompt"
    LISTEN = "listen"
    REFUSE = "refuse"
    CHECK_TIME = "check time"
    AWAIT_SPEECH = "await speech"


MENU_REACTIONS: Final[dict[MenuPhase, dict[MenuCue, MenuReaction]]] = {
    MenuPhase.AHEAD: {
        MenuCue.OPTION: MenuReaction.CHOOSE,
        MenuCue.HELP: MenuReaction.DROP,  # the prompt comes anyway
        MenuCue.OTHER: MenuReaction.DROP,
        MenuCue.NOTHING: MenuReaction.PROMPT,
    },
    MenuPhase.PLAYING: {
        MenuCue.PLAYED: MenuReaction.LISTEN,
    },
    MenuPhase.LISTENING: {
        MenuCue.OPTION: MenuReaction.CHOOSE,
        MenuCue.HELP: MenuReaction.PROMPT,
        MenuCue.OTHER: MenuReaction.REFUSE,
        MenuCue.NOTHING: MenuReaction.CHECK_TIME,
        MenuCue.SPEECH: MenuReaction.AWAIT_SPEECH,
    },
    MenuPhase.DONE: {},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """This option was chosen, by its key or by its phrase."""

    option: MenuOption
    was_said: bool


MenuDecision = (
    TakeWaiting | PlayPrompt | PlayTimeoutMessage | PlayInvalidMessage | Listen | Chosen | GaveUp
)


@dataclass(frozen=True, slots=True)
class MenuRules:
    """What there is to choose, and how long one may take."""

    options: tuple[MenuOption, ...]
    help_digit: str
    """One key or none."""
    help_word: str
    """One phrase or none."""
    timeout: float | None
    """Seconds; None: no limit."""
    has_prompt: bool
    timeout_messages: int
    invalid_messages: int

    @property
    def phrases(self) -> tuple[str, ...]:
        """All that can be said."""
        said = (*(option.word for option in self.options), self.help_word)
        return tuple(phrase for phrase in said if phrase)


class Menu:
    """Chooses once. Every call answers with what to do next."""

    def __init__(self, rules: MenuRules) -> None:
        """Begin before the prompt."""
        self.phase = MenuPhase.AHEAD
        self._rules = rules
        self._by_key = {option.digit: option for option in rules.options if option.digit}
        self._by_word = {option.word: option for option in rules.options if option.word}
        self._timeouts = 0
        self._refusals = 0
        self._give_up_at: float | None = None
        self._reactions: dict[MenuReaction, Callable[[float], MenuDecision]] = {
            MenuReaction.DROP: self._drop,
            MenuReaction.PROMPT: self._prompt,
            MenuReaction.LISTEN: self._listen,
            MenuReaction.REFUSE: self._refuse,
            MenuReaction.CHECK_TIME: self._check_time,
            MenuReaction.AWAIT_SPEECH: self._await_speech,
        }

    def start(self) -> MenuDecision:
        """Begin."""
        return TakeWaiting()

    def key(self, key: str, now: float) -> MenuDecision:
        """A key was taken."""
        option = self._by_key.get(key)
        if option is None:
            is_help = key == self._rules.help_digit
            return self._react(MenuCue.HELP if is_help else MenuCue.OTHER, now)
        return self._choose(Chosen(option, was_said=False))

    def phrase(self, phrase: str | None, now: float) -> MenuDecision:
        """One of the phrases was said; None: something else was."""
        if phrase is None:
            return self._react(MenuCue.OTHER, now)
        option = self._by_word.get(phrase)
        if option is None:
            return self._react(MenuCue.HELP, now)
        return self._choose(Chosen(option, was_said=True))

    def nothing(self, now: float) -> MenuDecision:
        """Nothing waited, or nothing came in time."""
        return self._react(MenuCue.NOTHING, now)

    def speech(self, now: float) -> MenuDecision:
        """Somebody says something, which is not complete yet."""
        return self._react(MenuCue.SPEECH, now)

    def played(self, now: float) -> MenuDecision:
        """The prompt or a message has ended, by itself, by a key or by speech."""
        return self._react(MenuCue.PLAYED, now)

    def _react(self, cue: MenuCue, now: float) -> MenuDecision:
        return self._reactions[follow(MENU_REACTIONS, self.phase, cue)](now)

    def _choose(self, chosen: Chosen) -> MenuDecision:
        follow(MENU_REACTIONS, self.phase, MenuCue.OPTION)
        self.phase = MenuPhase.DONE
        return chosen

    def _drop(self, _now: float) -> MenuDecision:
        return TakeWaiting()

    def _prompt(self, now: float) -> MenuDecision:
        if not self._rules.has_prompt:
            return self._listen(now)
        self.phase = MenuPhase.PLAYING
        return PlayPrompt()

    def _listen(self, now: float) -> MenuDecision:
        self.phase = MenuPhase.LISTENING
        timeout = self._rules.timeout
        self._give_up_at = None if timeout is None else now + timeout
        return self._listen_on(now)

    def _listen_on(self, now: float) -> MenuDecision:
        return Listen(None if self._give_up_at is None else max(0.0, self._give_up_at - now))

    def _await_speech(self, now: float) -> MenuDecision:
        if self._give_up_at is not None:
            self._give_up_at = max(self._give_up_at, now + SPEAKING_PATIENCE)
        return self._listen_on(now)

    def _refuse(self, _now: float) -> MenuDecision:
        if self._refusals == self._rules.invalid_messages:
            return self._give_up()
        self._refusals += 1
        self.phase = MenuPhase.PLAYING
        return PlayInvalidMessage(self._refusals - 1)

    def _check_time(self, now: float) -> MenuDecision:
        if self._give_up_at is None or now < self._give_up_at:
            return self._listen_on(now)
        if self._timeouts == self._rules.timeout_messages:
            return self._give_up()
        self._timeouts += 1
        self.phase = MenuPhase.PLAYING
        return PlayTimeoutMessage(self._timeouts - 1)

    def _give_up(self) -> MenuDecision:
        self.phase = MenuPhase.DONE
        return GaveUp()
