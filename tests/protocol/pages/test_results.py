"""The documented shape of every action's result."""

import pytest

from callwright.protocol.pages.json_text import JsonObject
from callwright.protocol.pages.results import (
    ActionResult,
    Alternative,
    Connected,
    Direction,
    InputTaken,
    Interrupted,
    MenuChosen,
    NumberEntered,
    Phrase,
    RecordingStored,
    SpeechMenuChosen,
    Transcribed,
    action_result,
)

SHAPES: list[tuple[ActionResult, JsonObject]] = [
    (NumberEntered("902"), {"action": "get_number", "result": {"entered_number": "902"}}),
    (NumberEntered(""), {"action": "get_number", "result": {"entered_number": ""}}),
    (InputTaken("1"), {"action": "get_input", "result": {"speech": [], "digits": "1"}}),
    (
        InputTaken(
            "",
            (
                Phrase((Alternative("a refund", 0.914), Alternative("are you fond"))),
                Phrase((Alternative("ple"),), is_final=False, stability=0.5),
            ),
        ),
        {
            "action": "get_input",
            "result": {
                "speech": [
                    {
                        "alternatives": [
                            {"text": "a refund", "confidence": 0.91},
                            {"text": "are you fond"},
                        ],
                        "final": True,
                    },
                    {"alternatives": [{"text": "ple"}], "final": False, "stability": 0.5},
                ],
                "digits": "",
            },
        },
    ),
    (MenuChosen("3"), {"action": "run_menu", "result": {"selected_digit": "3"}}),
    (
        SpeechMenuChosen("", "sales"),
        {"action": "run_speech_menu", "result": {"selected_digit": "", "selected_word": "sales"}},
    ),
    (
        Connected("connect", 12.34),
        {"action": "connect", "result": {"seconds_connected_duration": 12.3}},
    ),
    (
        Transcribed(
            "connect.translator",
            "t1",
            (
                Phrase(
                    (Alternative("Where?", 0.94),),
                    direction=Direction.INBOUND,
                    translation="Où ?",
                ),
            ),
            is_completed=False,
        ),
        {
            "action": "connect.translator",
            "result": {
                "id": "t1",
                "completed": False,
                "transcription": [
                    {
                        "alternatives": [{"text": "Where?", "confidence": 0.94}],
                        "final": True,
                        "direction": "inbound",
                        "translation": "Où ?",
                    }
                ],
            },
        },
    ),
    (Interrupted("sleep"), {"action": "sleep", "interrupted": True}),
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
