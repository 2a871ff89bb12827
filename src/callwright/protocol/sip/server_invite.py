"""The INVITE server transaction: RFC 3261 17.2.1, with the Accepted state of RFC 6026 7.1."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from callwright.protocol.sip.agenda import Timed
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.matching import ServerKey
from callwright.protocol.sip.values import HostPort


class State(Enum):
    PROCEEDING = auto()
    ACCEPTED = auto()
    COMPLETED = auto()
    CONFIRMED = auto()
    TERMINATED = auto()


class Input(Enum):
    INVITE = auto()
    ACK = auto()
    PROVISIONAL = auto()
    SUCCESS = auto()
    FAILURE = auto()
    TIMER_G = auto()
    TIMER_H = auto()
    TIMER_I = auto()
    TIMER_L = auto()


class Action(Enum):
    SEND = auto()
    SEND_AGAIN = auto()
    ABSORB = auto()


TRANSITIONS: Final[Mapping[State, Mapping[Input, tuple[State, tuple[Action, ...]]]]] = {
    State.PROCEEDING: {
        Input.INVITE: (State.PROCEEDING, (Action.ABSORB, Action.SEND_AGAIN)),
        Input.PROVISIONAL: (State.PROCEEDING, (Action.SEND,)),
        Input.SUCCESS: (State.ACCEPTED, (Action.SEND,)),
        Input.FAILURE: (State.COMPLETED, (Action.SEND,)),
    },
    State.ACCEPTED: {
        # The 2xx is repeated by the call, until its ACK: 13.3.1.4.
        Input.INVITE: (State.ACCEPTED, (Action.ABSORB,)),
        Input.SUCCESS: (State.ACCEPTED, (Action.SEND_AGAIN,)),
        Input.TIMER_L: (State.TERMINATED, ()),
    },
    State.COMPLETED: {
        Input.INVITE: (State.COMPLETED, (Action.ABSORB, Action.SEND_AGAIN)),
        Input.TIMER_G: (State.COMPLETED, (Action.SEND_AGAIN,)),
        Input.TIMER_H: (State.TERMINATED, ()),
        Input.ACK: (State.CONFIRMED, ()),
    },
    State.CONFIRMED: {
        Input.INVITE: (State.CONFIRMED, (Action.ABSORB,)),
        Input.ACK: (State.CONFIRMED, (Action.ABSORB,)),
        Input.TIMER_I: (State.TERMINATED, ()),
    },
    State.TERMINATED: {},
}


class ServerInvite(Timed):
    """One INVITE that came in over UDP.

    `on_cancel` is called for a CANCEL that came in time. `retire` is called once, when no message
    can belong here any more.
    """

    __slots__ = (
        "_end_at", "_interval", "_link", "_peer", "_resend_at", "_response", "_retire", "key",
        "local_tag", "on_cancel", "size_bytes", "state",
    )  # fmt: skip

    def __init__(
        self,
        key: ServerKey,
        peer: HostPort,
        link: Link,
        *,
        local_tag: str,
        size_bytes: int,
        retire: Callable[["ServerInvite"], None],
    ) -> None:
        super().__init__()
        self.key = key
        self.local_tag = local_tag
        self.size_bytes = size_bytes
        self.state = State.PROCEEDING
        self.on_cancel: Callable[[float], None] | None = None
        self._peer = peer
        self._link = link
        self._retire = retire
        self._response: Datagram | None = None
        self._interval = link.timers.t1
        self._resend_at = 0.0
        self._end_at = 0.0

    @property
    def is_proceeding(self) -> bool:
        return self.state is State.PROCEEDING

    @property
    def takes_ack(self) -> bool:
        """Whether an ACK with this branch belongs here. One for a 2xx is the call's."""
        return Input.ACK in TRANSITIONS[self.state]

    def respond(self, sip_status: int, data: bytes, now: float) -> None:
        """Send the user's response; a 2xx may be given again and again.

        Raises:
            LocalSipError: a final response was given before.
        """
        if sip_status < 200:  # noqa: PLR2004 - the first digit is the class: RFC 3261 7.2
            event = Input.PROVISIONAL
        else:
            event = Input.SUCCESS if sip_status < 300 else Input.FAILURE  # noqa: PLR2004 - the same
        if event not in TRANSITIONS[self.state]:
            raise LocalSipError(f"{sip_status} for an INVITE that is {self.state.name}")
        self._response = Datagram(data, self._peer)
        self._take(event, now)

    def receive_invite(self, now: float) -> None:
        self._take(Input.INVITE, now)

    def receive_ack(self, now: float) -> None:
        self._take(Input.ACK, now)

    def handle_timer(self, now: float) -> None:
        match self.state:
            case State.ACCEPTED:
                self._take(Input.TIMER_L, now)
            case State.CONFIRMED:
                self._take(Input.TIMER_I, now)
            case _:
                self._take(Input.TIMER_H if self._end_at <= now else Input.TIMER_G, now)

    def _take(self, event: Input, now: float) -> None:
        arrow = TRANSITIONS[self.state].get(event)
        if arrow is None:
            self._link.counters.stray += 1
            return
        state, actions = arrow
        if state is not self.state:
            self._enter(state, now)
        for action in actions:
            self._do(action)
        if event is Input.TIMER_G:
            self._interval = min(self._interval * 2, self._link.timers.t2)
            self._resend_at = now + self._interval
            self._link.agenda.set(self, min(self._resend_at, self._end_at))

    def _enter(self, state: State, now: float) -> None:
        self.state = state
        timers = self._link.timers
        match state:
            case State.ACCEPTED:
                self._link.agenda.set(self, now + timers.success_wait)
            case State.COMPLETED:
                self._end_at = now + timers.transaction_timeout
                self._resend_at = now + self._interval
                self._link.agenda.set(self, min(self._resend_at, self._end_at))
            case State.CONFIRMED:
                self._link.agenda.set(self, now + timers.t4)
            case _:
                self._link.agenda.set(self, None)
                self._retire(self)

    def _do(self, action: Action) -> None:
        if action is Action.ABSORB:
            self._link.counters.repeated += 1
        elif self._response is not None:  # 100 goes out before a second INVITE can come in
            if action is Action.SEND:
                self._link.send(self._response)
            else:
                self._link.send_again(self._response)
