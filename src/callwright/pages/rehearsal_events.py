"""What happens to a call that is only rehearsed, and what its flow waits for."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from .page import Page

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody spoke."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The moment has come that the flow waited for."""


@dataclass(frozen=True, slots=True)
class CalleeAnswered:
    """A destination of a `connect` answered."""

    destination: str
    far_end_type: str | None


@dataclass(frozen=True, slots=True)
class CalleeFailed:
    """A destination of a `connect` did not."""

    destination: str


@dataclass(frozen=True, slots=True)
class SecondaryMoved:
    """The secondary call's flow is over, or its far end has hung up."""


Event: TypeAlias = Key | Said | TimeUp | CalleeAnswered | CalleeFailed | SecondaryMoved

Doing: TypeAlias = Generator[float | None, Event, Done]
"""A flow at work: gives the moment it waits for, None for ever, and is sent what happens."""


@dataclass(frozen=True, slots=True)
class Following:
    """What an action came to: the page to ask, and what it is told."""

    page: Page
    action_result: dict[str, object] | None = None


class CallEnds(Exception):
    """The list has ended the call."""

    def __init__(self, cause: str, raw_cause: str) -> None:
        """Say how, as the final page is told."""
        super().__init__(cause)
        self.cause = cause
        self.raw_cause = raw_cause


class ActionFails(Exception):
    """An action cannot be carried out."""

    def __init__(self, action: str, code: str, text: str) -> None:
        """Say what the error page is told."""
        super().__init__(text)
        self.action = action
        self.code = code
        self.text = text
