"""Queues as they are watched: a line for each task that changes, and how far all of it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final  # events are JSON objects

import click

from callwright.cli.live_view import printable

Event = Mapping[str, Any]

BAR_WIDTH: Final = 24
"""Characters; leaves 50 for the numbers on a terminal of 80."""

_NUMBERS: Final = ("waiting", "due", "executed", "success", "failed")

_SHADES: Final = {"begun": "cyan", "joined": "green", "delayed": "yellow"}
_OUTCOMES: Final = {"success": "green", "failed": "red"}


@dataclass(slots=True)
class QueueView:
    """What is known of the queues that are watched."""

    has_colour: bool = False
    _queues: dict[int, Event] = field(default_factory=dict, init=False)

    def take(self, event: Event) -> str:
        """Take an event; return the line that it is worth, or nothing."""
        match event["event"]:
            case "progress":
                self._queues[event["scheduler_id"]] = event
                return ""
            case "task":
                return self._task(event)
            case "gone":
                self._queues.pop(event["scheduler_id"], None)
                return f"queue {event['scheduler_id']} is deleted"
            case "missed":
                return f"{event['count']} changes are not shown: they came too fast"
            case _:
                return ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        total = self._total()
        return total["waiting"] + total["executed"] == 0

    def status(self) -> str:
        """Return how far all of it is, in a line."""
        total = self._total()
        finished = total["success"] + total["failed"]
        every = finished + total["waiting"] + total["executed"]
        filled = BAR_WIDTH if not every else BAR_WIDTH * finished // every
        return (
            f"[{'#' * filled}{'-' * (BAR_WIDTH - filled)}] {finished}/{every}  "
            f"{total['executed']} calling, {total['waiting']} waiting ({total['due']} due), "
            f"{total['success']} success, {total['failed']} failed"
        )

    def _total(self) -> Counter[str]:
        total = Counter[str]()
        for one in self._queues.values():
            total.update({name: one[name] for name in _NUMBERS})
        return total

    def _task(self, event: Event) -> str:
        result = event["finish_result"]
        what = result or event["change"]
        shade = _OUTCOMES.get(what) or _SHADES.get(what)
        word = what.ljust(8)
        if self.has_colour and shade:
            word = click.style(word, fg=shade)
        again = event["next_try_utc"]
        details = (
            event["comment"],
            f"again at {again}" if event["change"] == "delayed" and again else "",
            printable(event["name"]),
        )
        said = "  ".join(one for one in details if one)
        where = f"{event['scheduler_id']}/{event['id']}"
        return f"{event['time_utc']}  {word}  {where:>12}  #{event['attempt']}  {said}".rstrip()
