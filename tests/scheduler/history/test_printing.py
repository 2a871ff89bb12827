"""Calls as they are printed: a name for each cause."""

import re

from callwright.domain.causes import HangupCause
from callwright.scheduler.history.printing import CAUSES


def test_every_cause_has_a_name_of_q850() -> None:
    assert CAUSES.keys() == set(HangupCause)
    assert all(re.fullmatch("[A-Z]+(_[A-Z]+)*", name) for name in CAUSES.values())
