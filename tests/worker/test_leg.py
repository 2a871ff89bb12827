"""One press that is heard twice."""

import pytest

from callwright.worker.leg import SAME_PRESS, Leg


@pytest.mark.parametrize(
    ("presses", "new"),
    [
        ([("1", 0.0, False), ("1", 0.1, True)], [True, False]),
        ([("1", 0.0, True), ("1", 0.1, False)], [True, False]),
        ([("1", 0.0, False), ("1", 0.1, False)], [True, True]),
        ([("1", 0.0, True), ("1", 0.1, True)], [True, True]),
        ([("1", 0.0, False), ("2", 0.1, True)], [True, True]),
        ([("1", 0.0, False), ("1", SAME_PRESS, True)], [True, True]),
        (
            [("1", 0.0, False), ("1", 0.1, True), ("1", 0.2, False), ("1", 0.3, True)],
            [True, False, True, False],
        ),
    ],
)
def test_the_other_ways_account_of_a_press_is_no_press(
    presses: list[tuple[str, float, bool]], new: list[bool]
) -> None:
    leg = Leg(1, 0, reports_speech=False)
    found = [leg.is_new_press(key, 10 + at, in_band=in_band) for key, at, in_band in presses]
    assert found == new
