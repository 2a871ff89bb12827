"""What is logged: the list of event names and their fields, and nothing else gets through.

A log line is a fact, `leg.answered`, with fields. A field that is not listed here for its event is
dropped, so that a number, a digit, a token or a password cannot reach a log by an oversight.
"""

import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "caller_id.not_validated": frozenset(),
    "caller_id.validated": frozenset(),
    "callback.events_not_written": frozenset({"task_id"}),
    "callback.join_not_noted": frozenset({"task_id"}),
    "callback.not_announced": frozenset({"reason"}),
    "callback.not_called": frozenset({"reason"}),
    "callback.not_joined": frozenset(),
    "callback.not_recorded": frozenset({"reason"}),
    "callbacks.not_queued": frozenset({"error", "task_id"}),
    "callbacks.progress_failed": frozenset(),
    "callbacks.round_failed": frozenset(),
    "carrier.died": frozenset({"exit_code"}),
    "carrier.not_replaced": frozenset({"problem"}),
    "client_limit.not_shared": frozenset(),
    "dispatch.answer_not_noted": frozenset({"service_ref"}),
    "dispatch.beside_failed": frozenset(),
    "dispatch.claim_failed": frozenset(),
    "dispatch.left_behind": frozenset({"service_ref"}),
    "dispatch.lease_lost": frozenset({"service_ref"}),
    "dispatch.renewal_failed": frozenset(),
    "dispatch.rescued": frozenset({"interrupted"}),
    "dispatch.resign_failed": frozenset(),
    "dispatch.run_failed": frozenset({"service_ref"}),
    "dispatch.store_away": frozenset(),
    "housekeeping.failed": frozenset(),
    "http.internal_error": frozenset({"incident", "operation", "error", "places"}),
    "instance.bug": frozenset({"instance_id", "error", "place"}),
    "media.closed": frozenset(
        {"packets_sent", "packets_received", "packets_lost", "jitter_ms", "round_trip_ms"}
    ),
    "media_worker.bad_frame": frozenset({"worker", "problem"}),
    "media_worker.died": frozenset({"worker", "exit_code"}),
    "media_worker.stalled": frozenset({"worker"}),
    "recogniser.bad_frame": frozenset({"problem"}),
    "recogniser.died": frozenset({"streams"}),
    "recogniser.sound_dropped": frozenset({"seconds"}),
    "recogniser.stalled": frozenset({"streams"}),
    "reception.refused": frozenset({"sip_status", "reason"}),
    "rest_log.not_written": frozenset({"account_id", "error"}),
    "server.draining": frozenset({"calls"}),
    "server.ready": frozenset({"http", "sip", "trunk"}),
    "server.stopped": frozenset(),
    "speech.plug_in_failed": frozenset({"group", "plug_in", "problem"}),
    "webhook.bug": frozenset({"task_id"}),
    "webhook.failed": frozenset({"event_name", "http_status", "reason", "task_id", "tries"}),
    "webhook.given_up": frozenset({"event_name", "http_status", "reason", "task_id", "tries"}),
    "webhook.not_noted": frozenset({"task_id"}),
    "webhooks.round_failed": frozenset(),
}
"""Every event and its fields. `level`, `timestamp` and the place of a bug come with each."""

_ALWAYS: Final = frozenset({"event", "level", "timestamp", "exception"})
_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure_logging(level: str) -> None:
    """Log to standard error: lines for a person at a terminal, JSON for anything else."""
    terminal = sys.stderr.isatty()
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()] if terminal else [structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_of_bug,
            only_listed,
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def only_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not listed for its event."""
    allowed = EVENTS.get(str(event.get("event")), frozenset()) | _ALWAYS
    return {name: value for name, value in event.items() if name in allowed}


def place_of_bug(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn an exception into its type and where it was raised.

    Its text is left out: it quotes values, and values may be numbers and tokens.
    """
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        frames = traceback.extract_tb(trace)
        event["exception"] = [getattr(kind, "__name__", "unknown")] + [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames
        ]
    return event
