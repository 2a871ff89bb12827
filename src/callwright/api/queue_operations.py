"""The rows of the table of routes for outbound queues."""

from typing import Final

from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.outbound_queues import list_queues, purge_queue, read_queue
from callwright.api.shapes import reference

_DOCS: Final = "services/outbound/queues"
_ONE_QUEUE: Final = "/service/v1/outbound/{service_name}/queue"
_NAME: Final = Parameter(
    "service_name", "1 to 64 of A-Z a-z 0-9 - _ . +", required=True, example="reminder"
)

QUEUE_OPERATIONS: Final = (
    Operation(
        name="list_queues",
        path="/service/v1/outbound_queues",
        methods=("GET",),
        handler=list_queues,
        credentials=Credentials.API_ACCESS_KEY,
        summary="List the queues in which starts wait",
        text="The length of each queue that is not empty, by the service's name.",
        successes={200: Success("The queues.", reference("Queues"))},
        refusals=(401, 429, 503),
        docs=_DOCS,
    ),
    Operation(
        name="read_queue",
        path=_ONE_QUEUE,
        methods=("GET",),
        handler=read_queue,
        credentials=Credentials.EITHER,
        summary="The length of one queue",
        text="How many starts of a service wait.",
        parameters=(_NAME,),
        successes={200: Success("The queue.", reference("Queue"))},
        refusals=(401, 404, 429, 503),
        docs=_DOCS,
    ),
    Operation(
        name="purge_queue",
        path=_ONE_QUEUE,
        methods=("DELETE",),
        handler=purge_queue,
        credentials=Credentials.EITHER,
        summary="Cancel all that waits in one queue",
        text="As service_cancel does with each reference; the answer has all that were cancelled.",
        parameters=(_NAME,),
        successes={200: Success("What was cancelled.", reference("Purge"))},
        refusals=(401, 404, 429, 503),
        docs=_DOCS,
    ),
)
"""In the published order."""
