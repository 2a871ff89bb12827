"""T1, T2, T4 and what follows from them: RFC 3261 17, table 4 in its appendix A, and RFC 6026."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds. The letters are the RFC's; its values for an unreliable transport."""

    t1: float = 0.5
    """A round trip, as 17.1.1.1 estimates it."""
    t2: float = 4.0
    """The longest wait between two sendings of a non-INVITE request or an INVITE response."""
    t4: float = 5.0
    """How long the network may hold a message back."""
    provisional_refresh: float = 60.0
    """A phone that rings says so again every minute, or proxies give up: 13.3.1.1."""

    @property
    def transaction_timeout(self) -> float:
        """Timers B, F and H: how long a transaction waits for its peer; 64*T1."""
        return 64 * self.t1

    @property
    def response_wait(self) -> float:
        """Timer D: how long retransmissions of an INVITE's final response may arrive."""
        return max(32.0, 64 * self.t1)

    @property
    def success_wait(self) -> float:
        """Timers L and M: how long retransmissions of an INVITE or its 2xx may arrive; RFC 6026."""
        return 64 * self.t1

    @property
    def request_wait(self) -> float:
        """Timer J: how long retransmissions of a non-INVITE request may arrive."""
        return 64 * self.t1
