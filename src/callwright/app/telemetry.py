"""What is logged: the list of event names and their fields, and nothing else gets through.

A log line is a fact, `leg.answered`, with fields. A field that is not listed here for its event is
dropped, so that a number, a digit, a token or a password cannot reach a log by an oversight.
"""

import logging
import sys
from collections.abc import Mapping
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "api.failed": frozenset({"incident", "operation"}),
    "carrier.died": frozenset({"exit_code"}),
    "dispatch.claim_failed": frozenset(),
    "dispatch.rescued": frozenset({"interrupted"}),
    "dispatch.run_failed": frozenset({"service_ref"}),
    "dispatch.settle_failed": frozenset({"service_ref"}),
    "media.closed": frozenset(
        {"packets_sent", "packets_received", "packets_lost", "jitter_ms", "round_trip_ms"}
    ),
    "media_worker.bad_frame": frozenset({"worker", "problem"}),
    "media_worker.died": frozenset({"worker", "exit_code"}),
    "media_worker.stalled": frozenset({"worker"}),
    "server.draining": frozenset({"calls"}),
    "server.ready": frozenset({"http", "sip", "trunk"}),
    "server.stopped": frozenset(),
}
"""Every event and its fields. `level`, `timestamp` and a fault of ours come with each."""

_ALWAYS: Final = frozenset({"event", "level", "timestamp", "exception", "exc_info"})
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
        [structlog.dev.ConsoleRenderer()]
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
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
