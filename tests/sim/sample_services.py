"""Services as they are configured in most stories."""

from typing import NoReturn

from callwright.dispatch.invocation import Primary
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.inbound_service import InboundService
from callwright.domain.outbound_service import CallConstraints, OutboundService
from callwright.runner.ports import CannotCall, ParticipantOrder, SecondaryOrder
from tests.sim.instance import APPLICATION

ACCOUNT = AccountId(1)

OUTBOUND = OutboundService(
    service_id=ServiceId(3),
    account_id=ACCOUNT,
    name="reminder",
    is_enabled=True,
    extra_channels=0,
    fax=False,
    application=APPLICATION,
    constraints=CallConstraints(),
)

INBOUND = InboundService(
    service_id=ServiceId(4),
    account_id=ACCOUNT,
    name="desk",
    is_enabled=True,
    extra_channels=2,
    fax=False,
    application=APPLICATION,
    has_early_media=False,
    reported_sip_headers=("X-Account",),
    allowed_addresses=(),
)


class Alone:
    """`Secondaries` of instances that call nobody beside their primary call."""

    free_channels = 0

    def of(self, primary: Primary) -> "Alone":
        del primary
        return self

    async def place(self, order: SecondaryOrder) -> NoReturn:
        raise CannotCall(f"{order.destination} is not called here")

    async def enter_conference(self, name: str, participant: ParticipantOrder) -> NoReturn:
        del participant
        raise CannotCall(f"{name} is not entered here")
