"""Speech plug-ins: found by entry point, chosen by name, and named when they don't load.

A plug-in is a function that takes a `SpeechSetup` and returns what stands behind a port of the
runner: `runner.ports.Speech`, or `runner.ports.Recognisers`. It is called once, inside the event
loop; what it returns may have `async def stop(self)`, which is called when the server stops.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final, cast

import structlog

from callwright.domain.clock import Clock
from callwright.runner.ports import (
    NoRecogniser,
    Recognisers,
    Recognition,
    RecognitionOrder,
    Speech,
    SpeechFault,
    SpokenText,
)

log: Final = structlog.get_logger()


class SpeechGroup(StrEnum):
    """The entry point groups."""

    TEXT_TO_SPEECH = "callwright.text_to_speech"
    RECOGNITION = "callwright.speech_recognition"


EMBEDDED: Final = {
    SpeechGroup.TEXT_TO_SPEECH: EntryPoint(
        "espeak", "callwright.adapters.speech.espeak:espeak_plug_in", SpeechGroup.TEXT_TO_SPEECH
    ),
    SpeechGroup.RECOGNITION: EntryPoint(
        "pocketsphinx",
        "callwright.adapters.speech.recognisers:pocketsphinx_plug_in",
        SpeechGroup.RECOGNITION,
    ),
}
"""What comes with us, loaded in the same way; also from a checkout that is not installed."""


@dataclass(frozen=True, slots=True)
class SpeechSetup:
    """What a plug-in is told about the installation."""

    folder: Path
    """This node's own, for synthesised speech; may be emptied while no server runs."""
    max_bytes: int
    """The most that may be kept there."""
    clock: Clock
    processes: int = 1
    """The most processes that recognition may use."""


@dataclass(frozen=True, slots=True)
class PlugIn:
    """One that is installed, and what is wrong with it."""

    group: SpeechGroup
    name: str
    place: str
    """Where it comes from: `module:function`."""
    fault: str = ""
    """Empty when it loads."""


TextToSpeechPlugIn = Callable[[SpeechSetup], Speech]
RecognitionPlugIn = Callable[[SpeechSetup], Recognisers]


def installed(group: SpeechGroup) -> list[PlugIn]:
    """Every plug-in of a group, loaded once to see whether it does."""
    return [_examined(group, found) for found in _entry_points(group)]


def open_text_to_speech(name: str, setup: SpeechSetup) -> Speech:
    """Make the text to speech of this name; one that says why not where that fails."""
    try:
        return cast("TextToSpeechPlugIn", _load(SpeechGroup.TEXT_TO_SPEECH, name))(setup)
    except Exception as error:  # noqa: BLE001 - other people's code, which must not stop the server
        return _NoSpeech(_told(SpeechGroup.TEXT_TO_SPEECH, name, error))


def open_recognition(name: str, setup: SpeechSetup) -> Recognisers:
    """Make the recognition of this name; one that says why not where that fails."""
    try:
        return cast("RecognitionPlugIn", _load(SpeechGroup.RECOGNITION, name))(setup)
    except Exception as error:  # noqa: BLE001 - the same
        return _NoRecognisers(_told(SpeechGroup.RECOGNITION, name, error))


async def stop(plug_in: object) -> None:
    """Let a plug-in end what it started."""
    ending = getattr(plug_in, "stop", None)
    if ending is not None:
        await ending()


def _entry_points(group: SpeechGroup) -> list[EntryPoint]:
    """The embedded one first; nobody takes its name."""
    embedded = EMBEDDED[group]
    found = sorted(entry_points(group=group), key=lambda one: one.name)
    return [embedded, *(one for one in found if one.name != embedded.name)]


def _examined(group: SpeechGroup, found: EntryPoint) -> PlugIn:
    try:
        made = found.load()
    except Exception as error:  # noqa: BLE001 - the same
        return PlugIn(group, found.name, found.value, _reason(error))
    fault = "" if callable(made) else "not a function"
    return PlugIn(group, found.name, found.value, fault)


def _load(group: SpeechGroup, name: str) -> object:
    named = {found.name: found for found in _entry_points(group)}
    if name not in named:
        there = ", ".join(named) or "none"
        raise LookupError(f"no plug-in of this name is installed; there are: {there}")
    return named[name].load()


def _told(group: SpeechGroup, name: str, error: Exception) -> str:
    reason = _reason(error)
    log.error("speech.plug_in_failed", group=group.value, plug_in=name, problem=reason)
    return f"the plug-in {name!r} of {group.value} cannot be used: {reason}"


def _reason(error: Exception) -> str:
    text = error.args[0] if isinstance(error, LookupError) and error.args else error
    return f"{type(error).__name__}: {text}"


@dataclass(frozen=True, slots=True)
class _NoSpeech:
    """Stands in for text to speech that could not be loaded."""

    reason: str

    async def say(self, text: str, *, voice: str) -> SpokenText:  # noqa: ARG002 - the port's
        raise SpeechFault(self.reason)


@dataclass(frozen=True, slots=True)
class _NoRecognisers:
    """Stands in for recognition that could not be loaded."""

    reason: str

    async def begin(self, order: RecognitionOrder) -> Recognition:
        raise NoRecogniser(f"speech in {order.language!r} cannot be recognised: {self.reason}")
