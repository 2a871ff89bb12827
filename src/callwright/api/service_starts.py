"""`/service_start`: calls that somebody asks for, on disk before the answer leaves."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import INSANE, HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import service_of
from callwright.api.wire import Parameters, calls_of, parameters_of, quoted
from callwright.domain.outbound_service import OutboundService, RestApplication
from callwright.queue.intake import ServiceIsDisabled
from callwright.queue.rest_calls import parse_rest_calls

_encode = msgspec.json.Encoder().encode


async def service_start(doors: Doors, exchange: Exchange) -> Answer:
    """Queue calls of a service and return their references."""
    account, service = await service_of(doors, exchange)
    parameters = await parameters_of(exchange)
    application = _startable(service, parameters)
    starts = parse_rest_calls(
        calls_of(parameters),
        may_start_lists=account.account_type.may_start_lists,
        unprefixed_is_conference=application.calls_conferences,
    )
    refs = await doors.intake.start(service, starts)
    doors.metrics.starts_accepted.inc(len(refs))
    return Answer(_encode(refs))


def _startable(service: OutboundService, parameters: Parameters) -> RestApplication:
    if not service.is_enabled:
        raise ServiceIsDisabled("Service is disabled")
    if not isinstance(service.application, RestApplication):
        raise HttpFault(
            400,
            f"Bad Request: the service {quoted(service.name)} runs a UAS application; this "
            "version starts services with REST applications only",
        )
    if "unique_id" in parameters:
        raise HttpFault(
            400,
            f"Bad Request: unique_id {quoted(parameters['unique_id'])}: this parameter is not "
            "available in this version",
            code=INSANE,
        )
    return service.application
