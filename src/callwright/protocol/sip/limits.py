"""How much strangers may make an endpoint remember."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds at which an endpoint answers 503 without remembering anything.

    They count INVITEs from outside any dialog, which alone make it remember a stranger. Requests
    inside our own calls are bounded by the number of calls, and are never refused for load.
    """

    server_transactions: int = 10_000
    """Each lives 32 s after its answer (Timer L), so this is 300 incoming calls a second, far above
    what one core can answer."""
    server_bytes: int = 32 * 2**20
    """Of the requests behind them: 10,000 honest ones are 10 MB, and 64 kB each would be 640."""
    forks: int = 16
    """Branches of one INVITE that we keep an ACK for; a proxy that rings more phones than this has
    its other answers ignored, and its phones give up."""
