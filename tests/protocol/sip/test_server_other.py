"""The non-INVITE server transaction, arrow by arrow."""

from itertools import product

import pytest

from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.matching import ServerKey
from callwright.protocol.sip.server_other import TRANSITIONS, Action, Input, ServerOther, State
from callwright.protocol.sip.timers import Timers
from tests.sim.wire import CALLEE_AT, CALLER_AT, seeded_tokens


class Bench:
    """One transaction with its surroundings."""

    def __init__(self) -> None:
        self.link = Link(CALLEE_AT, "test", seeded_tokens("test"), Timers(), Limits())
        self.retired: list[ServerKey] = []
        self.transaction = ServerOther(
            ("z9hG4bK1",), CALLER_AT, self.link, retire=self.retired.append
        )

    def enter(self, state: State) -> None:
        if state is not State.TRYING:
            self.transaction.respond(b"200", 0.0)
        if state is State.TERMINATED:
            self.link.agenda.handle_timer(32.0)
        assert self.transaction.state is state
        self.link.outbox.clear()
        self.retired.clear()


@pytest.mark.parametrize(("state", "event"), list(product(State, Input)))
def test_follows_every_arrow_and_no_other(state: State, event: Input) -> None:
    bench = Bench()
    bench.enter(state)
    bench.transaction._response = Datagram(b"200", CALLER_AT)

    bench.transaction._take(event, 1.0)

    after, actions = TRANSITIONS[state].get(event, (state, ()))
    assert bench.transaction.state is after
    sends = Action.SEND in actions or Action.SEND_AGAIN in actions
    assert len(bench.link.outbox) == sends
    assert bench.link.counters.repeated == (Action.ABSORB in actions)
    assert len(bench.retired) == (after is State.TERMINATED and state is not after)


def test_answers_a_repeated_request_for_64_t1() -> None:
    bench = Bench()

    bench.transaction.respond(b"200", 1.0)
    bench.transaction.receive_again(32.9)

    assert [item.data for item in bench.link.outbox] == [b"200", b"200"]
    assert bench.link.agenda.deadline() == 33.0


@pytest.mark.parametrize("state", [State.COMPLETED, State.TERMINATED])
def test_refuses_a_second_response(state: State) -> None:
    bench = Bench()
    bench.enter(state)

    with pytest.raises(LocalSipError, match=f"that is {state.name}"):
        bench.transaction.respond(b"200", 1.0)
