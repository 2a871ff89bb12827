"""What the handlers of actions work with: one call of an instance, and its surroundings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink
from callwright.domain.instance import RestInstance
from callwright.protocol.pages.connecting import SecondaryCall
from callwright.protocol.pages.media import PageLink
from callwright.protocol.pages.request import CallInfo
from callwright.protocol.pages.results import ActionResult
from callwright.runner.call_info import CallNotes
from callwright.runner.desk import InstanceDesk
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import RedirectGuard, resolve
from callwright.runner.ports import Recognised
from callwright.runner.transcript import Transcript
from callwright.runner.whole_call import WholeCall


class SecondaryFlow(Protocol):
    """The pages and actions of a call that was made to be joined to the primary one."""

    whole_call: WholeCall

    @property
    def fault(self) -> InstanceFault | None:
        """What went wrong in it, if there is no error page of its own to tell."""
        ...

    async def prepare(self) -> bool:
        """Ask its first page and run what follows; True when the calls are to be joined."""
        ...

    async def wind_down(self, dropped: Callable[[], tuple[CallInfo, ...]]) -> None:
        """Hang up and ask its final page, which is told of the calls that were dropped."""
        ...


MakeFlow = Callable[[CallControl, CallNotes, SecondaryCall], SecondaryFlow]
"""Makes the flow of a secondary call that was answered."""


@dataclass(slots=True)
class ActionContext:
    """Handed to every handler."""

    desk: InstanceDesk
    call: CallControl
    notes: CallNotes
    whole_call: WholeCall
    make_flow: MakeFlow | None
    """None on a secondary call, which may not have secondary calls itself (A-80)."""
    base_url: str
    """What relative URLs of the list that is being run are relative to."""
    guard: RedirectGuard = field(default_factory=RedirectGuard)
    said_ahead: Recognised | None = field(default=None, init=False)
    """What was said into the last play, for an action that takes speech."""
    action: str = field(default="", init=False)
    """Wire name of what is being run."""

    @property
    def whose(self) -> str:
        """Of which call a line of the REST log tells; nothing for the primary call."""
        return "" if self.make_flow else f" of {self.call.snapshot().call_id}"

    @property
    def instance(self) -> RestInstance:
        """Which run of the application this is."""
        return self.desk.instance

    @property
    def transcript(self) -> Transcript:
        """Its REST log."""
        return self.desk.transcript

    @property
    def facts(self) -> FactSink:
        """Where its facts go."""
        return self.desk.facts

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.desk.around.clock

    def notify(self, link: PageLink, result: ActionResult) -> None:
        """Tell a notification page of a result, beside the flow; returns at once."""
        self.desk.notify(resolve(link, self.base_url), result)


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
