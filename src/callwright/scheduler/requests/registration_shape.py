"""Who wants to be told of an extension's calls: of a request, and as it is shown (section 12.3)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from callwright.domain.extension_event import (
    EventRegistration,
    ExtensionEvent,
    RegistrationId,
    TellMethod,
)
from callwright.scheduler.requests.fields import BadRequest, Fields, found, quoted
from callwright.scheduler.values import Extension

MAX_REGISTRATIONS: Final = 20
"""Of an extension (assumed: the published pages say that there is a limit)."""

Word = TypeVar("Word", bound=StrEnum)


def read_registration(
    body: Mapping[str, object],
    *,
    extension: Extension,
    refusal: Callable[[str], str | None],
    old: EventRegistration | None,
) -> EventRegistration:
    """Read a registration; what is left out is as in `old`. `refusal` says why a URL is none.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    url = fields.url("url") if body.get("url") is not None else old.url if old else ""
    if not (url or fields.faults):
        fields.wrong("url", "is missing: an http or https URL was expected")
    rule = refusal(url) if url and not fields.faults else None
    if rule is not None:
        fields.wrong("url", f"{quoted(url)}: it has {rule}")
    event = _word(fields, "event_type", ExtensionEvent, old.event if old else None)
    method = _word(fields, "method", TellMethod, old.method if old else None)
    if fields.faults or event is None or method is None:
        raise BadRequest("the event is not valid", tuple(fields.faults))
    return EventRegistration(
        old.registration_id if old else RegistrationId(0),
        extension.account_id,
        extension.extension_id,
        event,
        url,
        method,
    )


def print_registration(registration: EventRegistration) -> dict[str, object]:
    """Return a registration's fields."""
    return {
        "id": registration.registration_id,
        "url": registration.url,
        "event_type": str(registration.event),
        "method": str(registration.method),
    }


def _word(fields: Fields, name: str, words: type[Word], default: Word | None) -> Word | None:
    value = fields.values.get(name)
    if value is None and default is not None:
        return default
    if value not in tuple(words):
        fields.wrong(name, f"{found(value)}: one of {', '.join(words)} was expected")
        return None
    return words(str(value))
