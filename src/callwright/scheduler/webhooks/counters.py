"""What became of events since the node began, for who watches the server."""

from dataclasses import dataclass


@dataclass(slots=True)
class EventCounters:
    """Counts tries, not events: one that is taken at the third try failed twice before."""

    sent: int = 0
    """Taken by their receivers."""
    failed: int = 0
    """To be tried again."""
    given_up: int = 0
    redelivered: int = 0
    """Events that were sent again by hand."""
