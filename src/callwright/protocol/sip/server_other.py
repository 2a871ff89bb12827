"""The server transaction of every method but INVITE and ACK: RFC 3261 17.2.2."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from callwright.protocol.sip.agenda import Timed
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.matching import ServerKey
from callwright.protocol.sip.values import HostPort


class State(Enum):
    TRYING = auto()
    COMPLETED = auto()
    TERMINATED = auto()


class Input(Enum):
    REQUEST = auto()
    FINAL = auto()
    TIMER_J = auto()


class Action(Enum):
    SEND = auto()
    SEND_AGAIN = auto()
    ABSORB = auto()


TRANSITIONS: Final[Mapping[State, Mapping[Input, tuple[State, tuple[Action, ...]]]]] = {
    # No Proceeding: everything that we take is answered at once, so no 1xx is ever sent.
    State.TRYING: {
        Input.REQUEST: (State.TRYING, (Action.ABSORB,)),
        Input.FINAL: (State.COMPLETED, (Action.SEND,)),
    },
    State.COMPLETED: {
        Input.REQUEST: (State.COMPLETED, (Action.ABSORB, Action.SEND_AGAIN)),
        Input.TIMER_J: (State.TERMINATED, ()),
    },
    State.TERMINATED: {},
}


class ServerOther(Timed):
    """One request inside a call, such as BYE, that came in over UDP."""

    __slots__ = ("_link", "_peer", "_response", "_retire", "key", "state")

    def __init__(
        self,
        key: ServerKey,
        peer: HostPort,
        link: Link,
        *,
        retire: Callable[[ServerKey], object],
    ) -> None:
        super().__init__()
        self.key = key
        self.state = State.TRYING
        self._peer = peer
        self._link = link
        self._retire = retire
        self._response: Datagram | None = None

    def respond(self, data: bytes, now: float) -> None:
        """Send the final response.

        Raises:
            LocalSipError: it was given before.
        """
        if Input.FINAL not in TRANSITIONS[self.state]:
            raise LocalSipError(f"a response to a request that is {self.state.name}")
        self._response = Datagram(data, self._peer)
        self._take(Input.FINAL, now)

    def receive_again(self, now: float) -> None:
        """The same request arrived once more."""
        self._take(Input.REQUEST, now)

    def handle_timer(self, now: float) -> None:
        self._take(Input.TIMER_J, now)

    def _take(self, event: Input, now: float) -> None:
        arrow = TRANSITIONS[self.state].get(event)
        if arrow is None:
            return
        state, actions = arrow
        if state is not self.state:
            self._enter(state, now)
        for action in actions:
            self._do(action)

    def _enter(self, state: State, now: float) -> None:
        self.state = state
        if state is State.COMPLETED:
            self._link.agenda.set(self, now + self._link.timers.request_wait)
        else:
            self._link.agenda.set(self, None)
            self._retire(self.key)

    def _do(self, action: Action) -> None:
        if action is Action.ABSORB:
            self._link.counters.repeated += 1
        elif self._response is not None:
            if action is Action.SEND:
                self._link.send(self._response)
            else:
                self._link.send_again(self._response)
