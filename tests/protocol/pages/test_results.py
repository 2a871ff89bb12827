"""The documented shape of every action's result."""

import pytest

from callwright.protocol.pages.json_text import JsonObject
from callwright.protocol.pages.results import (
    ActionResult,
    InputTaken,
    NumberEntered,
    RecordingStored,
    action_result,
)

SHAPES: list[tuple[ActionResult, JsonObject]] = [
    (NumberEntered("902"), {"action": "get_number", "result": {"entered_number": "902"}}),
    (NumberEntered(""), {"action": "get_number", "result": {"entered_number": ""}}),
    (InputTaken("1"), {"action": "get_input", "result": {"speech": [], "digits": "1"}}),
    (
        RecordingStored("", "a.wav", contains_sound=False, duration=0.0),
        {
            "action": "record",
            "result": {
                "id": "",
                "filename": "a.wav",
                "contains_sound": False,
                "seconds_duration": 0.0,
            },
        },
    ),
]


@pytest.mark.parametrize(("result", "shape"), SHAPES)
def test_prints_the_documented_shape(result: ActionResult, shape: JsonObject) -> None:
    assert action_result(result) == shape
