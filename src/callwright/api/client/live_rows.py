"""Rows of the table of routes: queues as they are watched."""

from dataclasses import replace
from typing import Final

from callwright.api.client import live
from callwright.api.client.requests import ClientHandler
from callwright.api.client.rows import row
from callwright.api.operations import Operation, Parameter, Success
from callwright.api.shapes import reference

_CLIENT: Final = "/client/{client_id}"
_TEXT: Final = (
    "Server-sent events. First a `progress` of each queue: how many tasks wait, how many of these "
    "are due, how many are executed, and how those ended that are finished. Then a `task` whenever "
    "one begins, is joined, waits again or is finished, and another `progress`, at most one a "
    "second, when a number has changed; `gone` when a queue is deleted. Whoever reads too slowly "
    "loses the oldest and is told how many in an event `missed`. The stream ends when the token "
    "expires."
)


def _row(
    name: str, path: str, handler: ClientHandler, summary: str, *parameters: Parameter
) -> Operation:
    described = row(
        name,
        ("GET", path),
        handler,
        (summary, _TEXT),
        (200, "QueueEvent"),
        parameters=parameters,
    )
    events = Success("Events.", reference("QueueEvent"), media_type="text/event-stream")
    return replace(described, successes={200: events})


LIVE_ROWS: Final = (
    _row("watch_callback_queues", f"{_CLIENT}/live", live.watch_queues, "Watch all queues"),
    _row(
        "watch_callback_queue",
        f"{_CLIENT}/task_scheduler/{{scheduler_id}}/live",
        live.watch_queue,
        "Watch a queue of callbacks",
        Parameter("scheduler_id", "The queue's id.", required=True, example="31"),
    ),
)
