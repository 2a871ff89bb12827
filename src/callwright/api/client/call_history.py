"""`/client/{client_id}/call_history`: the calls that callbacks made (section 11)."""

import re
from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import ClientRequest, Query, json_answer
from callwright.api.exchange import Answer
from callwright.domain.callback import CallUuid, ExtensionId
from callwright.domain.clock import UnixTime
from callwright.scheduler.history.calls import CallFilter
from callwright.scheduler.history.printing import print_call
from callwright.scheduler.requests.fields import found, read_moment

FLOWS: Final = ("in", "out")

_UUID: Final = re.compile(r"[0-9A-F]{32}")


async def read_call(request: ClientRequest) -> Answer:
    """Read one call."""
    call_uuid = request.exchange.path_parameters["call_uuid"].upper()
    found = None
    if _UUID.fullmatch(call_uuid):
        history = request.doors.callbacks.history
        found = await history.call(request.account_id, CallUuid(call_uuid))
    if found is None:
        raise ClientFault(404, "there is no such call", "call_not_found")
    return json_answer(print_call(found))


async def list_calls(request: ClientRequest) -> Answer:
    """List the calls of a period; one such request of a client at a time."""
    query = request.query()
    page, flow = query.page(), query.word("flow", FLOWS)
    extension_id = query.number("extension_id")
    start, end = period(query)
    wanted = CallFilter(
        start=start,
        end=end,
        extension_id=None if extension_id is None else ExtensionId(extension_id),
        b_number=query.telephone("to_username"),
    )
    query.check()
    counting = request.doors.callbacks.counting
    if request.account_id in counting:
        message = "another request of this client for its calls is being answered"
        raise ClientFault(429, message, "rate_limit_exceeded")
    counting.add(request.account_id)
    try:
        history = request.doors.callbacks.history
        # All of these calls go out.
        is_none = flow == "in"
        calls = [] if is_none else await history.calls(request.account_id, wanted, page)
    finally:
        counting.discard(request.account_id)
    return json_answer(
        {
            "page": page.offset // page.limit + 1,
            "per_page": page.limit,
            "order": "desc" if page.descending else "asc",
            "call_history": [print_call(call) for call in calls],
        }
    )


def period(query: Query) -> tuple[UnixTime, UnixTime]:
    """Read the period that a list is of; what is wrong with it is noted."""
    return _moment(query, "start_datetime"), _moment(query, "end_datetime")


def _moment(query: Query, name: str) -> UnixTime:
    text = query.text(name)
    at = read_moment(text)
    if at is None:
        query.fields.wrong(name, f"{found(text)}: YYYY-MM-DD HH:MM:SS (UTC) was expected")
    return UnixTime(0.0) if at is None else at
