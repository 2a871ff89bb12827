"""Who wants to be told of extensions' calls, as rows; the same in every store."""

from collections.abc import Iterable, Mapping
from typing import Any

from callwright.domain.extension_event import EventRegistration, ExtensionEvent, TellMethod

Columns = Mapping[str, Any]  # what a driver takes; its tables check it
Values = Iterable[Any]  # what a row holds is its statement's affair; it is typed here


def registration_of(row: Values) -> EventRegistration:
    """Read a registration."""
    registration_id, account_id, extension_id, event, url, method = row
    return EventRegistration(
        registration_id, account_id, extension_id, ExtensionEvent(event), url, TellMethod(method)
    )


def registration_columns(registration: EventRegistration) -> Columns:
    """Return what is written of a registration."""
    return {
        "registration_id": registration.registration_id,
        "account_id": registration.account_id,
        "extension_id": registration.extension_id,
        "event": str(registration.event),
        "url": registration.url,
        "method": str(registration.method),
    }
