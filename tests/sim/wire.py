"""A wire between two SIP endpoints: virtual time, latency, loss, duplicates, reordering.

Nothing here sleeps or asks the machine for the time. A run with the same arguments is the same run.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from callwright.protocol.sip.endpoint import Datagram, Endpoint
from callwright.protocol.sip.events import SipEvent
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.values import HostPort

CALLER_AT = HostPort("192.0.2.1", 5060)
CALLEE_AT = HostPort("192.0.2.2", 5060)


def seeded_tokens(seed: str) -> Callable[[], str]:
    """Tokens as an endpoint wants them, the same in every run."""
    random = Random(seed)
    return lambda: f"{random.getrandbits(80):020x}"


def new_endpoint(
    at: HostPort, *, timers: Timers | None = None, limits: Limits | None = None
) -> Endpoint:
    """An endpoint as the engine makes one, but with predictable tokens."""
    return Endpoint(
        local=at,
        user_agent="wire",
        tokens=seeded_tokens(f"{at}"),
        timers=timers or Timers(),
        limits=limits or Limits(),
    )


@dataclass
class Party:
    """One end of the wire: an endpoint and whoever uses it.

    `react` is told each event when it happens, and may call the endpoint's verbs at once.
    """

    at: HostPort
    endpoint: Endpoint
    react: Callable[[SipEvent, float], None] | None = None
    events: list[SipEvent] = field(default_factory=list)

    def take_events(self, now: float) -> None:
        for event in self.endpoint.events():
            self.events.append(event)
            if self.react is not None:
                self.react(event, now)

    @property
    def is_idle(self) -> bool:
        """Whether the endpoint remembers nothing at all."""
        endpoint = self.endpoint
        return (
            endpoint.call_count == 0
            and endpoint.transaction_count == 0
            and endpoint.deadline() is None
        )


class Wire:
    """Carries datagrams between two parties and tells them the time.

    `lost` holds the numbers, from 1, of the datagrams that vanish, counted over both directions in
    the order of sending; `loss_rate` loses others by chance. `latency` and `jitter` are seconds;
    a jitter above the time between two datagrams reorders them.
    """

    def __init__(
        self,
        caller: Party | None = None,
        callee: Party | None = None,
        *,
        latency: float = 0.01,
        jitter: float = 0.0,
        lost: Container[int] = (),
        loss_rate: float = 0.0,
        duplicate_rate: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.caller = caller or Party(CALLER_AT, new_endpoint(CALLER_AT))
        self.callee = callee or Party(CALLEE_AT, new_endpoint(CALLEE_AT))
        self.now = 0.0
        self.sent: list[tuple[float, HostPort, Datagram]] = []
        """When, from whom, and what to whom: every datagram, the lost ones too."""
        self._latency = latency
        self._jitter = jitter
        self._lost = lost
        self._loss_rate = loss_rate
        self._duplicate_rate = duplicate_rate
        self._random = Random(seed)
        self._due: list[tuple[float, int, HostPort, Datagram]] = []
        self._plans: list[tuple[float, int, Callable[[float], None]]] = []
        self._serial = 0

    def at(self, when: float, verb: Callable[[float], None]) -> None:
        """Plan a user's action for a moment to come."""
        self._serial += 1
        heappush(self._plans, (when, self._serial, verb))

    def run_until(self, end: float) -> None:
        """Let everything happen that is due up to `end`."""
        self._settle()
        while (moment := self._next()) is not None and moment <= end:
            self._step(moment)
        self.now = max(self.now, end)

    def run_out(self, limit: float = 100_000.0) -> None:
        """Let everything happen that ever will; more than `limit` seconds of it is a bug."""
        self._settle()
        while (moment := self._next()) is not None:
            assert moment <= limit, f"still busy after {limit} s"
            self._step(moment)

    def start_lines(self, sender: Party | None = None) -> list[str]:
        """What was sent, lost or not, by its start line without URI and version."""
        lines = []
        for _, source, datagram in self.sent:
            if sender is None or sender.at == source:
                words = datagram.data.split(b"\r\n", 1)[0].decode().split(" ")
                lines.append(words[1] if words[0].startswith("SIP/") else words[0])
        return lines

    def _next(self) -> float | None:
        moments = [
            moment
            for moment in (
                self._due[0][0] if self._due else None,
                self._plans[0][0] if self._plans else None,
                self.caller.endpoint.deadline(),
                self.callee.endpoint.deadline(),
            )
            if moment is not None
        ]
        return min(moments, default=None)

    def _step(self, moment: float) -> None:
        assert moment >= self.now, "time runs forward"
        self.now = moment
        if self._due and self._due[0][0] <= moment:
            _, _, source, datagram = heappop(self._due)
            for party in (self.caller, self.callee):
                if party.at == datagram.peer:
                    party.endpoint.receive(Datagram(datagram.data, source), moment)
        elif self._plans and self._plans[0][0] <= moment:
            heappop(self._plans)[2](moment)
        else:
            self.caller.endpoint.handle_timer(moment)
            self.callee.endpoint.handle_timer(moment)
        self._settle()

    def _settle(self) -> None:
        """Events first, since they may make more to send."""
        for party in (self.caller, self.callee):
            party.take_events(self.now)
            for datagram in party.endpoint.to_send():
                self._carry(party.at, datagram)

    def _carry(self, source: HostPort, datagram: Datagram) -> None:
        self.sent.append((self.now, source, datagram))
        if len(self.sent) in self._lost or self._random.random() < self._loss_rate:
            return
        copies = 2 if self._random.random() < self._duplicate_rate else 1
        for _ in range(copies):
            self._serial += 1
            arrival = self.now + self._latency + self._random.random() * self._jitter
            heappush(self._due, (arrival, self._serial, source, datagram))
