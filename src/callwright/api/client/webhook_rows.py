"""Rows of the table of routes: events that wait, and those that no receiver took."""

from typing import Final

from callwright.api.client import webhooks
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Parameter

_EVENTS: Final = "/client/{client_id}/webhook"

WEBHOOK_ROWS: Final = (
    row(
        "list_webhook_events",
        ("GET", _EVENTS),
        webhooks.list_events,
        (
            "List the events that were not taken yet",
            (
                "In the order in which they were written: those that wait, and those that were "
                "given up after the last try or an answer of 410. An event that was taken is not "
                "kept. Of a URL, its password and query are not shown."
            ),
        ),
        (200, "KeptEvents"),
        parameters=(*PAGING, Parameter("state", "waiting or given_up.")),
    ),
    row(
        "redeliver_webhook_events",
        ("POST", f"{_EVENTS}/redeliver"),
        webhooks.redeliver_given_up,
        (
            "Send again all that was given up",
            (
                "Each is tried now and by the plan again. What followed it of its task may have "
                "been told before."
            ),
        ),
        (202, "Redelivered"),
    ),
    row(
        "redeliver_webhook_event",
        ("POST", f"{_EVENTS}/{{event_id}}/redeliver"),
        webhooks.redeliver,
        (
            "Send an event again",
            (
                "It is tried now; one that was given up, by the plan from its beginning. Events "
                "of its task that wait before it come first."
            ),
        ),
        (202, "KeptEvent"),
        parameters=(
            Parameter("event_id", "The event's id.", required=True, example="evt_90412_1_after"),
        ),
    ),
)
