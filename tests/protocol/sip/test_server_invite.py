"""The INVITE server transaction, arrow by arrow, and its timers."""

from itertools import product

import pytest

from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.server_invite import TRANSITIONS, Action, Input, ServerInvite, State
from callwright.protocol.sip.timers import Timers
from tests.sim.wire import CALLEE_AT, CALLER_AT, seeded_tokens

STATUS = {Input.PROVISIONAL: 180, Input.SUCCESS: 200, Input.FAILURE: 486}


class Bench:
    """One transaction with its surroundings."""

    def __init__(self) -> None:
        self.link = Link(CALLEE_AT, "test", seeded_tokens("test"), Timers(), Limits())
        self.retired: list[ServerInvite] = []
        self.transaction = ServerInvite(
            ("z9hG4bK1",),
            CALLER_AT,
            self.link,
            local_tag="1",
            size_bytes=400,
            retire=self.retired.append,
        )
        self.transaction.respond(100, b"100", 0.0)
        self.link.outbox.clear()

    def enter(self, state: State) -> None:
        if state is State.ACCEPTED:
            self.transaction.respond(200, b"200", 0.0)
        elif state is not State.PROCEEDING:
            self.transaction.respond(486, b"486", 0.0)
        if state is State.CONFIRMED:
            self.transaction.receive_ack(0.0)
        if state is State.TERMINATED:
            self.run_out()
        assert self.transaction.state is state
        self.link.outbox.clear()
        self.retired.clear()

    def run_out(self) -> list[float]:
        sent_at = []
        while (deadline := self.link.agenda.deadline()) is not None:
            self.link.agenda.handle_timer(deadline)
            sent_at += [deadline] * len(self.link.outbox)
            self.link.outbox.clear()
        return sent_at


@pytest.mark.parametrize(("state", "event"), list(product(State, Input)))
def test_follows_every_arrow_and_no_other(state: State, event: Input) -> None:
    bench = Bench()
    bench.enter(state)
    repeated = bench.link.counters.repeated

    bench.transaction._take(event, 1.0)

    after, actions = TRANSITIONS[state].get(event, (state, ()))
    assert bench.transaction.state is after
    sends = Action.SEND in actions or Action.SEND_AGAIN in actions
    assert len(bench.link.outbox) == sends
    assert bench.link.counters.repeated - repeated == (Action.ABSORB in actions)
    assert len(bench.retired) == (after is State.TERMINATED and state is not after)


@pytest.mark.parametrize(
    ("state", "event"),
    [(state, event) for state, event in product(State, STATUS) if event not in TRANSITIONS[state]],
)
def test_refuses_a_response_after_the_final_one(state: State, event: Input) -> None:
    bench = Bench()
    bench.enter(state)

    with pytest.raises(LocalSipError, match=f"{STATUS[event]} for an INVITE that is {state.name}"):
        bench.transaction.respond(STATUS[event], b"", 1.0)
    assert bench.link.outbox == []


def test_repeats_a_failure_until_its_ack_and_gives_up() -> None:
    """Timer G doubles up to T2; Timer H ends it at 64*T1 (17.2.1)."""
    bench = Bench()
    bench.enter(State.COMPLETED)

    assert bench.run_out() == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert bench.transaction.state is State.TERMINATED


@pytest.mark.parametrize(("state", "wait"), [(State.ACCEPTED, 32.0), (State.CONFIRMED, 5.0)])
def test_waits_silently_for_what_may_come_again(state: State, wait: float) -> None:
    """Timer L of RFC 6026, Timer I of 17.2.1."""
    bench = Bench()
    bench.enter(state)

    assert bench.link.agenda.deadline() == wait
    assert bench.run_out() == []
    assert bench.retired == [bench.transaction]


def test_answers_a_repeated_invite_with_its_last_response() -> None:
    bench = Bench()

    bench.transaction.receive_invite(0.1)
    bench.transaction.respond(180, b"180", 0.2)
    bench.transaction.receive_invite(0.3)

    assert [item.data for item in bench.link.outbox] == [b"100", b"180", b"180"]
