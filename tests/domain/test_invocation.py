"""Every arrow of the invocation's table, and every missing one."""

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.domain.invocation import (
    TRANSITIONS,
    InvocationEvent,
    InvocationState,
    next_state,
)

LEGAL = [(s, e, to) for s, arrows in TRANSITIONS.items() for e, to in arrows.items()]
ILLEGAL = [(s, e) for s in InvocationState for e in InvocationEvent if e not in TRANSITIONS[s]]


@pytest.mark.parametrize(("state", "event", "expected"), LEGAL)
def test_follows_the_arrow(
    state: InvocationState, event: InvocationEvent, expected: InvocationState
) -> None:
    assert next_state(state, event) is expected


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_refuses_everything_else(state: InvocationState, event: InvocationEvent) -> None:
    with pytest.raises(IllegalTransition, match=f"{event} while {state}"):
        next_state(state, event)


def test_a_running_service_cannot_be_cancelled() -> None:
    assert InvocationEvent.CANCEL not in TRANSITIONS[InvocationState.RUNNING]
