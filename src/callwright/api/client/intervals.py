"""`/client/{client_id}/interval`: calling windows (section 5)."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import DELETED, ClientRequest, json_answer, list_answer
from callwright.api.exchange import Answer
from callwright.domain.callback import IntervalId
from callwright.domain.calling_window import CallingWindow
from callwright.scheduler.printing import print_window
from callwright.scheduler.requests.window_shape import WindowWish, read_window
from callwright.scheduler.values import Removal

NO_INTERVAL: Final = ("there is no such interval", "interval_not_found")


async def create_interval(request: ClientRequest) -> Answer:
    """Create an interval."""
    wish = read_window(await request.body())
    window = _window(request, IntervalId(0), wish)
    added = await request.doors.callbacks.queues.add_window(window)
    return json_answer(print_window(added), status=201)


async def list_intervals(request: ClientRequest) -> Answer:
    """List the client's intervals."""
    query = request.query()
    page = query.page()
    query.check()
    windows = list(await request.doors.callbacks.queues.windows(request.account_id))
    if page.descending:
        windows.reverse()
    part = windows[page.offset : page.offset + page.limit]
    return list_answer([print_window(window) for window in part], page, len(windows))


async def read_interval(request: ClientRequest) -> Answer:
    """Read an interval."""
    return json_answer(print_window(await _window_of(request)))


async def change_interval(request: ClientRequest) -> Answer:
    """Change what a request names of an interval."""
    body = await request.body()
    old = await _window_of(request)
    given = {name: value for name, value in body.items() if value is not None}
    window = _window(request, old.interval_id, read_window(print_window(old) | given))
    if not await request.doors.callbacks.queues.change_window(window):
        raise ClientFault(404, *NO_INTERVAL)
    request.doors.callbacks.wake()
    return json_answer(print_window(window))


async def delete_interval(request: ClientRequest) -> Answer:
    """Delete an interval that no queue uses."""
    interval_id = _id_of(request)
    queues = request.doors.callbacks.queues
    match await queues.delete_window(request.account_id, interval_id):
        case Removal.NOT_FOUND:
            raise ClientFault(404, *NO_INTERVAL)
        case Removal.IN_USE:
            message = f"a queue uses the interval {interval_id}"
            raise ClientFault(409, message, "interval_in_use")
        case Removal.REMOVED:
            return DELETED


def _window(request: ClientRequest, interval_id: IntervalId, wish: WindowWish) -> CallingWindow:
    return CallingWindow(interval_id, request.account_id, wish.name, wish.timezone, wish.conditions)


def _id_of(request: ClientRequest) -> IntervalId:
    return IntervalId(request.path_number("interval_id", ClientFault(404, *NO_INTERVAL)))


async def _window_of(request: ClientRequest) -> CallingWindow:
    window = await request.doors.callbacks.queues.window(request.account_id, _id_of(request))
    if window is None:
        raise ClientFault(404, *NO_INTERVAL)
    return window
