"""One run of a customer's application, as it is handed from step to step."""

from dataclasses import dataclass
from datetime import UTC, datetime

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.outbound_service import CallbackApplication, RestApplication


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One run of an application on one primary call."""

    instance_id: InstanceId
    ref: ServiceRef
    account_id: AccountId
    service_name: str
    extra_channels: int
    """Secondary calls that it may have at a time."""
    fax: bool
    token: str | None
    """What the service start gave; inbound calls have none."""
    outbound_parameters: str | None
    """What the service start gave; None for inbound calls."""
    call_id: CallId
    destination_address: str
    """The callee as records print it: with its prefix."""
    caller_id: str
    """Who calls, as the service start or the INVITE says."""
    started_at: UnixTime
    has_early_media: bool = False
    """Whether an inbound call is played to before it is answered."""

    @property
    def log_filename(self) -> str:
        """Name of the REST log of this instance."""
        return rest_log_filename(self.instance_id, self.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestInstance(Instance):
    """One run of a web application."""

    application: RestApplication


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackInstance(Instance):
    """One attempt of a callback task."""

    application: CallbackApplication


AnyInstance = RestInstance | CallbackInstance


def rest_log_filename(instance_id: InstanceId, started_at: UnixTime) -> str:
    """Name a REST log. It is stamped with the start: the first page is told the name already."""
    moment = datetime.fromtimestamp(started_at, tz=UTC)
    return moment.strftime("%Y/%m/%d/rest_%H_%M_%S_") + f"{instance_id}.log"
