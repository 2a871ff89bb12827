"""`/application_status`: the records of one application instance."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.wire import parameters_of, required
from callwright.domain.ids import InstanceId
from callwright.records import application_status as records


async def application_status(doors: Doors, exchange: Exchange) -> Answer:
    """Print the records of an instance that has ended."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    instance_id = InstanceId(required(parameters, "application_instance_id"))
    record = await doors.records.read(account.account_id, instance_id)
    if record is None:
        if await doors.records.is_running(account.account_id, instance_id):
            raise HttpFault(404, "The application status is not available yet")
        raise HttpFault(404, "The application instance does not exist")
    printed = records.application_status(record, docs_url=doors.settings.docs_url)
    return Answer(msgspec.json.encode(printed))
