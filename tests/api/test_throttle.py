"""Ten failures in a minute close the door of one address for a minute."""

import pytest

from callwright.api.throttle import MAX_FAILURES, WINDOW, Throttle
from callwright.domain.clock import Instant

GUESSER, OTHER = "192.0.2.1", "192.0.2.2"


def failed(throttle: Throttle, times: int, *, every: float = 0.0, address: str = GUESSER) -> None:
    for number in range(times):
        throttle.failed(address, Instant(number * every))


def test_one_failure_less_than_the_maximum_is_forgiven() -> None:
    throttle = Throttle()
    failed(throttle, MAX_FAILURES - 1)

    assert throttle.wait(GUESSER, Instant(1.0)) == 0.0


@pytest.mark.parametrize(
    ("now", "wait"), [(0.0, WINDOW), (20.5, 39.5), (59.9, pytest.approx(0.1)), (60.0, 0.0)]
)
def test_the_maximum_closes_the_door_for_a_minute(now: float, wait: float) -> None:
    throttle = Throttle()
    failed(throttle, MAX_FAILURES)

    assert throttle.wait(GUESSER, Instant(now)) == wait


def test_failures_that_are_further_apart_do_not_add_up() -> None:
    throttle = Throttle()
    failed(throttle, 5 * MAX_FAILURES, every=WINDOW / (MAX_FAILURES - 1))

    assert throttle.wait(GUESSER, Instant(400.0)) == 0.0


def test_after_the_minute_counting_begins_anew() -> None:
    throttle = Throttle()
    failed(throttle, MAX_FAILURES)
    assert throttle.wait(GUESSER, Instant(WINDOW)) == 0.0

    throttle.failed(GUESSER, Instant(WINDOW))

    assert throttle.wait(GUESSER, Instant(WINDOW)) == 0.0


def test_another_address_is_not_refused() -> None:
    throttle = Throttle()
    failed(throttle, MAX_FAILURES)

    assert throttle.wait(OTHER, Instant(1.0)) == 0.0


def test_a_full_table_forgets_who_failed_longest_ago() -> None:
    throttle = Throttle(max_addresses=2)
    failed(throttle, MAX_FAILURES, address="192.0.2.3")
    failed(throttle, MAX_FAILURES, address=GUESSER)
    failed(throttle, MAX_FAILURES, address=OTHER)

    assert [throttle.wait(one, Instant(1.0)) > 0 for one in ("192.0.2.3", GUESSER, OTHER)] == [
        False,
        True,
        True,
    ]
