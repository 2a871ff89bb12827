"""`/client/{client_id}/webhook`: events that wait, and those that no receiver took."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import ClientRequest, json_answer, list_answer
from callwright.api.exchange import Answer
from callwright.scheduler.webhooks.printing import print_kept_event
from callwright.scheduler.webhooks.values import EventState

PORTION: Final = 500
"""Events sent again in one unit of work: a few milliseconds of a writer that calls wait for."""


async def list_events(request: ClientRequest) -> Answer:
    """List what waits and what was given up."""
    query = request.query()
    page, state = query.page(), query.word("state", tuple(EventState))
    query.check()
    events, count = await request.doors.callbacks.kept_events.kept_events(
        request.account_id, None if state is None else EventState(state), page
    )
    return list_answer([print_kept_event(event) for event in events], page, count)


async def redeliver(request: ClientRequest) -> Answer:
    """Have one event tried now and by the plan again."""
    callbacks, event_id = request.doors.callbacks, request.exchange.path_parameters["event_id"]
    event = await callbacks.kept_events.redeliver(
        request.account_id, event_id, at=request.doors.clock.unix_time()
    )
    if event is None:
        raise ClientFault(404, "there is no such event, or it was taken", "event_not_found")
    callbacks.event_counters.redelivered += 1
    callbacks.wake_webhooks()
    return json_answer(print_kept_event(event), status=202)


async def redeliver_given_up(request: ClientRequest) -> Answer:
    """Do the same with all that was given up until now."""
    callbacks, at = request.doors.callbacks, request.doors.clock.unix_time()
    count = 0
    while True:
        done = await callbacks.kept_events.redeliver_given_up(
            request.account_id, at=at, limit=PORTION
        )
        count += done
        callbacks.event_counters.redelivered += done
        if done:
            callbacks.wake_webhooks()
        if done < PORTION:
            return json_answer({"redelivered": count}, status=202)
