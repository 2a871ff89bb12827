"""Distances across the wrap."""

import pytest

from callwright.protocol.rtp.sequence import sequence_distance, timestamp_distance


@pytest.mark.parametrize(
    ("newer", "older", "distance"),
    [
        (5, 3, 2),
        (3, 5, -2),
        (0, 0xFFFF, 1),
        (0xFFFF, 0, -1),
        (0x7FFF, 0, 0x7FFF),
        (0x8000, 0, -0x8000),
    ],
)
def test_sequence_distance(newer: int, older: int, distance: int) -> None:
    assert sequence_distance(newer, older) == distance


@pytest.mark.parametrize(
    ("newer", "older", "distance"),
    [(160, 0, 160), (0, 0xFFFFFFFF, 1), (0xFFFFFF60, 0, -160), (0x80000000, 0, -0x80000000)],
)
def test_timestamp_distance(newer: int, older: int, distance: int) -> None:
    assert timestamp_distance(newer, older) == distance
