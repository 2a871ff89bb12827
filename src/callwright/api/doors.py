"""Everything that the routes need, handed in by the one who starts the server."""

from collections.abc import Callable
from dataclasses import dataclass

from callwright.accounts.caller_ids import CallerIds
from callwright.accounts.credentials import Authenticator
from callwright.api.client.doors import CallbackDoors
from callwright.api.envelope import DocsLinks
from callwright.api.live_streams import LiveStreams
from callwright.api.metrics import WebMetrics
from callwright.api.rate_limit import RateLimit
from callwright.api.throttle import Throttle
from callwright.conferences.overview import ConferenceOverview
from callwright.conferences.registry import ReservationRegistry
from callwright.dispatch.caller_id_call import CallerIdCalls
from callwright.domain.clock import Clock
from callwright.files.ports import FileStore
from callwright.queue.cancellation import Cancellation
from callwright.queue.intake import Intake
from callwright.queue.status import StatusReport
from callwright.records.ports import RecordStore
from callwright.runner.registry import RunningInstances
from callwright.services.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the web services name themselves."""

    cloud_id: str
    """First part of every Basic username, such as `0-0-0`."""
    public_url: str
    """Where customers reach this installation, without a slash at its end."""
    docs_url: str
    """Where error objects link to, without a slash at its end; `<public_url>/docs` is served."""
    version: str
    """Of Callwright, for the documents."""
    upload_limit_bytes: int = 100 << 20
    """The largest file that is taken; 100 MiB (assumed)."""

    @property
    def links(self) -> DocsLinks:
        """The links in error objects."""
        return DocsLinks(self.docs_url)


@dataclass(frozen=True, slots=True)
class Doors:
    """The steps behind the front door."""

    settings: WebSettings
    clock: Clock
    authenticator: Authenticator
    throttle: Throttle
    rate_limit: RateLimit
    catalogue: Catalogue
    intake: Intake
    cancellation: Cancellation
    status: StatusReport
    records: RecordStore
    caller_ids: CallerIds
    validations: CallerIdCalls
    reservations: ReservationRegistry
    conferences: ConferenceOverview
    running: RunningInstances
    files: FileStore
    callbacks: CallbackDoors
    live: LiveStreams
    metrics: WebMetrics
    is_ready: Callable[[], bool]
    """Whether calls can be placed; `/readyz` asks."""
