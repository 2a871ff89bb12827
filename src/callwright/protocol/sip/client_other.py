"""The client transaction of every method but INVITE: RFC 3261 17.1.2."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from callwright.protocol.sip.agenda import Timed
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.matching import ClientKey, own_key
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.values import HostPort


class State(Enum):
    TRYING = auto()
    PROCEEDING = auto()
    COMPLETED = auto()
    TERMINATED = auto()


class Input(Enum):
    PROVISIONAL = auto()
    FINAL = auto()
    TIMER_E = auto()
    TIMER_F = auto()
    TIMER_K = auto()


class Action(Enum):
    SEND_AGAIN = auto()
    PASS_UP = auto()
    REPORT_TIMEOUT = auto()


TRANSITIONS: Final[Mapping[State, Mapping[Input, tuple[State, tuple[Action, ...]]]]] = {
    State.TRYING: {
        Input.TIMER_E: (State.TRYING, (Action.SEND_AGAIN,)),
        Input.TIMER_F: (State.TERMINATED, (Action.REPORT_TIMEOUT,)),
        # Nobody here waits for a provisional response; it only slows Timer E down.
        Input.PROVISIONAL: (State.PROCEEDING, ()),
        Input.FINAL: (State.COMPLETED, (Action.PASS_UP,)),
    },
    State.PROCEEDING: {
        Input.TIMER_E: (State.PROCEEDING, (Action.SEND_AGAIN,)),
        Input.TIMER_F: (State.TERMINATED, (Action.REPORT_TIMEOUT,)),
        Input.PROVISIONAL: (State.PROCEEDING, ()),
        Input.FINAL: (State.COMPLETED, (Action.PASS_UP,)),
    },
    State.COMPLETED: {
        Input.TIMER_K: (State.TERMINATED, ()),
    },
    State.TERMINATED: {},
}


class ClientOther(Timed):
    """One BYE or CANCEL on its way, over UDP.

    `on_response` gets the final response, or `on_timeout` is called when Timer F fires. `retire` is
    called once, when no response can belong here any more.
    """

    __slots__ = (
        "_end_at", "_interval", "_link", "_on_response", "_on_timeout", "_request", "_resend_at",
        "_retire", "key", "state",
    )  # fmt: skip

    def __init__(
        self,
        request: Request,
        peer: HostPort,
        link: Link,
        *,
        on_response: Callable[[Response, float], None],
        on_timeout: Callable[[float], None],
        retire: Callable[[ClientKey], object],
    ) -> None:
        super().__init__()
        self.key = own_key(request)
        self.state = State.TRYING
        self._link = link
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._retire = retire
        self._request = Datagram(request.encode(), peer)
        self._interval = link.timers.t1
        self._resend_at = 0.0
        self._end_at = 0.0

    def start(self, now: float) -> None:
        """Send the request and start Timers E and F: 17.1.2.2."""
        self._link.send(self._request)
        self._end_at = now + self._link.timers.transaction_timeout
        self._resend_at = now + self._interval
        self._link.agenda.set(self, min(self._resend_at, self._end_at))

    def receive(self, response: Response, now: float) -> None:
        self._take(Input.PROVISIONAL if response.is_provisional else Input.FINAL, now, response)

    def handle_timer(self, now: float) -> None:
        if self.state is State.COMPLETED:
            self._take(Input.TIMER_K, now, None)
        else:
            self._take(Input.TIMER_F if self._end_at <= now else Input.TIMER_E, now, None)

    def _take(self, event: Input, now: float, response: Response | None) -> None:
        arrow = TRANSITIONS[self.state].get(event)
        if arrow is None:
            self._link.counters.repeated += 1
            return
        state, actions = arrow
        if state is not self.state:
            self._enter(state, now)
        for action in actions:
            match action:
                case Action.PASS_UP:
                    assert response is not None, "only responses are passed up"
                    self._on_response(response, now)
                case Action.SEND_AGAIN:
                    self._send_again(now)
                case Action.REPORT_TIMEOUT:
                    self._on_timeout(now)

    def _enter(self, state: State, now: float) -> None:
        self.state = state
        if state is State.COMPLETED:
            self._link.agenda.set(self, now + self._link.timers.t4)  # Timer K
        elif state is State.TERMINATED:
            self._link.agenda.set(self, None)
            self._retire(self.key)

    def _send_again(self, now: float) -> None:
        self._link.send_again(self._request)
        t2 = self._link.timers.t2
        self._interval = t2 if self.state is State.PROCEEDING else min(self._interval * 2, t2)
        self._resend_at = now + self._interval
        self._link.agenda.set(self, min(self._resend_at, self._end_at))
