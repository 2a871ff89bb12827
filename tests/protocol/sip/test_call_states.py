"""The table of a call's life: what must hold in it whatever the rows say."""

from itertools import product

import pytest

from callwright.protocol.sip.call_states import TRANSITIONS, USER_INPUTS, Input, State, Step
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.invite_usage import InviteUsage
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.transactions import Transactions
from callwright.protocol.sip.values import SipCallId
from tests.sim.wire import CALLER_AT, seeded_tokens

ENDING = frozenset(
    {
        Step.REPORT_FAILURE,
        Step.REPORT_SILENCE,
        Step.REPORT_TOO_LATE,
        Step.REPORT_CANCELLED,
        Step.REPORT_NO_ACK,
        Step.REPORT_HUNG_UP,
        Step.REPORT_ENDED,
    }
)
ARROWS = [
    (before, event, after, steps)
    for before, row in TRANSITIONS.items()
    for event, (after, steps) in row.items()
]


class Recorder(InviteUsage):
    """A call that writes its steps down instead of taking them."""

    def __init__(self, state: State) -> None:
        self.link = Link(CALLER_AT, "test", seeded_tokens("test"), Timers(), Limits())
        self.retired: list[InviteUsage] = []
        super().__init__(
            SipCallId("1"), state, self.link, Transactions(self.link), self.retired.append
        )
        self.steps: list[Step] = []

    @property
    def dialog_key(self) -> tuple[str, str]:
        return "1", "2"

    def do(self, step: Step, now: float, message: Request | Response | None) -> None:
        assert now == 1.0
        assert message is None
        self.steps.append(step)


@pytest.mark.parametrize(("state", "event"), list(product(State, Input)))
def test_a_call_follows_every_arrow_and_no_other(state: State, event: Input) -> None:
    call = Recorder(state)
    arrow = TRANSITIONS[state].get(event)

    if arrow is None and event in USER_INPUTS:
        with pytest.raises(LocalSipError, match=f"{event.name} for a call that is {state.name}"):
            call.take(event, 1.0)
    else:
        call.take(event, 1.0)

    after, steps = arrow or (state, ())
    assert call.state is after
    assert call.steps == list(steps)
    assert call.link.counters.stray == (arrow is None and event not in USER_INPUTS)
    assert len(call.retired) == (after is State.ENDED and state is not State.ENDED)


@pytest.mark.parametrize(("before", "event", "after", "steps"), ARROWS)
def test_a_call_is_reported_over_once_and_when_it_is(
    before: State, event: Input, after: State, steps: tuple[Step, ...]
) -> None:
    reports = sum(step in ENDING for step in steps)
    ends = after is State.ENDED and before is not State.ENDED

    assert reports == (ends and event is not Input.REJECT)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {after for before, _, after, _ in ARROWS if before is not after}

    assert reached | {State.INVITING, State.INVITED} == set(State)
    assert all(
        any(after is not state for after, _ in TRANSITIONS[state].values())
        for state in State
        if state is not State.ENDED
    )
