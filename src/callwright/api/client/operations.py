"""The rows of the table of routes for clients: `/api/ver1.0` and `/oauth`."""

from typing import Final

from callwright.api.client.call_rows import CALL_ROWS
from callwright.api.client.callback_rows import CALLBACK_ROWS
from callwright.api.client.envelope import TOKEN_BASE
from callwright.api.client.extension_event_rows import EXTENSION_EVENT_ROWS
from callwright.api.client.extension_rows import EXTENSION_ROWS
from callwright.api.client.rows import row
from callwright.api.client.scheduler_rows import SCHEDULER_ROWS
from callwright.api.client.tokens import give_token, read_user
from callwright.api.client.variable_rows import VARIABLE_ROWS
from callwright.api.client.webhook_rows import WEBHOOK_ROWS
from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.shapes import reference

_USER: Final = row(
    "read_user",
    ("GET", "/user"),
    read_user,
    ("Whose token is this?", "The client's id, and its username."),
    (200, "User"),
)

_TOKEN: Final = Operation(
    name="give_token",
    path=f"{TOKEN_BASE}/token",
    methods=("POST",),
    handler=give_token,
    credentials=Credentials.NONE,
    summary="Ask for a token",
    text="RFC 6749. The grants are client_credentials, password (the account's username and API "
    "Access Key), and refresh_token, which serves once.",
    parameters=(
        Parameter("grant_type", "The grant.", required=True, example="client_credentials"),
        Parameter("client_id", "The application's key.", required=True),
        Parameter("client_secret", "The application's secret.", required=True),
        Parameter("username", "password: the account's username."),
        Parameter("password", "password: its API Access Key."),
        Parameter("refresh_token", "refresh_token: what came with the last token."),
    ),
    successes={200: Success("A token for an hour.", reference("Token"))},
    refusals=(400, 401, 413, 415, 429, 503),
    error="GrantError",
    docs="callbacks",
)

CLIENT_OPERATIONS: Final = (
    *SCHEDULER_ROWS,
    *EXTENSION_ROWS,
    *EXTENSION_EVENT_ROWS,
    *CALLBACK_ROWS,
    *VARIABLE_ROWS,
    *CALL_ROWS,
    *WEBHOOK_ROWS,
    _USER,
    _TOKEN,
)
"""Every operation of this interface, in the order of the documents."""
