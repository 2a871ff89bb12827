"""Loss and jitter, counted over scripted arrivals."""

import pytest

from callwright.protocol.rtp.reception import Reception


def heard(sequences: list[int], start: int | None = None) -> Reception:
    reception = Reception.starting_at(sequences[0] if start is None else start)
    for sequence in sequences:
        reception.receive(sequence, sequence * 160 & 0xFFFFFFFF, sequence * 160)
    return reception


@pytest.mark.parametrize(
    ("sequences", "expected", "lost"),
    [
        ([1, 2, 3, 4], 4, 0),
        ([1, 2, 4, 5], 5, 1),
        ([1, 3, 2, 4], 4, 0),
        ([1, 2, 2, 3], 3, -1),
        ([0xFFFE, 0xFFFF, 0, 1], 4, 0),
        ([0xFFFE, 1], 4, 2),
        ([0, 1], 2, 0),
    ],
)
def test_counts_what_was_expected_and_what_was_lost(
    sequences: list[int], expected: int, lost: int
) -> None:
    reception = heard(sequences)
    assert (reception.expected, reception.lost) == (expected, lost)


def test_a_wild_number_is_dropped_and_two_in_a_row_begin_anew() -> None:
    reception = heard([1, 2, 3])
    assert not reception.receive(30000, 0, 0)
    assert reception.receive(4, 640, 640)
    assert not reception.receive(30000, 0, 0)
    assert reception.receive(30001, 160, 160)
    assert (reception.expected, reception.received) == (1, 1)


def test_punctual_packets_have_no_jitter() -> None:
    assert heard(list(range(100))).jitter == 0.0


def test_jitter_follows_a_8() -> None:
    reception = Reception.starting_at(0)
    late, jitter = 0, 0.0
    for sequence in range(50):
        before, late = late, (0, 40, 16)[sequence % 3]
        reception.receive(sequence, sequence * 160, sequence * 160 + late)
        if sequence:
            jitter += (abs(late - before) - jitter) / 16
    assert reception.jitter == pytest.approx(jitter)


def test_a_report_speaks_of_the_time_since_the_last_one() -> None:
    reception = heard([0, 1, 2, 4, 5, 6, 7])  # one of eight lost
    first = reception.report(ssrc=9, last_sender_report=5, delay=6)
    assert (first.ssrc, first.fraction_lost, first.lost) == (9, 32, 1)
    assert (first.highest_sequence, first.last_sender_report, first.delay) == (7, 5, 6)
    for sequence in range(8, 12):
        reception.receive(sequence, sequence * 160, sequence * 160)
    second = reception.report(ssrc=9, last_sender_report=0, delay=0)
    assert (second.fraction_lost, second.lost) == (0, 1)


def test_the_highest_number_counts_the_wraps() -> None:
    reception = heard([0xFFFF, 0])
    assert reception.report(ssrc=1, last_sender_report=0, delay=0).highest_sequence == 0x10000
