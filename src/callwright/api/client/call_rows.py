"""Rows of the table of routes: call history (section 11)."""

from typing import Final

from callwright.api.client import call_history
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Parameter

_CALLS: Final = "/client/{client_id}/call_history"

PERIOD: Final = (
    Parameter("start_datetime", "Of the period, UTC.", required=True),
    Parameter("end_datetime", "Not included.", required=True),
)

CALL_ROWS: Final = (
    row(
        "list_calls",
        ("GET", _CALLS),
        call_history.list_calls,
        (
            "List the calls of callbacks",
            (
                "Of attempts that began in a period, by that time. One such request of a client at "
                "a time: 429 for a second one."
            ),
        ),
        (200, "CallHistory"),
        parameters=(
            *PERIOD,
            *PAGING,
            Parameter("flow", "in or out; all of them go out."),
            Parameter("extension_id", "Of this extension."),
            Parameter("to_username", "To this number."),
        ),
    ),
    row(
        "read_call",
        ("GET", f"{_CALLS}/{{call_uuid}}"),
        call_history.read_call,
        (
            "Read a call of a callback",
            (
                "The cdr of a task. Its parts come when the call has ended; the call to the "
                "extension itself has none."
            ),
        ),
        (200, "CallHistoryEntry"),
        parameters=(
            Parameter(
                "call_uuid",
                "32 hexadecimal digits.",
                required=True,
                example="5D0C1B7E9A2F4C6DB3E8F1A2075C9E44",
            ),
        ),
    ),
)
