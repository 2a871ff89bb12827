"""Rows of the table of routes: who wants to be told of an extension's calls (section 12.3)."""

from typing import Final

from callwright.api.client import extension_events, shapes
from callwright.api.client.extension_rows import EXTENSION
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Parameter

_EVENT: Final = Parameter("event_id", "The event's id.", required=True, example="1")
_EVENTS: Final = "/extension/{extension_id}/event"
_ONE_EVENT: Final = f"{_EVENTS}/{{event_id}}"

EXTENSION_EVENT_ROWS: Final = (
    row(
        "register_extension_event",
        ("POST", _EVENTS),
        extension_events.register_event,
        (
            "Have a URL told of an extension's calls",
            (
                "url is told, with GET or POST as method says, when what event_type names happens "
                "in a call of the extension. message-in, message-out and voicemail never happen."
            ),
        ),
        (201, "ExtensionEvent"),
        parameters=(EXTENSION,),
        body=shapes.EXTENSION_EVENT_BODY,
        conflict=True,
    ),
    row(
        "list_extension_events",
        ("GET", _EVENTS),
        extension_events.list_events,
        ("List an extension's events", "By id."),
        (200, "ExtensionEvents"),
        parameters=(EXTENSION, *PAGING),
    ),
    row(
        "read_extension_event",
        ("GET", _ONE_EVENT),
        extension_events.read_event,
        ("Read an extension's event", "One of them."),
        (200, "ExtensionEvent"),
        parameters=(EXTENSION, _EVENT),
    ),
    row(
        "change_extension_event",
        ("PUT", _ONE_EVENT),
        extension_events.change_event,
        ("Change an extension's event", "Fields left out keep their values."),
        (200, "ExtensionEvent"),
        parameters=(EXTENSION, _EVENT),
        body=shapes.EXTENSION_EVENT_BODY,
    ),
    row(
        "delete_extension_event",
        ("DELETE", _ONE_EVENT),
        extension_events.delete_event,
        ("Delete an extension's event", "Its URL is told no more, from the next call on."),
        (204, ""),
        parameters=(EXTENSION, _EVENT),
    ),
)
