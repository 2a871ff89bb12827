"""Seconds times prices, by the started minute or by the second, without rounding on the way."""

from decimal import Decimal

import pytest

from callwright.records.costing import by_second, by_started_minute

CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (0.0, 0),
        (0.02, 1),
        (33.21, 1),
        (60.0, 1),
        (60.001, 2),
        (1366725536.67 - 1366725476.67, 1),
        (120.0, 2),
    ],
)
def test_a_started_minute_counts_whole(seconds: float, minutes: int) -> None:
    assert by_started_minute(seconds, CENT) == minutes * CENT


@pytest.mark.parametrize(
    ("seconds", "price", "cost"),
    [(15.0, "0.0072", "0.0018"), (15.0, "0.0192", "0.0048"), (0.0, "0.0072", "0")],
)
def test_speech_is_priced_by_the_second(seconds: float, price: str, cost: str) -> None:
    assert by_second(seconds, Decimal(price)) == Decimal(cost)
