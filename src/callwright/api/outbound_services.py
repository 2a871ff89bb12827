"""`/service/v1/outbound/…`: outbound services, written and read whole."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.wire import quoted


async def write_service(doors: Doors, exchange: Exchange) -> Answer:
    """Create or replace a service; what is left out takes its default."""
    account = await account_of(doors, exchange)
    media_type = exchange.media_type()
    if media_type != "application/json":
        raise HttpFault(
            415,
            f"Unsupported Media Type: {quoted(media_type)}; a configuration is sent as "
            "application/json",
        )
    name = exchange.path_parameters["service_name"]
    created, configuration = await doors.catalogue.write(account, name, await exchange.body())
    doors.authenticator.forget()
    return Answer(msgspec.json.encode(configuration), status=201 if created else 200)


async def read_service(doors: Doors, exchange: Exchange) -> Answer:
    """Return a service's complete configuration, its password too."""
    account = await account_of(doors, exchange)
    name = exchange.path_parameters["service_name"]
    return Answer(msgspec.json.encode(await doors.catalogue.read(account, name)))


async def read_schema(doors: Doors, exchange: Exchange) -> Answer:
    """Return the schema that this account's configurations are checked with."""
    account = await account_of(doors, exchange)
    return Answer(msgspec.json.encode(doors.catalogue.schema(account)))
