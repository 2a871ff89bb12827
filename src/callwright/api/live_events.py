"""`/live/v1/events`: what happens to calls, as server-sent events."""

from typing import Final

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Exchange, Stream
from callwright.api.identity import account_of
from callwright.api.wire import parameters_of, quoted
from callwright.domain.ids import ServiceRef
from callwright.domain.invocation import TRANSITIONS, InvocationState
from callwright.queue.status import UNKNOWN

EVENT_STREAM: Final = b"text/event-stream"

_ENDED: Final = frozenset(state.value for state in InvocationState if not TRANSITIONS[state])


async def follow_events(doors: Doors, exchange: Exchange) -> Stream:
    """Follow one reference from its beginning, or everything of the account from now on."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    if not doors.live.has_room_for(account.account_id):
        raise HttpFault(
            429,
            "Too Many Requests: too many followers of live events; end one of them first",
            headers=((b"retry-after", b"5"),),
        )
    if "service_ref" not in parameters:
        return Stream(doors.live.account_events(account.account_id), EVENT_STREAM)
    ref = ServiceRef(parameters["service_ref"])
    status = (await doors.status.of(account.account_id, [ref]))[ref]["status"]
    if status == UNKNOWN["status"]:
        raise HttpFault(404, f"The service reference {quoted(ref)} does not exist")
    ended = status if status.partition(" ")[0] in _ENDED else None
    return Stream(doors.live.reference_events(account.account_id, ref, ended=ended), EVENT_STREAM)
