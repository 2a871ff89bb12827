"""The steps behind the scheduler's interface, handed in by the one who starts the server."""

from collections.abc import Callable
from dataclasses import dataclass, field

from callwright.accounts.oauth import Tokens
from callwright.api.client.hourly_limit import HourlyLimit
from callwright.api.client.oauth_doors import OauthDoors
from callwright.domain.callback import TaskId
from callwright.domain.ids import AccountId
from callwright.scheduler.gates import AnswerRatio
from callwright.scheduler.history.call_history import CallHistory
from callwright.scheduler.live.board import LiveBoard
from callwright.scheduler.live.ports import ProgressStore
from callwright.scheduler.pause_ports import ClientPauseStore
from callwright.scheduler.ports import (
    CallbackQueueStore,
    CallbackTaskStore,
    ClientVariableStore,
    EventRegistrationStore,
)
from callwright.scheduler.webhooks.counters import EventCounters
from callwright.scheduler.webhooks.ports import EventShelf


@dataclass(frozen=True, slots=True)
class CallbackDoors:
    """What the operations of `/api/ver1.0` and `/oauth` need beside the other doors."""

    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    kept_events: EventShelf
    registrations: EventRegistrationStore
    variables: ClientVariableStore
    pauses: ClientPauseStore
    history: CallHistory
    progress: ProgressStore
    board: LiveBoard
    """Of those who watch queues."""
    tokens: Tokens
    hourly_limit: HourlyLimit
    oauth: OauthDoors
    ratio: AnswerRatio
    wake: Callable[[], None]
    """Says that a task may have become due."""
    event_counters: EventCounters
    wake_webhooks: Callable[[], None]
    """Says that an event may have become due."""
    hang_up: Callable[[TaskId], None]
    """Ends a task's attempt, as soon as it runs if it does not yet."""
    url_refusal: Callable[[str], str | None]
    """Says why a URL must not be told anything; None: it may."""
    random_bytes: Callable[[int], bytes]
    """Makes the names of calls."""
    domain: str
    """Of extensions."""
    uses_legacy_types: bool = False
    """Whether `try_again_pause` is printed as a text."""
    counting: set[AccountId] = field(default_factory=set)
    """Clients whose calls are being listed; one such request of each at a time (published)."""
