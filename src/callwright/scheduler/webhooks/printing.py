"""Events that are kept, as the web services show them."""

from typing import Final
from urllib.parse import urlsplit

from callwright.scheduler.printing import print_moment
from callwright.scheduler.webhooks.values import EventState, KeptEvent

HIDDEN: Final = "..."
"""In place of what may be a secret."""


def print_kept_event(event: KeptEvent) -> dict[str, object]:
    """Return an event's fields."""
    failure = event.last_failure
    is_waiting = event.state is EventState.WAITING
    return {
        "event_id": event.event_id,
        "event": event.event,
        "task_id": event.task_id,
        "url": shown_url(event.url),
        "state": str(event.state),
        "event_time_utc": print_moment(event.at),
        "tries": event.tries,
        "last_status": None if failure is None else failure.http_status,
        "last_reason": "" if failure is None else failure.reason,
        "next_try_utc": print_moment(event.next_at) if is_waiting else None,
        "given_up_utc": print_moment(event.given_up_at),
    }


def shown_url(url: str) -> str:
    """Print a URL without its password and its query, which often are secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    query = f"?{HIDDEN}" if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path}{query}"
