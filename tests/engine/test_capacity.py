"""No one-second window holds more starts than the maximum, and little fewer; in virtual time."""

import heapq
import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.clock import Instant
from callwright.engine.capacity import (
    AVERAGING_TIME,
    WINDOW_MARGIN,
    Channels,
    Gate,
    Guarantee,
    StartRate,
    StartWindow,
)

RATES = [0.5, 1.0, 1.5, 5.0, 20.0, 20.7, 100.0]
TWO_MINUTES = 120.0


@dataclass
class Node:
    """A machine with a full queue: claims at a rate, commits, and lets INVITEs leave.

    Each wake-up comes up to `late` seconds too late, each commit takes up to `commit` seconds,
    and each INVITE needs up to `wire` seconds more to be seen at the far end.
    """

    maximum_cps: float
    late: float
    commit: float
    wire: float
    seed: int = 1
    seen: list[float] = field(default_factory=list)

    def run(self, seconds: float) -> list[float]:
        """Return when the far end saw each INVITE."""
        chance = random.Random(self.seed)
        rate, window = StartRate(self.maximum_cps), StartWindow(self.maximum_cps)
        claim, leave = "claim", "leave"
        agenda: list[tuple[float, str]] = [(0.0, claim)]
        while agenda:
            moment, what = heapq.heappop(agenda)
            now = Instant(moment)
            if now > seconds:
                break
            if what == claim:
                count = rate.free(now)
                rate.note(count, now)
                for _ in range(count):
                    heapq.heappush(agenda, (now + chance.uniform(0, self.commit), leave))
                wake = max(now, rate.free_at()) + chance.uniform(0, self.late)
                heapq.heappush(agenda, (wake, claim))
            elif window.free_at() <= now:
                window.note(now)
                self.seen.append(now + chance.uniform(0, self.wire))
            else:
                wake = window.free_at() + chance.uniform(0, self.late)
                heapq.heappush(agenda, (wake, leave))
        return sorted(self.seen)


def most_in_a_second(starts: list[float]) -> int:
    """The largest number of starts in any window of one second, its end left out."""
    most = begin = 0
    for end, moment in enumerate(starts):
        while starts[begin] <= moment - 1.0:
            begin += 1
        most = max(most, end - begin + 1)
    return most


MACHINES = {
    "perfect": (0.0, 0.0),
    "usual": (0.002, 0.005),
    "busy": (0.005, 0.050),
    "with a slow disk": (0.003, 0.250),
}


@pytest.mark.parametrize("maximum_cps", RATES)
@pytest.mark.parametrize(("late", "commit"), MACHINES.values(), ids=MACHINES)
def test_two_minutes_on_any_machine(maximum_cps: float, late: float, commit: float) -> None:
    starts = Node(maximum_cps, late, commit, wire=0.001).run(TWO_MINUTES)
    assert most_in_a_second(starts) <= math.ceil(maximum_cps)
    mean = (len(starts) - 1) / (starts[-1] - starts[0])
    assert mean == pytest.approx(maximum_cps, rel=0.01)
    assert mean <= maximum_cps


@pytest.mark.parametrize("maximum_cps", RATES)
def test_starts_are_spaced_evenly(maximum_cps: float) -> None:
    starts = Node(maximum_cps, late=0.0, commit=0.0, wire=0.0).run(TWO_MINUTES)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert max(gaps) - min(gaps) < 1e-6


@given(st.floats(0.1, 500), st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_stall_breaks_the_rule(maximum_cps: float, pauses: list[float]) -> None:
    rate, window = StartRate(maximum_cps), StartWindow(maximum_cps)
    now, starts = Instant(0.0), list[float]()
    for pause in pauses:
        now = Instant(now + pause)
        count = rate.free(now)
        rate.note(count, now)
        for _ in range(count):
            now = max(now, window.free_at())
            window.note(now)
            starts.append(now)
    assert most_in_a_second(starts) <= max(1, math.ceil(maximum_cps))


@given(st.floats(0.1, 500), st.lists(st.floats(0, 0.5), min_size=1, max_size=300))
def test_a_machine_that_stalls_while_it_sends_breaks_no_rule(
    maximum_cps: float, stalls: list[float]
) -> None:
    window = StartWindow(maximum_cps)
    gate = Gate((window,))
    now, starts = Instant(0.0), list[float]()
    for stall in stalls:
        now = max(now, gate.free_at())
        gate.note(now)
        now = Instant(now + stall)
        # It was sent when the machine went on, at the latest.
        starts.append(now)
        gate.left(now)
    assert most_in_a_second(starts) <= max(1, math.ceil(maximum_cps))


def test_starts_of_others_fill_a_window() -> None:
    window = StartWindow(3.0)
    window.note(Instant(9.0))
    window.count_others(2, Instant(9.5))
    assert window.free_at() == 9.0 + WINDOW_MARGIN
    window.fill(Instant(20.0))
    for moment in (21.1, 21.2, 21.3):
        assert window.free_at() == 20.0 + WINDOW_MARGIN
        window.note(Instant(moment))
    assert window.free_at() == 21.1 + WINDOW_MARGIN


@given(st.floats(0.1, 500), st.lists(st.floats(0, 3), max_size=40))
def test_free_at_is_when_something_is_free(maximum_cps: float, pauses: list[float]) -> None:
    rate = StartRate(maximum_cps)
    now = Instant(0.0)
    for pause in pauses:
        now = Instant(now + pause)
        if rate.free(now):
            rate.note(1, now)
        assert rate.free(max(now, rate.free_at())) >= 1


def test_what_nobody_waited_for_is_not_made_up_for() -> None:
    rate = StartRate(10.0)
    rate.note(1, Instant(0.0))
    assert rate.free(Instant(0.4)) > 1
    rate.rest(Instant(0.4))
    assert rate.free(Instant(0.4)) == 1


def owed(guarantee: Guarantee, *moments: float) -> list[int]:
    return [guarantee.open(Instant(moment)) for moment in moments]


def test_starts_are_owed_while_something_waits() -> None:
    guarantee = Guarantee(2.0)
    assert owed(guarantee, 0.0) == [1]
    guarantee.note(1, Instant(0.0))
    guarantee.close(more_wanted=True)
    assert owed(guarantee, 0.25, 0.5, 1.5) == [0, 1, 3]
    guarantee.close(more_wanted=False)
    assert owed(guarantee, 100.0) == [1]


def test_more_than_promised_and_less_are_averaged_over_two_minutes() -> None:
    spoilt, starved = Guarantee(1.0), Guarantee(1.0)
    for guarantee in (spoilt, starved):
        guarantee.open(Instant(0.0))
        guarantee.close(more_wanted=True)
    spoilt.note(10_000, Instant(0.0))
    assert owed(spoilt, AVERAGING_TIME - 1, AVERAGING_TIME) == [0, 1]
    assert owed(starved, 1000.0) == [AVERAGING_TIME + 1]


def test_nothing_is_owed_where_nothing_was_promised() -> None:
    guarantee = Guarantee()
    guarantee.note(1, Instant(0.0))
    guarantee.close(more_wanted=True)
    assert owed(guarantee, 1000.0) == [0]


@pytest.mark.parametrize(
    ("channels", "free"),
    [
        (Channels(limit=2), 2),
        (Channels(limit=2, in_use=1), 1),
        (Channels(limit=2, in_use=1, elsewhere=1), 0),
        (Channels(limit=2, in_use=5), 0),
    ],
)
def test_lowered_channels_are_never_negative(channels: Channels, free: int) -> None:
    assert channels.free() == free
