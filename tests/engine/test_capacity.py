"""No one-second window holds more starts than the maximum, and little fewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.clock import Instant
from callwright.engine.capacity import Channels, StartRate

RATES = [0.5, 1.0, 1.5, 5.0, 20.0]


def run(maximum_cps: float, seconds: float, tick: float) -> list[float]:
    """Start whatever is free at each tick; return when."""
    rate = StartRate(maximum_cps)
    starts: list[float] = []
    now = 0.0
    while now < seconds:
        count = rate.free(Instant(now))
        rate.note(count, Instant(now))
        starts += [now] * count
        now += tick
    return starts


@pytest.mark.parametrize("maximum_cps", RATES)
@pytest.mark.parametrize("tick", [0.001, 0.013, 0.25])
def test_no_second_holds_more_than_the_maximum(maximum_cps: float, tick: float) -> None:
    starts = run(maximum_cps, 10, tick)
    allowed = max(1, -int(-maximum_cps // 1))
    for first in starts:
        assert sum(1 for start in starts if first <= start < first + 1) <= allowed


@pytest.mark.parametrize("maximum_cps", RATES)
def test_the_maximum_is_reached(maximum_cps: float) -> None:
    starts = run(maximum_cps, 120, 0.001)
    assert len(starts) == pytest.approx(120 * maximum_cps, rel=0.01, abs=1)


@given(st.floats(0.1, 50), st.lists(st.floats(0, 3), max_size=40))
def test_free_at_is_when_something_is_free(maximum_cps: float, pauses: list[float]) -> None:
    rate = StartRate(maximum_cps)
    now = Instant(0.0)
    for pause in pauses:
        now = Instant(now + pause)
        if rate.free(now):
            rate.note(1, now)
        assert rate.free(Instant(max(now, rate.free_at()) + 1e-6)) >= 1


def test_lowered_channels_are_never_negative() -> None:
    assert Channels(limit=2, in_use=5).free() == 0
