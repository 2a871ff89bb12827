"""Collects one input from the keypad: keys and time in, decisions out.

    ahead ──no key──▶ playing ──played──▶ empty ──key──▶ entering ──end digit, count──▶ done

Keys that were pressed before the action began are looked at first; while they last, what
matches nothing is dropped without a word (A-31). After that an invalid key or a timeout throws
away what was entered, plays the next message and starts over (A-37); each kind of message is
used up by itself (A-38), and one more of its kind ends the action. Somebody who has begun to speak
is waited for until the time for the whole input is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.transitions import follow
from callwright.protocol.pages.inputs import DigitRules
from callwright.protocol.pages.parse_input import MAX_DIGITS


class Phase(StrEnum):
    """Where a collector is."""

    AHEAD = "ahead"
    """Looks at keys that waited, and has taken none of them."""
    AHEAD_ENTERING = "ahead, entering"
    PLAYING = "playing"
    """Waits for the end of the prompt or of a message."""
    EMPTY = "empty"
    """Listens; no key was taken."""
    ENTERING = "entering"
    DONE = "done"


class Cue(StrEnum):
    """What a collector is told, with keys sorted by what they mean."""

    DIGIT = "digit"
    END = "end digit"
    HELP = "help digit"
    OTHER = "other key"
    NO_KEY = "no key"
    SPEECH = "speech"
    """Somebody has begun to say something."""
    PLAYED = "played"


class Reaction(StrEnum):
    """What follows."""

    TAKE = "take"
    DROP = "drop"
    FINISH = "finish"
    FINISH_EMPTY = "finish empty"
    HELP = "help"
    REFUSE = "refuse"
    CHECK_TIME = "check time"
    LISTEN_ON = "listen on"
    AWAIT_SPEECH = "await speech"
    PROMPT = "prompt"
    LISTEN = "listen"


REACTIONS: Final[dict[Phase, dict[Cue, Reaction]]] = {
    Phase.AHEAD: {
        Cue.DIGIT: Reaction.TAKE,
        Cue.END: Reaction.DROP,
        Cue.HELP: Reaction.DROP,  # the prompt comes anyway
        Cue.OTHER: Reaction.DROP,
        Cue.NO_KEY: Reaction.PROMPT,
    },
    Phase.AHEAD_ENTERING: {
        Cue.DIGIT: Reaction.TAKE,
        Cue.END: Reaction.FINISH,
        Cue.HELP: Reaction.DROP,
        Cue.OTHER: Reaction.DROP,
        Cue.NO_KEY: Reaction.LISTEN,
    },
    Phase.PLAYING: {
        Cue.PLAYED: Reaction.LISTEN,
    },
    Phase.EMPTY: {
        Cue.DIGIT: Reaction.TAKE,
        Cue.END: Reaction.FINISH_EMPTY,
        Cue.HELP: Reaction.HELP,
        Cue.OTHER: Reaction.REFUSE,
        Cue.NO_KEY: Reaction.CHECK_TIME,
        Cue.SPEECH: Reaction.AWAIT_SPEECH,
    },
    Phase.ENTERING: {
        Cue.DIGIT: Reaction.TAKE,
        Cue.END: Reaction.FINISH,
        Cue.HELP: Reaction.HELP,
        Cue.OTHER: Reaction.REFUSE,
        Cue.NO_KEY: Reaction.CHECK_TIME,
        Cue.SPEECH: Reaction.LISTEN_ON,
    },
    Phase.DONE: {},
}


@dataclass(frozen=True, slots=True)
class TakeWaiting:
    """Take a key that waits already, if there is one."""


@dataclass(frozen=True, slots=True)
class PlayPrompt:
    """Play the prompt."""


@dataclass(frozen=True, slots=True)
class PlayTimeoutMessage:
    """Play this one of the timeout messages, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class PlayInvalidMessage:
    """Play this one of the messages for invalid keys, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait so many seconds for a key; None: for ever."""

    within: float | None


