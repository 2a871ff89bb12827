"""Recognition and translation by script; obey `runner.ports.Recognisers` and `Translators`."""

from dataclasses import dataclass, field

from callwright.runner.concurrency import Inbox
from callwright.runner.ports import (
    NoRecogniser,
    Reading,
    Recognised,
    RecognitionOrder,
    SpeechFault,
    TranslationFault,
)
from tests.sim.hearing import said_in

CRASH = "the recogniser crashes"
"""Said on a call, it is the last that is recognised."""


@dataclass(slots=True)
class ScriptedRecognition:
    """Reads the texts that a `ScriptedHearing` put into its sound."""

    order: RecognitionOrder
    _phrases: Inbox[Recognised] = field(default_factory=Inbox, init=False)
    _is_broken: bool = field(default=False, init=False)
    is_closed: bool = field(default=False, init=False)

    def feed(self, sound: bytes) -> None:
        text = said_in(sound)
        if text == CRASH:
            self._is_broken = True
            self._phrases.close()
        elif text.startswith("~"):
            if self.order.wants_interim_results:
                self._phrases.put(_recognised(text[1:], is_final=False))
        elif text:
            self._phrases.put(_recognised(text, is_final=True))

    def finish(self) -> None:
        self._phrases.close()

    async def next_phrase(self) -> Recognised | None:
        phrase = await self._phrases.take()
        if phrase is None and self._is_broken:
            raise SpeechFault("the recogniser is gone")
        return phrase

    def close(self) -> None:
        self.is_closed = True
        self._phrases.waiting.clear()
        self._phrases.close()


@dataclass(slots=True)
class ScriptedRecognisers:
    """Understand English."""

    begun: list[ScriptedRecognition] = field(default_factory=list)

    async def begin(self, order: RecognitionOrder) -> ScriptedRecognition:
        if not order.language.startswith("en"):
            raise NoRecogniser(f"speech in {order.language!r} cannot be recognised here")
        self.begun.append(ScriptedRecognition(order))
        return self.begun[-1]


@dataclass(slots=True)
class ScriptedTranslators:
    """Turn a text round; know no Welsh."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def translate(self, text: str, *, source: str, target: str) -> str:
        self.asked.append((text, source, target))
        if target == "cy":
            raise TranslationFault("there is no translation into 'cy'")
        return text[::-1]


def _recognised(text: str, *, is_final: bool) -> Recognised:
    first, *others = text.split("|")
    readings = (Reading(first, 0.9), *(Reading(other, 0.5) for other in others))
    return Recognised(readings, is_final, stability=1.0 if is_final else 0.7)
