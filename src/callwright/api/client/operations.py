"""The rows of the table of routes for clients: `/api/ver1.0` and `/oauth`."""

from typing import Final

from callwright.api.client.call_rows import CALL_ROWS
from callwright.api.client.callback_rows import CALLBACK_ROWS
from callwright.api.client.client_state_rows import CLIENT_STATE_ROWS
from callwright.api.client.extension_event_rows import EXTENSION_EVENT_ROWS
from callwright.api.client.extension_rows import EXTENSION_ROWS
from callwright.api.client.live_rows import LIVE_ROWS
from callwright.api.client.oauth_rows import OAUTH_ROWS
from callwright.api.client.recording_rows import RECORDING_ROWS
from callwright.api.client.rows import row
from callwright.api.client.scheduler_rows import SCHEDULER_ROWS
from callwright.api.client.tokens import read_user
from callwright.api.client.variable_rows import VARIABLE_ROWS
from callwright.api.client.webhook_rows import WEBHOOK_ROWS

_USER: Final = row(
    "read_user",
    ("GET", "/user"),
    read_user,
    ("Whose token is this?", "The client's id, and its username."),
    (200, "User"),
)

CLIENT_OPERATIONS: Final = (
    *SCHEDULER_ROWS,
    *CLIENT_STATE_ROWS,
    *EXTENSION_ROWS,
    *EXTENSION_EVENT_ROWS,
    *CALLBACK_ROWS,
    *VARIABLE_ROWS,
    *CALL_ROWS,
    *RECORDING_ROWS,
    *WEBHOOK_ROWS,
    *LIVE_ROWS,
    _USER,
    *OAUTH_ROWS,
)
"""Every operation of this interface, in the order of the documents."""
