"""What every application instance of an installation has around it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from callwright.domain.clock import Clock
from callwright.runner.concurrency import pause
from callwright.runner.ports import (
    Downloads,
    MediaStore,
    Recognisers,
    RestLogs,
    Speech,
    Translators,
)
from callwright.runner.registry import RunningInstances


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Made once, and handed to each run."""

    speech: Speech
    media: MediaStore
    downloads: Downloads
    recognisers: Recognisers
    logs: RestLogs
    clock: Clock
    registry: RunningInstances
    translators: Translators | None = None
    """None: calls cannot be translated here."""
    pause: Callable[[float], Awaitable[None]] = pause
    """Waits between the attempts to tell a notification page."""
