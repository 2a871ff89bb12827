"""Rows of the table of routes: the state of a client's scheduler as a whole."""

from typing import Final

from callwright.api.client import client_state
from callwright.api.client.client_state_shapes import CLIENT_STATE_BODY
from callwright.api.client.rows import row

_STATE: Final = "/client/{client_id}/task_scheduler_state"

CLIENT_STATE_ROWS: Final = (
    row(
        "read_client_state",
        ("GET", _STATE),
        client_state.read_client_state,
        ("Is the client paused?", "By whom, since when and why."),
        (200, "ClientState"),
    ),
    row(
        "change_client_state",
        ("PUT", _STATE),
        client_state.change_client_state,
        (
            "Pause all queues of a client, or let them go on",
            (
                "While it is paused every queue is as if off, and keeps its own switch: tasks keep "
                "their state, pauses run out, calls that run go on, no callback is made at once. "
                "409 paused_by_operator if the operator has paused the client."
            ),
        ),
        (200, "ClientState"),
        body=CLIENT_STATE_BODY,
        conflict=True,
    ),
)
"""In the order of the documents."""
