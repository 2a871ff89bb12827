"""One side of a call on its way to text: sound in, phrases out, and the use of it told."""

from dataclasses import dataclass
from typing import Final, Self

from callwright.domain.call_control import CallControl, CallIsOver, Side
from callwright.protocol.pages.errors import FaultCode, quoted
from callwright.protocol.pages.inputs import SpeechOptions
from callwright.protocol.pages.media import SpeechModel
from callwright.protocol.pages.results import Alternative, Direction, Phrase
from callwright.runner.concurrency import Inbox, Jobs
from callwright.runner.desk import InstanceDesk
from callwright.runner.faults import InstanceFault
from callwright.runner.ports import (
    NoRecogniser,
    Recognised,
    Recognition,
    RecognitionOrder,
    SpeechFault,
)
from callwright.runner.profanity import without_profanities

MODELS: Final = frozenset({
    "default", "command_and_search", "phone_call", "video", "telephony", "telephony_short",
    "medical_conversation",
})  # fmt: skip
"""Names of models in use (5.4.3); a recogniser maps any of them to one that it has."""

BYTES_A_SECOND: Final = 16_000
"""Of what is heard: 8000 samples of 16 bits."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is listened to, and what for."""

    call: CallControl
    side: Side
    feature_type: str
    """What the use is called in the records."""


class Listening:
    """Recognises what is said until it is closed; one speech stream."""

    def __init__(self, recognition: Recognition, heard: Heard, desk: InstanceDesk) -> None:
        """Feed a recognition; `begin` makes it too."""
        self._recognition = recognition
        self._heard = heard
        self._desk = desk
        self._hearing = heard.call.hear(heard.side)
        self._phrases: Inbox[Recognised] = Inbox()
        self._fault: SpeechFault | None = None
        self._heard_bytes = 0
        self._is_told = False
        self.is_deaf = False
        """Set while what is heard is not meant for us, such as the echo of a prompt."""
        self._jobs = Jobs()
        self._jobs.start(self._feed())
        self._jobs.start(self._collect())

    @classmethod
    async def begin(cls, order: RecognitionOrder, heard: Heard, desk: InstanceDesk) -> Self:
        """Listen from now on.

        Raises:
            InstanceFault: there is no recogniser for this.

        """
        if order.model not in MODELS:
            name = quoted(order.model)
            desk.transcript.warning(f"speech model {name} is not known: another is taken")
        try:
            recognition = await desk.around.recognisers.begin(order)
        except (NoRecogniser, SpeechFault) as fault:
            raise InstanceFault(FaultCode.SPEECH_RECOGNITION_FAILED, str(fault)) from fault
        return cls(recognition, heard, desk)

    async def next_phrase(self) -> Recognised:
        """Wait for the next phrase, or the next state of one; nothing is lost by cancelling.

        Raises:
            CallIsOver: so nothing more is said.
            InstanceFault: the recogniser is gone.

        """
        phrase = await self._phrases.take()
        if phrase is not None:
            return phrase
        cause = self._heard.call.snapshot().cause
        if cause is not None:
            raise CallIsOver(cause)
        text = "the recogniser ended" if self._fault is None else str(self._fault)
        raise InstanceFault(FaultCode.SPEECH_RECOGNITION_FAILED, text)

    async def phrase_or_end(self) -> Recognised | None:
        """Wait for the next phrase; None when all is said, or the recogniser is gone."""
        return await self._phrases.take()

    @property
    def fault(self) -> SpeechFault | None:
        """Why no more phrases come, where it is the recogniser's fault."""
        return self._fault

    def put_back(self, phrase: Recognised) -> None:
        """Give a phrase to the next who asks."""
        self._phrases.waiting.appendleft(phrase)

    def end_of_sound(self) -> None:
        """Hear no more; what was said last is still recognised. The use ends here."""
        self._hearing.close()
        if not self._is_told:
            self._is_told = True
            self._desk.tell_use(
                self._heard.call.snapshot().call_id,
                self._heard.feature_type,
                self._heard.side,
                seconds=self._heard_bytes / BYTES_A_SECOND,
            )

    async def close(self) -> None:
        """Forget everything at once."""
        self.end_of_sound()
        self._recognition.close()
        await self._jobs.end()

    async def _feed(self) -> None:
        while sound := await self._hearing.next_sound():
            if not self.is_deaf:
                self._heard_bytes += len(sound)
                self._recognition.feed(sound)
        self.end_of_sound()
        self._recognition.finish()

    async def _collect(self) -> None:
        try:
            while phrase := await self._recognition.next_phrase():
                self._phrases.put(phrase)
        except SpeechFault as fault:
            self._fault = fault
        finally:
            self._phrases.close()


def recognition_order(
    options: SpeechOptions,
    model: SpeechModel,
    *,
    wants_interim_results: bool = False,
    end_silence: float | None = None,
) -> RecognitionOrder:
    """Hand a page's options to a recogniser."""
    return RecognitionOrder(
        language=model.language,
        model=model.model,
        hints=tuple((word, hint.priority) for hint in options.hints for word in hint.words),
        max_alternatives=options.max_alternatives,
        wants_interim_results=wants_interim_results,
        end_silence=end_silence,
    )


def phrase_of(
    recognised: Recognised, options: SpeechOptions, direction: Direction | None = None
) -> Phrase:
    """Print what was recognised as pages are told: published, which of these an interim one has."""
    texts = [reading.text for reading in recognised.readings]
    if options.filters_profanity:
        texts = [without_profanities(text) for text in texts]
    confidence = recognised.readings[0].confidence if recognised.is_final else None
    return Phrase(
        (Alternative(texts[0], confidence), *(Alternative(text) for text in texts[1:])),
        recognised.is_final,
        stability=None if recognised.is_final else recognised.stability,
        direction=direction,
    )
