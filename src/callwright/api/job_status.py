"""`/job_status`: what became of a service start that carried a `unique_id`."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.wire import parameters_of, required
from callwright.queue.unique_id import NAME


async def job_status(doors: Doors, exchange: Exchange) -> Answer:
    """Return the references of a request, by its `unique_id`."""
    account = await account_of(doors, exchange)
    unique_id = required(await parameters_of(exchange), NAME)
    return Answer(msgspec.json.encode(await doors.status.of_job(account.account_id, unique_id)))
