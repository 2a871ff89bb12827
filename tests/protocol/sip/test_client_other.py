"""The non-INVITE client transaction, arrow by arrow, and its timers."""

from itertools import product

import pytest

from callwright.protocol.sip.client_other import TRANSITIONS, Action, ClientOther, Input, State
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.matching import ClientKey
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.timers import Timers
from tests.sim.wire import CALLEE_AT, CALLER_AT, seeded_tokens

HEADERS = Headers([("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"), ("CSeq", "2 BYE")])
STATUS = {Input.PROVISIONAL: 183, Input.FINAL: 200}


class Bench:
    """One transaction with its surroundings."""

    def __init__(self) -> None:
        self.link = Link(CALLER_AT, "test", seeded_tokens("test"), Timers(), Limits())
        self.responses: list[int] = []
        self.timeouts: list[float] = []
        self.retired: list[ClientKey] = []
        self.transaction = ClientOther(
            Request("BYE", "sip:ann@example.com", HEADERS),
            CALLEE_AT,
            self.link,
            on_response=lambda response, _now: self.responses.append(response.sip_status),
            on_timeout=self.timeouts.append,
            retire=self.retired.append,
        )
        self.transaction.start(0.0)
        self.link.outbox.clear()

    def enter(self, state: State) -> None:
        if state is not State.TRYING:
            status = 183 if state is State.PROCEEDING else 200
            self.transaction.receive(Response(status, "", HEADERS), 0.0)
        if state is State.TERMINATED:
            self.link.agenda.handle_timer(5.0)
        assert self.transaction.state is state
        self.responses.clear()
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
    status = STATUS.get(event)

    bench.transaction._take(event, 1.0, None if status is None else Response(status, "", HEADERS))

    after, actions = TRANSITIONS[state].get(event, (state, ()))
    assert bench.transaction.state is after
    assert bench.responses == ([status] if Action.PASS_UP in actions else [])
    assert bench.timeouts == ([1.0] if Action.REPORT_TIMEOUT in actions else [])
    assert len(bench.link.outbox) == (Action.SEND_AGAIN in actions)
    assert len(bench.retired) == (after is State.TERMINATED and state is not after)


def test_repeats_a_request_that_nobody_answers_and_gives_up() -> None:
    """Timer E doubles up to T2; Timer F ends it at 64*T1 (17.1.2.2)."""
    bench = Bench()

    assert bench.run_out() == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert bench.timeouts == [32.0]
    assert bench.retired == [("z9hG4bK1", "BYE")]


def test_repeats_every_t2_after_a_provisional_response() -> None:
    bench = Bench()

    bench.transaction.receive(Response(183, "", HEADERS), 0.1)

    assert bench.run_out() == [0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5]
    assert bench.timeouts == [32.0]


def test_waits_t4_for_responses_that_come_again() -> None:
    bench = Bench()

    bench.transaction.receive(Response(200, "", HEADERS), 1.0)
    bench.transaction.receive(Response(200, "", HEADERS), 2.0)

    assert bench.link.agenda.deadline() == 6.0
    assert bench.run_out() == []
    assert bench.responses == [200]
