"""Every arrow of the leg's table, and every missing one."""

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.engine.leg import TRANSITIONS, LegEvent, LegState, next_state

LEGAL = [(s, e, to) for s, arrows in TRANSITIONS.items() for e, to in arrows.items()]
ILLEGAL = [(s, e) for s in LegState for e in LegEvent if e not in TRANSITIONS[s]]


@pytest.mark.parametrize(("state", "event", "expected"), LEGAL)
def test_follows_the_arrow(state: LegState, event: LegEvent, expected: LegState) -> None:
    assert next_state(state, event) is expected


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_refuses_everything_else(state: LegState, event: LegEvent) -> None:
    with pytest.raises(IllegalTransition, match=f"{event} while {state}"):
        next_state(state, event)


@pytest.mark.parametrize("state", [s for s in LegState if s is not LegState.OVER])
def test_every_leg_can_end(state: LegState) -> None:
    assert next_state(state, LegEvent.END) is LegState.OVER