@dataclass(frozen=True, slots=True)
class Collected:
    """The input is complete."""

    digits: str


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The messages are used up, or there was no time to wait; there is no input."""


Decision = (
    TakeWaiting | PlayPrompt | PlayTimeoutMessage | PlayInvalidMessage | Listen | Collected | GaveUp
)


class Collector:
    """Collects one input. Every call answers with what to do next."""

    def __init__(
        self,
        rules: DigitRules,
        *,
        has_prompt: bool,
        timeout_messages: int,
        invalid_messages: int,
        accepts_nothing: bool,
    ) -> None:
        """`accepts_nothing`: whether an input without any digit is one."""
        self.phase = Phase.AHEAD
        self._rules = rules
        self._has_prompt = has_prompt
        self._timeout_messages = timeout_messages
        self._invalid_messages = invalid_messages
        self._accepts_nothing = accepts_nothing
        self._digits = ""
        self._timeouts = 0
        self._refusals = 0
        self._give_up_at = 0.0
        self._last_key_at = 0.0
        self._is_speaking = False
        self._reactions: dict[Reaction, Callable[[str, float], Decision]] = {
            Reaction.TAKE: self._take,
            Reaction.DROP: self._drop,
            Reaction.FINISH: self._finish,
            Reaction.FINISH_EMPTY: self._finish_empty,
            Reaction.HELP: self._help,
            Reaction.REFUSE: self._refuse,
            Reaction.CHECK_TIME: self._check_time,
            Reaction.LISTEN_ON: self._go_on_listening,
            Reaction.AWAIT_SPEECH: self._await_speech,
            Reaction.PROMPT: self._prompt,
            Reaction.LISTEN: self._listen,
        }

    def start(self) -> Decision:
        """Begin."""
        return TakeWaiting()

    def key(self, key: str, now: float) -> Decision:
        """A key was taken."""
        return self._react(self._sort(key), key, now)

    def no_key(self, now: float) -> Decision:
        """No key waited, or none came in time."""
        return self._react(Cue.NO_KEY, "", now)

    def speech(self, now: float) -> Decision:
        """Somebody says something, which is not complete yet."""
        return self._react(Cue.SPEECH, "", now)

    def played(self, now: float) -> Decision:
        """The prompt or a message has ended, by itself or by a key."""
        return self._react(Cue.PLAYED, "", now)

    def _react(self, cue: Cue, key: str, now: float) -> Decision:
        return self._reactions[follow(REACTIONS, self.phase, cue)](key, now)

    def _sort(self, key: str) -> Cue:
        if key == self._rules.end_digit:
            return Cue.END
        if key == self._rules.help_digit:
            return Cue.HELP
        return Cue.DIGIT if key in self._rules.valid_digits else Cue.OTHER

    def _take(self, key: str, now: float) -> Decision:
        self._digits += key
        self._last_key_at = now
        self._is_speaking = False
        # A number of any length has an end too, that of the longest fixed one.
        if len(self._digits) == (self._rules.digit_count or MAX_DIGITS):
            return self._finish(key, now)
        if self.phase in {Phase.AHEAD, Phase.AHEAD_ENTERING}:
            self.phase = Phase.AHEAD_ENTERING
            return TakeWaiting()
        self.phase = Phase.ENTERING
        return self._listen_on(now)

    def _drop(self, _key: str, _now: float) -> Decision:
        return TakeWaiting()

    def _finish(self, _key: str, _now: float) -> Decision:
        self.phase = Phase.DONE
        return Collected(self._digits)

    def _finish_empty(self, key: str, now: float) -> Decision:
        return self._finish(key, now) if self._accepts_nothing else self._refuse(key, now)

    def _help(self, key: str, now: float) -> Decision:
        self._digits = ""
        return self._prompt(key, now)

    def _refuse(self, _key: str, _now: float) -> Decision:
        self._digits = ""
        if self._refusals == self._invalid_messages:
            return self._give_up()
        self._refusals += 1
        self.phase = Phase.PLAYING
        return PlayInvalidMessage(self._refusals - 1)

    def _check_time(self, key: str, now: float) -> Decision:
        if now < self._deadline():
            return self._listen_on(now)
        if not self._rules.timeout:
            # Zero asks for what is there: no message, no second try.
            has_input = self._digits or self._accepts_nothing
            return self._finish(key, now) if has_input else self._give_up()
        self._digits = ""
        if self._timeouts == self._timeout_messages:
            return self._give_up()
        self._timeouts += 1
        self.phase = Phase.PLAYING
        return PlayTimeoutMessage(self._timeouts - 1)

    def _prompt(self, key: str, now: float) -> Decision:
        if not self._has_prompt:
            return self._listen(key, now)
        self.phase = Phase.PLAYING
        return PlayPrompt()

    def _listen(self, _key: str, now: float) -> Decision:
        self.phase = Phase.ENTERING if self._digits else Phase.EMPTY
        self._give_up_at = now + self._rules.timeout
        self._last_key_at = now
        self._is_speaking = False
        return self._listen_on(now)

    def _await_speech(self, key: str, now: float) -> Decision:
        self._is_speaking = True
        return self._go_on_listening(key, now)

    def _go_on_listening(self, _key: str, now: float) -> Decision:
        return self._listen_on(now)

    def _listen_on(self, now: float) -> Decision:
        return Listen(max(0.0, self._deadline() - now))

    def _deadline(self) -> float:
        pause = self._rules.inter_digit_timeout if self._digits else self._rules.initial_timeout
        if pause is None or self._is_speaking:
            return self._give_up_at
        return min(self._give_up_at, self._last_key_at + pause)

    def _give_up(self) -> Decision:
        self.phase = Phase.DONE
        return GaveUp()
