"""Live translation between two joined calls: what one says, the other hears in its language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from callwright.domain.call_control import CallControl, CallIsOver, MediaFault, Side, SoundFile
from callwright.domain.facts import SpeechUsed
from callwright.protocol.pages.connecting import Translation, Translator
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.results import Direction
from callwright.runner.concurrency import Jobs, Work
from callwright.runner.context import ActionContext
from callwright.runner.faults import InstanceFault
from callwright.runner.listening import Heard, Listening, phrase_of, recognition_order
from callwright.runner.ports import (
    Recognised,
    SpeechFault,
    TranslationFault,
    Translators,
)
from callwright.runner.results_feed import ResultsFeed

STREAMS: Final = 2
"""Published: one for each call."""

_RESULT: Final = "connect.translator"

Joined = Callable[[CallControl], Work[object]]
"""What to wait for while the primary call is joined to this one."""


@contextmanager
def translating(translator: Translator | None, context: ActionContext) -> Iterator[Joined]:
    """Reserve what a translator needs, before anybody is called.

    Raises:
        InstanceFault: no translator is installed, or there are too few speech streams.

    """
    if translator is None:
        yield lambda secondary: secondary.over()
        return
    translators = context.desk.around.translators
    if translators is None:
        raise InstanceFault(
            FaultCode.TRANSLATION_FAILED, "calls cannot be translated: no translator is installed"
        )
    with context.desk.streams.taken(STREAMS):
        yield lambda secondary: _translate(translator, translators, context, secondary)


async def _translate(
    translator: Translator, translators: Translators, context: ActionContext, secondary: CallControl
) -> None:
    feed = ResultsFeed.of(translator.results_page, _RESULT, translator.translator_id, context)
    there = (context.call, secondary, translator.primary, Direction.INBOUND)
    back = (secondary, context.call, translator.secondary, Direction.OUTBOUND)
    jobs = Jobs()
    try:
        for speaker, listener, how, direction in (there, back):
            side = _Interpreter(speaker, listener, how, direction, translators, context, feed)
            jobs.start(side.run())
        await secondary.over()
    finally:
        await jobs.end()
        feed.complete()


@dataclass(slots=True)
class _Interpreter:
    """Says to one call what is said on the other."""

    speaker: CallControl
    listener: CallControl
    how: Translation
    direction: Direction
    """As the results say it: `inbound` is what the primary call's far end said."""
    translators: Translators
    context: ActionContext
    feed: ResultsFeed

    async def run(self) -> None:
        """Go on until it is cancelled or one of the calls is over; faults are told in the log."""
        order = recognition_order(self.how.speech, self.how.speech.model)
        heard = Heard(self.speaker, Side.HEARD, "ct_connect_translator")
        try:
            listening = await Listening.begin(order, heard, self.context.desk)
            try:
                while said := await listening.phrase_or_end():
                    await self._pass_on(said)
            finally:
                await listening.close()
        except CallIsOver:
            return
        except InstanceFault as fault:
            self.context.desk.reports.report(fault)

    async def _pass_on(self, said: Recognised) -> None:
        phrase = phrase_of(said, self.how.speech, self.direction)
        try:
            translated = await self.translators.translate(
                # What is filtered is not said to the other in his language either.
                phrase.alternatives[0].text,
                source=self.how.speech.model.language,
                target=self.how.language,
            )
            self.feed.put(replace(phrase, translation=translated))
            await self._say(translated)
        except (TranslationFault, SpeechFault, MediaFault) as fault:
            self.context.transcript.warning(f"a phrase is not translated: {fault}")

    async def _say(self, text: str) -> None:
        around = self.context.desk.around
        voice = self.how.voice or self.context.instance.application.tts_voice
        spoken = await around.speech.say(text, voice=voice)
        self.context.facts.tell(SpeechUsed(around.clock.unix_time(), spoken.seconds))
        await self.listener.play([SoundFile(spoken.path)], barge_in_on_digit=False)
