"""What an action came to, as the next page is told: `action_result`."""

from dataclasses import dataclass
from typing import TypeAlias

from callwright.protocol.pages.json_text import JsonObject
from callwright.protocol.pages.wire_names import (
    RESULT_DIGITS,
    RESULT_RECORDING_ID,
    RESULT_SPEECH,
)


@dataclass(frozen=True, slots=True)
class NumberEntered:
    """Of `get_number`: the digits, without the end digit."""

    digits: str


@dataclass(frozen=True, slots=True)
class InputTaken:
    """Of `get_input`: the digits, without the end digit."""

    digits: str


@dataclass(frozen=True, slots=True)
class RecordingStored:
    """Of `record`; also what `recording_available_page` is told."""

    recording_id: str
    filename: str
    contains_sound: bool
    duration: float
    """Seconds."""


ActionResult: TypeAlias = NumberEntered | InputTaken | RecordingStored


def action_result(result: ActionResult) -> JsonObject:
    """Print the value of `action_result`."""
    match result:
        case NumberEntered():
            return {"action": "get_number", "result": {"entered_number": result.digits}}
        case InputTaken():
            taken: JsonObject = {RESULT_SPEECH.name: [], RESULT_DIGITS.name: result.digits}
            return {"action": "get_input", "result": taken}
        case RecordingStored():
            stored: JsonObject = {
                RESULT_RECORDING_ID.name: result.recording_id,
                "filename": result.filename,
                "contains_sound": result.contains_sound,
                "seconds_duration": round(result.duration, 1),
            }
            return {"action": "record", "result": stored}
