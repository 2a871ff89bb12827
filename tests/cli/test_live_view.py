"""Each event is one line that says when, what, and what matters of it."""

from typing import Any

import click
import pytest

from callwright.api.fact_events import ENDED, EVENT_NAMES, MISSED
from callwright.cli.live_view import render

AT = 1366641192.25
REF = "2e891aea_0.1366641192.77832"

LINES: list[tuple[dict[str, Any], str]] = [
    ({"event": "queued", "to": ""}, f"queued           {REF}"),
    ({"event": "queued", "to": "tel:443069990123"}, f"queued           to tel:443069990123, {REF}"),
    ({"event": "could_not_run", "reason": "No trunk"}, "could not run    No trunk"),
    ({"event": "cancelled"}, f"cancelled        {REF}"),
    (
        {"event": "instance_started", "application_name": "reminder", "instance_id": "04.1"},
        "instance started reminder, instance 04.1",
    ),
    (
        {
            "event": "call_placed",
            "destination_address": "tel:1",
            "originating_address": "2@sip",
            "trunk": "sim",
        },
        "call placed      tel:1 from 2@sip, trunk sim",
    ),
    ({"event": "ringing", "sip_status": 180}, "ringing          180"),
    ({"event": "answered"}, "answered"),
    (
        {"event": "call_over", "hangup_cause": "BUSY(486)", "call_cause": "busy"},
        "call over        BUSY(486), busy",
    ),
    ({"event": "digit", "digit": "5"}, "digit            5"),
    (
        {
            "event": "page",
            "page": "first",
            "url": "http://a/",
            "http_status": 200,
            "actions": ["play", "record"],
            "problem": "",
        },
        "page             first http://a/ → 200: play, record",
    ),
    (
        {
            "event": "page",
            "page": "next",
            "url": "http://a/",
            "http_status": None,
            "actions": [],
            "problem": "refused",
        },
        "page             next http://a/ → -: refused",
    ),
    (
        {"event": "action_started", "action": "play", "detail": "Hello"},
        "action started   play  Hello",
    ),
    ({"event": "action_ended", "action": "play", "detail": ""}, "action ended     play"),
    (
        {"event": "far_end", "far_end_type": "human", "seconds": 1.25, "reasons": ["a", "b"]},
        "far end          human after 1.2 s: a, b",
    ),
    ({"event": "joined", "call_id": "c.2"}, "joined           c.2"),
    ({"event": "parted", "call_id": "c.2"}, "parted           c.2"),
    ({"event": "speech", "seconds": 1.52}, "speech           1.5 s of synthesised speech"),
    (
        {"event": "feature", "feature_type": "sr_get_input", "seconds": 3.04},
        "feature          sr_get_input, 3.0 s",
    ),
    (
        {"event": "recording", "filename": "a.wav", "duration": 2.0},
        "recording        a.wav, 2.0 s",
    ),
    ({"event": "error", "code": "2101", "text": "down"}, "error            2101 down"),
    ({"event": "instance_stopped", "exit_status": -1}, "instance stopped exit status -1"),
    (
        {"event": "missed", "count": 3},
        "missed           3 events are not shown: they came too fast",
    ),
    (
        {"event": "ended", "status": "completed 0"},
        "ended            had ended before: completed 0",
    ),
    ({"event": "a_new_one", "colour": "blue"}, "a new one        colour=blue"),
]


@pytest.mark.parametrize(("event", "line"), LINES)
def test_an_event_is_one_line(event: dict[str, Any], line: str) -> None:
    assert render({"at": AT, "service_ref": REF} | event) == f"14:33:12.250  {line}"


def test_every_event_of_the_server_has_a_view() -> None:
    shown = {event["event"] for event, _ in LINES}

    assert {*EVENT_NAMES.values(), MISSED, ENDED} <= shown


def test_an_event_without_a_time_keeps_its_column() -> None:
    assert render({"event": "missed", "count": 1}).startswith(" " * 14 + "missed")


def test_a_far_end_cannot_steer_the_terminal() -> None:
    line = render({"event": "error", "at": AT, "code": "2101", "text": "\x1b[2Jgone\r\n\u202e!"})

    assert line.endswith("2101 ·[2Jgone···!")


def test_colour_only_colours() -> None:
    event = {"event": "answered", "at": AT, "service_ref": REF}

    coloured = render(event, colour=True)

    assert coloured != render(event)
    assert click.unstyle(coloured).rstrip() == render(event)
