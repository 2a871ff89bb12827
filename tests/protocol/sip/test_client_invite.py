"""The INVITE client transaction, arrow by arrow, and its timers against RFC 3261's table 4."""

from itertools import product

import pytest

from callwright.protocol.sip.client_invite import TRANSITIONS, Action, ClientInvite, Input, State
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.matching import ClientKey
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.values import HostPort
from tests.sim.wire import CALLEE_AT, CALLER_AT, seeded_tokens

INVITE = Request(
    "INVITE",
    "sip:ann@example.com",
    Headers(
        [
            ("Via", "SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1"),
            ("From", "<sip:bob@example.com>;tag=1"),
            ("To", "<sip:ann@example.com>"),
            ("Call-ID", "1"),
            ("CSeq", "7 INVITE"),
            ("Route", "<sip:192.0.2.9;lr>"),
        ]
    ),
)


def response(status: int) -> Response:
    fields = [(name, value) for name, value in INVITE.headers if name not in {"To", "Route"}]
    return Response(status, "", Headers([*fields, ("To", "<sip:ann@example.com>;tag=2")]))


STATUS = {Input.PROVISIONAL: 180, Input.SUCCESS: 200, Input.FAILURE: 486}


class Bench:
    """One transaction with its surroundings."""

    def __init__(self) -> None:
        self.link = Link(CALLER_AT, "test", seeded_tokens("test"), Timers(), Limits())
        self.responses: list[int] = []
        self.timeouts: list[float] = []
        self.retired: list[ClientKey] = []
        self.transaction = ClientInvite(
            INVITE,
            CALLEE_AT,
            self.link,
            on_response=lambda response, _now: self.responses.append(response.sip_status),
            on_timeout=self.timeouts.append,
            retire=self.retired.append,
        )
        self.transaction.start(0.0)
        self.sent()

    def sent(self) -> list[str]:
        lines = [item.data.split(b" ", 1)[0].decode() for item in self.link.outbox]
        self.link.outbox.clear()
        return lines

    def enter(self, state: State) -> None:
        path = {
            State.CALLING: [],
            State.PROCEEDING: [180],
            State.ACCEPTED: [200],
            State.COMPLETED: [486],
            State.TERMINATED: [486],
        }
        for status in path[state]:
            self.transaction.receive(response(status), 0.0)
        if state is State.TERMINATED:
            self.link.agenda.handle_timer(32.0)
        assert self.transaction.state is state
        self.sent()
        self.responses.clear()
        self.retired.clear()


@pytest.mark.parametrize(("state", "event"), list(product(State, Input)))
def test_follows_every_arrow_and_no_other(state: State, event: Input) -> None:
    bench = Bench()
    bench.enter(state)
    status = STATUS.get(event)

    bench.transaction._take(event, 1.0, None if status is None else response(status))

    after, actions = TRANSITIONS[state].get(event, (state, ()))
    assert bench.transaction.state is after
    assert bench.responses == ([status] if Action.PASS_UP in actions else [])
    assert bench.timeouts == ([1.0] if Action.REPORT_TIMEOUT in actions else [])
    acks = Action.SEND_ACK in actions or Action.SEND_ACK_AGAIN in actions
    invites = Action.SEND_INVITE_AGAIN in actions
    assert bench.sent() == ["ACK"] * acks + ["INVITE"] * invites
    assert len(bench.retired) == (after is State.TERMINATED and state is not after)


def test_repeats_an_invite_that_nobody_answers_and_gives_up() -> None:
    """Timer A doubles without a bound; Timer B ends it at 64*T1 (17.1.1.2)."""
    bench = Bench()
    sent_at = []
    while (deadline := bench.link.agenda.deadline()) is not None:
        bench.link.agenda.handle_timer(deadline)
        sent_at += [deadline] * len(bench.sent())

    assert sent_at == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert bench.timeouts == [32.0]
    assert bench.retired == [("z9hG4bK1", "INVITE")]


@pytest.mark.parametrize(
    ("status", "ends_at"),
    [(180, None), (200, 42.0), (486, 42.0)],
    ids=["no timer while it rings", "Timer M", "Timer D"],
)
def test_waits_as_long_as_its_state_says(status: int, ends_at: float | None) -> None:
    bench = Bench()

    bench.transaction.receive(response(status), 10.0)

    assert bench.link.agenda.deadline() == ends_at
    if ends_at is not None:
        bench.link.agenda.handle_timer(ends_at)
        assert bench.transaction.state is State.TERMINATED


def test_acknowledges_a_failure_in_its_own_transaction() -> None:
    """17.1.1.3: same Via, Request-URI, Route and number; the response's To."""
    bench = Bench()

    bench.transaction.receive(response(486), 1.0)

    [ack] = bench.link.outbox
    assert ack.peer == HostPort("192.0.2.2", 5060)
    lines = ack.data.decode().split("\r\n")
    assert lines[0] == "ACK sip:ann@example.com SIP/2.0"
    assert "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1" in lines
    assert "To: <sip:ann@example.com>;tag=2" in lines
    assert "CSeq: 7 ACK" in lines
    assert "Route: <sip:192.0.2.9;lr>" in lines


def test_can_be_abandoned_once() -> None:
    bench = Bench()

    bench.transaction.abandon()
    bench.transaction.abandon()

    assert bench.retired == [("z9hG4bK1", "INVITE")]
    assert bench.link.agenda.deadline() is None
