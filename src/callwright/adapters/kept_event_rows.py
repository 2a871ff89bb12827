"""Events that are kept, as rows; the same in every store."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from callwright.scheduler.values import Page
from callwright.scheduler.webhooks.values import EventState, KeptEvent, TryResult

IN_STATE: Final[Mapping[EventState | None, str]] = {
    None: "",
    EventState.WAITING: " AND given_up_at IS NULL",
    EventState.GIVEN_UP: " AND given_up_at IS NOT NULL",
}
"""What restricts a list of events, in words that the indexes know."""


def kept_event_order(page: Page) -> str:
    """Return what orders and cuts a list of events."""
    way = "DESC" if page.descending else "ASC"
    return f" ORDER BY sequence {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"


def kept_event_of(row: Iterable[Any]) -> KeptEvent:  # its statement knows the types
    """Read an event without its body."""
    event_id, task_id, event, url, at, tries, next_at, given_up_at, http_status, reason = row
    failure = None if reason is None else TryResult(http_status, reason)
    return KeptEvent(event_id, task_id, event, url, at, tries, next_at, given_up_at, failure)


def failure_columns(failure: TryResult) -> Mapping[str, object]:
    """Return what is written of a try that failed."""
    return {"http_status": failure.http_status, "reason": failure.reason}
