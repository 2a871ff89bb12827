"""Raw causes and the causes that go with them."""

import pytest

from callwright.protocol.callsocket.causes import Cause, cause_of


@pytest.mark.parametrize(
    ("raw_cause", "cause"),
    [
        (0, Cause.NORMAL),
        (301, Cause.FAILED),
        (404, Cause.FAILED),
        (486, Cause.BUSY),
        (500, Cause.FAILED),
        (503, Cause.CONGESTION),
        (900, Cause.FAILED),
        (901, Cause.NUMBER_UNOBTAINABLE),
        (902, Cause.NUMBER_UNOBTAINABLE),
        (903, Cause.OUT_OF_ORDER),
        (904, Cause.OUT_OF_ORDER),
        (905, Cause.OUT_OF_ORDER),
        (1000, Cause.NORMAL),
        (1001, Cause.NORMAL),
        (1005, Cause.NORMAL),
        (1006, Cause.FAILED),
        (1009, Cause.FAILED),
        (4999, Cause.FAILED),
    ],
)
def test_every_raw_cause_has_a_cause(raw_cause: int, cause: Cause) -> None:
    assert cause_of(raw_cause) is cause
