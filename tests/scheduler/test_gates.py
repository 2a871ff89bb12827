"""Gates: their order, and the answer ratio's hold and probe."""

from datetime import time

import pytest

from callwright.domain.callback import CallbackQueue, CallbackQueueId, ExtensionId, Gate, IntervalId
from callwright.domain.calling_window import CallingWindow, WindowCondition
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.gates import AnswerRatio, AsrRule, shut_gate

NOON = UnixTime(12 * 3600.0)
OPEN = CallingWindow(IntervalId(1), AccountId(1), "open", "UTC", (WindowCondition(),))
NIGHT = CallingWindow(
    IntervalId(2), AccountId(1), "night", "UTC", (WindowCondition(times=(time(0), time(6))),)
)
QUEUE = CallbackQueue(CallbackQueueId(1), AccountId(1), "", "", True, 2, None, NOON)
EXTENSION = ExtensionId(200)


@pytest.mark.parametrize(
    ("window", "executed", "is_held", "expected"),
    [
        (None, 0, False, None),
        (OPEN, 1, False, None),
        (NIGHT, 2, True, Gate.INTERVAL),
        (OPEN, 2, True, Gate.ASR),
        (None, 2, False, Gate.CONCURRENT_TASK),
        (None, 3, False, Gate.CONCURRENT_TASK),
    ],
)
def test_the_first_shut_gate_is_named(
    window: CallingWindow | None, executed: int, *, is_held: bool, expected: Gate | None
) -> None:
    assert shut_gate(QUEUE, window, executed=executed, is_held=is_held, at=NOON) == expected


def test_too_few_answers_hold_an_extension_until_a_probe_is_answered() -> None:
    ratio = AnswerRatio(AsrRule(attempts=4, minimum_share=0.5, hold=60))
    for answered in (True, False, False):
        ratio.note(EXTENSION, answered=answered, at=NOON)
    assert not ratio.holds(EXTENSION, at=NOON), "three are not judged"
    ratio.note(EXTENSION, answered=False, at=NOON)
    assert ratio.holds(EXTENSION, at=UnixTime(NOON + 59))
    assert not ratio.holds(ExtensionId(201), at=NOON)
    probe = UnixTime(NOON + 60)
    assert not ratio.holds(EXTENSION, at=probe)
    ratio.begins(EXTENSION, at=probe)
    assert ratio.holds(EXTENSION, at=probe), "one probe at a time"
    for _ in range(2):
        ratio.note(EXTENSION, answered=True, at=probe)
    assert not ratio.holds(EXTENSION, at=probe)


def test_without_a_rule_nothing_is_held() -> None:
    ratio = AnswerRatio(None)
    for _ in range(100):
        ratio.note(EXTENSION, answered=False, at=NOON)
    assert not ratio.holds(EXTENSION, at=NOON)
