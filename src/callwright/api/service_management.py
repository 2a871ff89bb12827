"""`/service/v1/outbound…` and `/service/v1/inbound…`: services listed, read, written, deleted."""

from dataclasses import dataclass

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.outbound_queues import purged
from callwright.api.wire import quoted
from callwright.services.ports import ServiceKind


@dataclass(frozen=True, slots=True)
class ServiceManagement:
    """The operations on the services of one kind.

    Whatever changes a password makes the authenticator forget those that it has verified.
    """

    kind: ServiceKind

    async def list_all(self, doors: Doors, exchange: Exchange) -> Answer:
        """Return name, target and description of every service of the account."""
        account = await account_of(doors, exchange)
        summaries = await doors.catalogue.summaries(account.account_id, kind=self.kind)
        return Answer(msgspec.json.encode({"services": summaries}))

    async def read_schema(self, doors: Doors, exchange: Exchange) -> Answer:
        """Return the schema that this account's configurations are checked with."""
        account = await account_of(doors, exchange)
        return Answer(msgspec.json.encode(doors.catalogue.schema(account, kind=self.kind)))

    async def read(self, doors: Doors, exchange: Exchange) -> Answer:
        """Return a service's complete configuration, its passwords too."""
        account = await account_of(doors, exchange)
        configuration = await doors.catalogue.read(account, _name(exchange), kind=self.kind)
        return Answer(msgspec.json.encode(configuration))

    async def write(self, doors: Doors, exchange: Exchange) -> Answer:
        """Create or replace a service; what is left out takes its default."""
        account = await account_of(doors, exchange)
        body = await _configuration(exchange)
        created, configuration = await doors.catalogue.write(
            account, _name(exchange), body, kind=self.kind
        )
        doors.authenticator.forget()
        return Answer(msgspec.json.encode(configuration), status=201 if created else 200)

    async def modify(self, doors: Doors, exchange: Exchange) -> Answer:
        """Change a service; what is left out stays."""
        account = await account_of(doors, exchange)
        body = await _configuration(exchange)
        configuration = await doors.catalogue.modify(account, _name(exchange), body, kind=self.kind)
        doors.authenticator.forget()
        return Answer(msgspec.json.encode(configuration))

    async def delete(self, doors: Doors, exchange: Exchange) -> Answer:
        """Cancel what waits in a service's queue, then forget the service."""
        account = await account_of(doors, exchange)
        service_id = await doors.catalogue.service_id(
            account.account_id, _name(exchange), kind=self.kind
        )
        # No start can wait for an inbound service. One that is queued between here and the
        # deletion ends as one that could not run.
        if self.kind is ServiceKind.OUTBOUND:
            async for _ in purged(doors, account.account_id, service_id):
                pass  # nobody asks for the references
        await doors.catalogue.delete(service_id)
        doors.authenticator.forget()
        return Answer(b"", status=204)


def _name(exchange: Exchange) -> str:
    return exchange.path_parameters["service_name"]


async def _configuration(exchange: Exchange) -> bytes:
    """Return the body; none at all is an empty configuration, whatever it is said to be."""
    body = await exchange.body()
    media_type = exchange.media_type()
    if body and media_type != "application/json":
        raise HttpFault(
            415,
            f"Unsupported Media Type: {quoted(media_type)}; a configuration is sent as "
            "application/json",
        )
    return body
