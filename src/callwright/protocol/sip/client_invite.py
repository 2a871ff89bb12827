"""The INVITE client transaction: RFC 3261 17.1.1, with the Accepted state of RFC 6026 8.4."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from callwright.protocol.sip.agenda import Timed
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.matching import ClientKey, own_key
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.values import HostPort


class State(Enum):
    CALLING = auto()
    PROCEEDING = auto()
    ACCEPTED = auto()
    COMPLETED = auto()
    TERMINATED = auto()


class Input(Enum):
    PROVISIONAL = auto()
    SUCCESS = auto()
    FAILURE = auto()
    TIMER_A = auto()
    TIMER_B = auto()
    TIMER_D = auto()
    TIMER_M = auto()


class Action(Enum):
    SEND_INVITE_AGAIN = auto()
    SEND_ACK = auto()
    SEND_ACK_AGAIN = auto()
    PASS_UP = auto()
    REPORT_TIMEOUT = auto()


TRANSITIONS: Final[Mapping[State, Mapping[Input, tuple[State, tuple[Action, ...]]]]] = {
    State.CALLING: {
        Input.TIMER_A: (State.CALLING, (Action.SEND_INVITE_AGAIN,)),
        Input.TIMER_B: (State.TERMINATED, (Action.REPORT_TIMEOUT,)),
        Input.PROVISIONAL: (State.PROCEEDING, (Action.PASS_UP,)),
        Input.SUCCESS: (State.ACCEPTED, (Action.PASS_UP,)),
        Input.FAILURE: (State.COMPLETED, (Action.SEND_ACK, Action.PASS_UP)),
    },
    State.PROCEEDING: {
        # No timer: how long a phone may ring is for the transaction's user to say.
        Input.PROVISIONAL: (State.PROCEEDING, (Action.PASS_UP,)),
        Input.SUCCESS: (State.ACCEPTED, (Action.PASS_UP,)),
        Input.FAILURE: (State.COMPLETED, (Action.SEND_ACK, Action.PASS_UP)),
    },
    State.ACCEPTED: {
        # Every 2xx goes up: the ACK for it, and other forks, are the user's (RFC 6026 7.2).
        Input.SUCCESS: (State.ACCEPTED, (Action.PASS_UP,)),
        Input.TIMER_M: (State.TERMINATED, ()),
    },
    State.COMPLETED: {
        Input.FAILURE: (State.COMPLETED, (Action.SEND_ACK_AGAIN,)),
        Input.TIMER_D: (State.TERMINATED, ()),
    },
    State.TERMINATED: {},
}


class ClientInvite(Timed):
    """One INVITE on its way, over UDP.

    `on_response` gets provisional responses, the first failure and every 2xx; `on_timeout` is
    called when Timer B fires. `retire` is called once, when no message can belong here any more.
    """

    __slots__ = (
        "_ack", "_end_at", "_end_input", "_interval", "_invite", "_link", "_on_response",
        "_on_timeout", "_resend_at", "_retire", "key", "request", "state",
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
        self.request = request
        self.key = own_key(request)
        self.state = State.CALLING
        self._link = link
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._retire = retire
        self._invite = Datagram(request.encode(), peer)
        self._ack: Datagram | None = None
        self._interval = link.timers.t1
        self._resend_at: float | None = None
        self._end_at: float | None = None
        self._end_input = Input.TIMER_B

    def start(self, now: float) -> None:
        """Send the INVITE and start Timers A and B: 17.1.1.2."""
        self._link.send(self._invite)
        self._resend_at = now + self._interval
        self._wait(Input.TIMER_B, now + self._link.timers.transaction_timeout)

    def receive(self, response: Response, now: float) -> None:
        if response.is_provisional:
            kind = Input.PROVISIONAL
        else:
            kind = Input.SUCCESS if response.is_success else Input.FAILURE
        self._take(kind, now, response)

    def handle_timer(self, now: float) -> None:
        if self._end_at is not None and self._end_at <= now:
            self._take(self._end_input, now, None)
        else:
            self._take(Input.TIMER_A, now, None)

    def abandon(self) -> None:
        """Forget the INVITE: it was cancelled, and no final response came (9.1)."""
        if self.state is not State.TERMINATED:
            self._enter(State.TERMINATED, 0.0)

    def _take(self, event: Input, now: float, response: Response | None) -> None:
        arrow = TRANSITIONS[self.state].get(event)
        if arrow is None:
            self._link.counters.repeated += 1
            return
        state, actions = arrow
        if state is not self.state:
            self._enter(state, now)
        for action in actions:
            self._do(action, now, response)

    def _enter(self, state: State, now: float) -> None:
        self.state = state
        self._resend_at = None
        timers = self._link.timers
        match state:
            case State.ACCEPTED:
                self._wait(Input.TIMER_M, now + timers.success_wait)
            case State.COMPLETED:
                self._wait(Input.TIMER_D, now + timers.response_wait)
            case State.TERMINATED:
                self._wait(self._end_input, None)
                self._retire(self.key)
            case _:
                self._wait(self._end_input, None)

    def _do(self, action: Action, now: float, response: Response | None) -> None:
        match action:
            case Action.PASS_UP:
                assert response is not None, "only responses are passed up"
                self._on_response(response, now)
            case Action.SEND_ACK:
                assert response is not None, "only a response is acknowledged"
                self._ack = Datagram(_ack(self.request, response).encode(), self._invite.peer)
                self._link.send(self._ack)
            case Action.SEND_ACK_AGAIN:
                assert self._ack is not None, "the first failure was acknowledged"
                self._link.counters.repeated += 1
                self._link.send_again(self._ack)
            case Action.SEND_INVITE_AGAIN:
                self._link.send_again(self._invite)
                self._interval *= 2
                self._resend_at = now + self._interval
                self._wait(self._end_input, self._end_at)
            case Action.REPORT_TIMEOUT:
                self._on_timeout(now)

    def _wait(self, event: Input, at: float | None) -> None:
        self._end_input = event
        self._end_at = at
        resend_at = self._resend_at
        if resend_at is not None and at is not None and resend_at < at:
            at = resend_at
        self._link.agenda.set(self, at)


def _ack(invite: Request, response: Response) -> Request:
    """The ACK of a failure, in the same transaction and by the same way: 17.1.1.3."""
    fields = [
        ("Via", invite.headers.all("Via")[0]),
        ("Max-Forwards", "70"),
        ("From", invite.headers.all("From")[0]),
        ("To", response.headers.all("To")[0]),
        ("Call-ID", invite.call_id),
        ("CSeq", f"{invite.cseq.number} ACK"),
    ]
    fields += [("Route", route) for route in invite.headers.all("Route")]
    return Request("ACK", invite.uri_text, Headers(fields))
