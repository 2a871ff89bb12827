"""What an action came to, as the next page is told: `action_result`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from callwright.protocol.pages.json_text import JsonObject
from callwright.protocol.pages.wire_names import (
    INTERRUPTED,
    RESULT_DIGIT,
    RESULT_DIGITS,
    RESULT_RECORDING_ID,
    RESULT_SPEECH,
    RESULT_TRANSLATION,
    RESULT_WORD,
)


class Direction(StrEnum):
    """Which side of a call spoke."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reading of what was said."""

    text: str
    confidence: float | None = None
    """0 to 1; of the first reading of a final phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that was said, best reading first."""

    alternatives: tuple[Alternative, ...]
    is_final: bool = True
    stability: float | None = None
    """0 to 1, of an interim phrase: how unlikely a change is."""
    direction: Direction | None = None
    """None where both sides are heard as one."""
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class NumberEntered:
    """Of `get_number`: the digits, without the end digit."""

    digits: str


@dataclass(frozen=True, slots=True)
class InputTaken:
    """Of `get_input`: the digits, without the end digit, or what was said."""

    digits: str
    speech: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingStored:
    """Of `record`; also what `recording_available_page` is told."""

    recording_id: str
    filename: str
    contains_sound: bool
    duration: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class MenuChosen:
    """Of `run_menu`: the key of the option."""

    digit: str


@dataclass(frozen=True, slots=True)
class SpeechMenuChosen:
    """Of `run_speech_menu`: the key or the phrase of the option; the other is empty."""

    digit: str
    word: str


@dataclass(frozen=True, slots=True)
class Connected:
    """Of `connect` and `connect_to_conference`."""

    action: str
    duration: float
    """Seconds that the calls were joined."""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """Of a transcription or a translator, for its results page."""

    action: str
    """`start_transcription` or `connect.translator`."""
    transcription_id: str
    phrases: tuple[Phrase, ...]
    is_completed: bool


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An action that was interrupted from outside: it has no result (A-26)."""

    action: str


ActionResult: TypeAlias = (
    NumberEntered
    | InputTaken
    | MenuChosen
    | SpeechMenuChosen
    | RecordingStored
    | Connected
    | Transcribed
    | Interrupted
)


def action_result(result: ActionResult) -> JsonObject:
    """Print the value of `action_result`."""
    match result:
        case NumberEntered():
            return {"action": "get_number", "result": {"entered_number": result.digits}}
        case InputTaken():
            taken: JsonObject = {
                RESULT_SPEECH.name: [_phrase(phrase) for phrase in result.speech],
                RESULT_DIGITS.name: result.digits,
            }
            return {"action": "get_input", "result": taken}
        case MenuChosen():
            return {"action": "run_menu", "result": {RESULT_DIGIT.name: result.digit}}
        case SpeechMenuChosen():
            chosen: JsonObject = {RESULT_DIGIT.name: result.digit, RESULT_WORD.name: result.word}
            return {"action": "run_speech_menu", "result": chosen}
        case RecordingStored():
            return {"action": "record", "result": _recording(result)}
        case Connected():
            seconds = round(result.duration, 1)
            return {"action": result.action, "result": {"seconds_connected_duration": seconds}}
        case Transcribed():
            return {"action": result.action, "result": _transcription(result)}
        case Interrupted():
            return {"action": result.action, INTERRUPTED.name: True}
        case _:
            assert_never(result)


def _recording(stored: RecordingStored) -> JsonObject:
    return {
        RESULT_RECORDING_ID.name: stored.recording_id,
        "filename": stored.filename,
        "contains_sound": stored.contains_sound,
        "seconds_duration": round(stored.duration, 1),
    }


def _transcription(told: Transcribed) -> JsonObject:
    return {
        "id": told.transcription_id,
        "completed": told.is_completed,
        "transcription": [_phrase(phrase) for phrase in told.phrases],
    }


def _phrase(phrase: Phrase) -> JsonObject:
    document: JsonObject = {
        "alternatives": [_alternative(reading) for reading in phrase.alternatives],
        "final": phrase.is_final,
    }
    if phrase.stability is not None:
        document["stability"] = round(phrase.stability, 2)
    if phrase.direction is not None:
        document["direction"] = str(phrase.direction)
    if phrase.translation is not None:
        document[RESULT_TRANSLATION.name] = phrase.translation
    return document


def _alternative(reading: Alternative) -> JsonObject:
    if reading.confidence is None:
        return {"text": reading.text}
    return {"text": reading.text, "confidence": round(reading.confidence, 2)}
