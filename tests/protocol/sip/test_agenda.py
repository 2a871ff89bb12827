"""Moments are kept in order, and moving one leaves nothing behind."""

import pytest

from callwright.protocol.sip.agenda import Agenda, Timed


class Sleeper(Timed):
    """Writes down when it was woken."""

    def __init__(self) -> None:
        super().__init__()
        self.woken: list[float] = []

    def handle_timer(self, now: float) -> None:
        self.woken.append(now)


@pytest.mark.parametrize(
    ("moments", "deadline"),
    [
        ([], None),
        ([3.0], 3.0),
        ([3.0, 5.0], 5.0),
        ([5.0, 3.0], 3.0),
        ([3.0, None], None),
        ([3.0, None, 4.0], 4.0),
        ([5.0, 3.0, 7.0], 7.0),
        ([3.0, 3.0], 3.0),
    ],
)
def test_the_last_word_counts(moments: list[float | None], deadline: float | None) -> None:
    agenda, sleeper = Agenda(), Sleeper()
    for moment in moments:
        agenda.set(sleeper, moment)

    assert agenda.deadline() == deadline
    agenda.handle_timer(100.0)
    assert len(sleeper.woken) == (deadline is not None)
    assert agenda.deadline() is None
    assert agenda._heap == []


def test_wakes_in_order_and_nobody_early() -> None:
    agenda, sleepers = Agenda(), [Sleeper() for _ in range(5)]
    for moment, sleeper in zip([5.0, 1.0, 3.0, 2.0, 4.0], sleepers, strict=True):
        agenda.set(sleeper, moment)

    agenda.handle_timer(3.0)

    assert [len(sleeper.woken) for sleeper in sleepers] == [0, 1, 1, 1, 0]
    assert agenda.deadline() == 4.0
