"""The timetable of ticks, and their punctuality."""

import pytest

from callwright.media.pacer import MAX_CATCH_UP, Lateness, Pacer


def test_lateness_does_not_add_up() -> None:
    pacer = Pacer(100.0)
    for _ in range(1000):
        pacer.start_tick(pacer.deadline + 0.003)
    assert pacer.deadline == pytest.approx(120.0, abs=1e-9)
    assert pacer.skipped == 0


def test_a_tick_before_its_time_is_not_late() -> None:
    pacer = Pacer(100.0)
    assert pacer.start_tick(99.999) == 0.0


@pytest.mark.parametrize(("stall", "skipped"), [(0.03, 0), (0.11, 0), (0.13, 1), (0.77, 33)])
def test_after_a_stall_it_catches_up_a_little_and_skips_the_rest(
    stall: float, skipped: int
) -> None:
    pacer = Pacer(100.0)
    now = 100.0 + stall
    assert pacer.start_tick(now) == pytest.approx(stall)
    assert pacer.skipped == skipped
    at_once = 0
    while pacer.deadline <= now:
        pacer.start_tick(now)
        at_once += 1
    assert at_once <= MAX_CATCH_UP
    assert 0 < pacer.deadline - now <= 0.02


def test_lateness_is_counted_in_classes() -> None:
    lateness = Lateness((0.5, 1.0, 5.0))
    for late in (0.0, 0.0005, 0.0006, 0.004, 0.007, 0.03):
        lateness.count(late)
    assert lateness.counts == (2, 1, 1, 2)
    assert lateness.ticks == 6
    assert lateness.worst_ms == pytest.approx(30.0)
