"""The machine's clocks tell the machine's time."""

import time

from callwright.adapters.clock import SystemClock


def test_both_clocks_stand_between_two_looks_at_the_machines_own() -> None:
    clock = SystemClock()
    monotonic, date = time.monotonic(), time.time()
    assert monotonic <= clock.now() <= time.monotonic()
    # The date may be set meanwhile, but hardly by a day.
    assert abs(clock.unix_time() - date) < 86_400
