"""One run of a customer's application, as it is handed from step to step."""

from dataclasses import dataclass
from datetime import UTC, datetime

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.outbound_service import OutboundService, RestApplication
from callwright.domain.service_start import ServiceStart


@dataclass(frozen=True, slots=True)
class RestInstance:
    """One run of a web application on one outbound call."""

    instance_id: InstanceId
    ref: ServiceRef
    account_id: AccountId
    service: OutboundService
    application: RestApplication
    start: ServiceStart
    call_id: CallId
    destination_address: str
    """The callee as records print it: with its prefix."""
    started_at: UnixTime

    @property
    def log_filename(self) -> str:
        """Name of the REST log of this instance."""
        return rest_log_filename(self.instance_id, self.started_at)


def rest_log_filename(instance_id: InstanceId, started_at: UnixTime) -> str:
    """Name a REST log. It is stamped with the start: the first page is told the name already."""
    moment = datetime.fromtimestamp(started_at, tz=UTC)
    return moment.strftime("%Y/%m/%d/rest_%H_%M_%S_") + f"{instance_id}.log"
