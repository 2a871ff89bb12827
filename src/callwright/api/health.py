"""What those who watch the server ask: is it up, can it place calls, what has it counted."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.domain.errors import StoreUnavailable


async def healthz(_: Doors, __: Exchange) -> Answer:
    """Answer as long as the event loop turns."""
    return Answer(b'{"status":"up"}')


async def readyz(doors: Doors, _: Exchange) -> Answer:
    """Answer 200 when calls can be placed."""
    if not doors.is_ready():
        raise HttpFault(
            503,
            "Service Unavailable: starting or stopping; calls cannot be placed now",
            headers=((b"retry-after", b"1"),),
        )
    return Answer(b'{"status":"ready"}')


async def metrics(doors: Doors, _: Exchange) -> Answer:
    """Print everything counted, as Prometheus text."""
    await _look_at_events(doors)
    body = generate_latest(doors.metrics.registry)
    return Answer(body, content_type=CONTENT_TYPE_LATEST.encode("ascii"))


async def _look_at_events(doors: Doors) -> None:
    """Measure how long the oldest event waits; who asks every some seconds sees it grow."""
    try:
        oldest = await doors.callbacks.kept_events.oldest_event()
    except StoreUnavailable:
        # The other numbers are wanted all the more.
        return
    age = 0.0 if oldest is None else max(0.0, doors.clock.unix_time() - oldest)
    doors.metrics.oldest_event.set(age)
