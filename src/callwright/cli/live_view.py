"""A call as it happens, one line an event: the command line's and the demo's view."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final  # events are JSON objects

import click

Event = Mapping[str, Any]

_LABEL_WIDTH: Final = 16
_TIME_WIDTH: Final = len("00:00:00.000")

_GOOD: Final = "green"
_BAD: Final = "red"
_DOING: Final = "cyan"
_PLAIN: Final = ""


def render(event: Event, *, colour: bool = False) -> str:
    """Print one event as a line: its time (UTC, as in the records), its kind, what matters of it.

    Texts that came from outside are printed without control characters, so that no far end can
    steer the terminal.
    """
    kind = str(event.get("event", ""))
    shade, detail = _VIEWS.get(kind, (_PLAIN, _everything))
    at = event.get("at")
    label = printable(kind.replace("_", " ")).ljust(_LABEL_WIDTH)
    if colour and shade:
        label = click.style(label, fg=shade)
    line = f"{_time(at).ljust(_TIME_WIDTH)}  {label} {printable(detail(event))}"
    return line.rstrip()


def _time(at: float | None) -> str:
    if at is None:
        return ""
    moment = datetime.fromtimestamp(at, tz=UTC)
    return moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03}"


def printable(text: str) -> str:
    """Return a text from outside without what would steer a terminal."""
    return "".join("·" if unicodedata.category(one)[0] == "C" else one for one in text)


def _queued(event: Event) -> str:
    # A UAS application chooses itself whom it calls.
    whom = f"to {event['to']}, " if event["to"] else ""
    return f"{whom}{event['service_ref']}"


def _page(event: Event) -> str:
    outcome = event["problem"] or ", ".join(event["actions"]) or "no actions"
    status = event["http_status"]
    return f"{event['page']} {event['url']} → {'-' if status is None else status}: {outcome}"


def _action(event: Event) -> str:
    return f"{event['action']}  {event['detail']}"


def _everything(event: Event) -> str:
    left_out = {"event", "at", "service_ref"}
    return " ".join(f"{name}={value}" for name, value in event.items() if name not in left_out)


_VIEWS: Final[dict[str, tuple[str, Callable[[Event], str]]]] = {
    "queued": (_PLAIN, _queued),
    "could_not_run": (_BAD, lambda event: str(event["reason"])),
    "cancelled": (_BAD, lambda event: str(event["service_ref"])),
    "instance_started": (
        _PLAIN,
        lambda event: f"{event['application_name']}, instance {event['instance_id']}",
    ),
    "call_placed": (
        _DOING,
        lambda event: (
            f"{event['destination_address']} from {event['originating_address']}"
            + (f", trunk {event['trunk']}" if event["trunk"] else "")
        ),
    ),
    "ringing": (_DOING, lambda event: str(event["sip_status"])),
    "answered": (_GOOD, lambda _: ""),
    "far_end": (
        _GOOD,
        lambda event: (
            f"{event['far_end_type']} after {event['seconds']:.1f} s: "
            + ", ".join(event["reasons"])
        ),
    ),
    "joined": (_GOOD, lambda event: str(event["call_id"])),
    "parted": (_PLAIN, lambda event: str(event["call_id"])),
    "call_over": (_PLAIN, lambda event: f"{event['hangup_cause']}, {event['call_cause']}"),
    "digit": (_GOOD, lambda event: str(event["digit"])),
    "page": (_DOING, _page),
    "action_started": (_PLAIN, _action),
    "action_ended": (_PLAIN, _action),
    "speech": (_PLAIN, lambda event: f"{event['seconds']:.1f} s of synthesised speech"),
    "feature": (_PLAIN, lambda event: f"{event['feature_type']}, {event['seconds']:.1f} s"),
    "recording": (_GOOD, lambda event: f"{event['filename']}, {event['duration']:.1f} s"),
    "error": (_BAD, lambda event: f"{event['code']} {event['text']}"),
    "instance_stopped": (_PLAIN, lambda event: f"exit status {event['exit_status']}"),
    "missed": (_BAD, lambda event: f"{event['count']} events are not shown: they came too fast"),
    "ended": (_PLAIN, lambda event: f"had ended before: {event['status']}"),
}
"""How each kind of event is shown: colour, and the words after its name."""
