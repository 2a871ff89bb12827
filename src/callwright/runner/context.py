"""What the handlers of actions work with: one instance, its call and its surroundings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink
from callwright.domain.instance import RestInstance
from callwright.protocol.pages.actions import PageLink
from callwright.protocol.pages.results import ActionResult
from callwright.runner.ports import MediaStore, Speech
from callwright.runner.transcript import Transcript

Notify = Callable[[PageLink, ActionResult], None]
"""Tells a notification page of a result, beside the flow; returns at once."""


@dataclass(slots=True)
class ActionContext:
    """Handed to every handler."""

    instance: RestInstance
    call: CallControl
    speech: Speech
    media: MediaStore
    transcript: Transcript
    facts: FactSink
    clock: Clock
    notify: Notify
    _recordings: int = field(default=0, init=False)

    def recording_name(self) -> str:
        """Name the next recording of the instance (A-69)."""
        self._recordings += 1
        day = datetime.fromtimestamp(self.clock.unix_time(), tz=UTC).strftime("%Y/%m/%d")
        return f"rest_recordings/{day}/{self.instance.instance_id}_{self._recordings}.wav"


@dataclass(frozen=True, slots=True)
class GoOn:
    """The next action of the list is next."""

    detail: str = ""
    """For whoever watches the call."""


@dataclass(frozen=True, slots=True)
class AskPage:
    """A page is next, and its actions take the place of the list."""

    link: PageLink
    result: ActionResult | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EndCall:
    """The call is to be ended; the rest of the list is dropped."""


HandlerOutcome = GoOn | AskPage | EndCall
