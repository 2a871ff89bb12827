"""What is said on a call, told to a page as it is said; at most one of them in an instance."""

from collections.abc import Sequence
from typing import Final, Self

from callwright.domain.call_control import Side
from callwright.protocol.pages.actions import StartTranscription, TranscriptionMode
from callwright.protocol.pages.inputs import SpeechOptions
from callwright.protocol.pages.results import Direction
from callwright.runner.concurrency import Jobs
from callwright.runner.context import ActionContext
from callwright.runner.desk import InstanceDesk
from callwright.runner.listening import Heard, Listening, phrase_of, recognition_order
from callwright.runner.results_feed import ResultsFeed

SIDES: Final[dict[TranscriptionMode, tuple[Side, ...]]] = {
    TranscriptionMode.SEPARATE: (Side.HEARD, Side.SENT),
    TranscriptionMode.MIXED: (Side.MIXED,),
    TranscriptionMode.INBOUND: (Side.HEARD,),
    TranscriptionMode.OUTBOUND: (Side.SENT,),
}
"""One speech stream each."""

_DIRECTIONS: Final = {
    Side.HEARD: Direction.INBOUND,
    Side.SENT: Direction.OUTBOUND,
    Side.MIXED: None,
}


class Transcription:
    """Runs from `begin` until `stop`, or until its call is over."""

    def __init__(
        self,
        listenings: Sequence[tuple[Side, Listening]],
        options: SpeechOptions,
        feed: ResultsFeed,
        desk: InstanceDesk,
    ) -> None:
        """Pass on what these hear; `begin` makes them too."""
        self._listenings = listenings
        self._options = options
        self._feed = feed
        self._desk = desk
        self._is_stopped = False
        desk.jobs.start(self._run())

    @classmethod
    async def begin(cls, action: StartTranscription, context: ActionContext) -> Self:
        """Listen from now on.

        Raises:
            InstanceFault: there are too few speech streams, or no recogniser for this.

        """
        desk, sides = context.desk, SIDES[action.mode]
        desk.streams.take(len(sides))
        listenings: list[tuple[Side, Listening]] = []
        try:
            for side in sides:
                model = action.speech.model_outbound if side is Side.SENT else action.speech.model
                order = recognition_order(
                    action.speech, model, wants_interim_results=action.wants_interim_results
                )
                heard = Heard(context.call, side, "sr_start_transcription")
                listenings.append((side, await Listening.begin(order, heard, desk)))
        except BaseException:
            for _, listening in listenings:
                await listening.close()
            desk.streams.give_back(len(sides))
            raise
        results = ResultsFeed.of(
            action.results_page, "start_transcription", action.transcription_id, context
        )
        return cls(listenings, action.speech, results, desk)

    def stop(self) -> None:
        """Hear no more. What was said until now is still told, the last of it as such."""
        for _, listening in self._listenings:
            listening.end_of_sound()
        if not self._is_stopped:
            self._is_stopped = True
            self._desk.streams.give_back(len(self._listenings))

    async def _run(self) -> None:
        passing = Jobs()
        try:
            for side, listening in self._listenings:
                passing.start(self._pass_on(side, listening))
            await passing.done()
        finally:
            await passing.end()
            self.stop()
            for _, listening in self._listenings:
                await listening.close()
            self._feed.complete()

    async def _pass_on(self, side: Side, listening: Listening) -> None:
        while said := await listening.phrase_or_end():
            self._feed.put(phrase_of(said, self._options, _DIRECTIONS[side]))
        if listening.fault is not None:
            self._desk.transcript.error(f"the transcription ends: {listening.fault}")
