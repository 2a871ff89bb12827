"""Every log line of the source is listed with its fields, and nothing else gets through."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.typing import EventDict

import callwright
from callwright.app.telemetry import EVENTS, only_listed, place_of_bug

SDKS = {"pages", "callsocket"}
"""What customers' programs import logs as they do, through `logging`."""

LOGGERS = {"log", "_log"}
METHODS = {"debug", "info", "warning", "error", "exception"}


def logged() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every call of a logger in the source: where, which event, which fields."""
    package = Path(callwright.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in SDKS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr=method),
                    args=[ast.Constant(value=str(event))],
                ) if name in LOGGERS and method in METHODS:
                    fields = frozenset(word.arg or "**" for word in node.keywords)
                    yield f"{path.name}:{node.lineno}", event, fields


@pytest.mark.parametrize(("place", "event", "fields"), list(logged()))
def test_every_event_is_listed_with_its_fields(
    place: str, event: str, fields: frozenset[str]
) -> None:
    assert event in EVENTS, place
    assert fields <= EVENTS[event], place


def test_no_event_is_listed_that_nobody_logs() -> None:
    assert set(EVENTS) == {event for _, event, _ in logged()}


def test_a_field_that_is_not_listed_is_dropped() -> None:
    line = only_listed(None, "info", {"event": "server.ready", "http": "x", "token": "secret"})
    assert line == {"event": "server.ready", "http": "x"}


def test_a_bug_is_logged_without_its_text() -> None:
    line: EventDict = {"event": "dispatch.run_failed", "exc_info": True}
    try:
        int("441908273800x")
    except ValueError:
        line = place_of_bug(None, "exception", line)
    assert "441908273800" not in str(line)
    assert line["exception"][0] == "ValueError"
    assert "test_telemetry.py" in line["exception"][1]
