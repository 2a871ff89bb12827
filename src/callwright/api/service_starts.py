"""`/service_start`: calls that somebody asks for, on disk before the answer leaves."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import service_of
from callwright.api.wire import CALLS, Parameters, calls_of, parameters_of
from callwright.domain.account import Account
from callwright.domain.outbound_service import (
    CallbackApplication,
    OutboundService,
    RestApplication,
    UasApplication,
)
from callwright.domain.service_start import ServiceStart
from callwright.queue.intake import ServiceIsDisabled
from callwright.queue.rest_calls import parse_rest_calls
from callwright.queue.uas_starts import parse_uas_starts
from callwright.queue.unique_id import read_once

_encode = msgspec.json.Encoder().encode


async def service_start(doors: Doors, exchange: Exchange) -> Answer:
    """Queue calls of a service and return their references."""
    account, service = await service_of(doors, exchange)
    parameters = await parameters_of(exchange)
    if not service.is_enabled:
        raise ServiceIsDisabled("Service is disabled")
    starts = _starts(account, service, parameters)
    once = read_once(
        parameters,
        service_name=service.name,
        json_parameters=CALLS if isinstance(service.application, RestApplication) else (),
    )
    accepted = await doors.intake.start(service, starts, once=once)
    doors.metrics.starts_accepted.inc(accepted.queued)
    return Answer(_encode(accepted.service_refs))


def _starts(
    account: Account, service: OutboundService, parameters: Parameters
) -> Sequence[ServiceStart]:
    may_start_lists = account.account_type.may_start_lists
    match service.application:
        case RestApplication() as application:
            return parse_rest_calls(
                calls_of(parameters),
                may_start_lists=may_start_lists,
                unprefixed_is_conference=application.calls_conferences,
            )
        case UasApplication():
            return parse_uas_starts(parameters, may_start_lists=may_start_lists)
        case CallbackApplication():
            raise AssertionError("a request cannot name the service behind a callback queue")
        case _:
            assert_never(service.application)
