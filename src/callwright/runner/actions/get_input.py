"""`get_input`: speech or digits, whichever comes first."""

from callwright.domain.call_control import Side
from callwright.protocol.pages.inputs import GetInput, SpeechInputMode
from callwright.protocol.pages.results import InputTaken
from callwright.runner.actions.collecting import collector_of, drive_ears, say_what
from callwright.runner.context import ActionContext, AskPage, GoOn
from callwright.runner.ears import Ears
from callwright.runner.listening import Heard, Listening, phrase_of, recognition_order
from callwright.runner.ports import Recognised


async def run_get_input(action: GetInput, context: ActionContext) -> AskPage | GoOn:
    """Take what comes; without any there is no next page.

    Raises:
        InstanceFault: there is no recogniser, or no speech stream for it.

    """
    if action.speech_input_mode is SpeechInputMode.DISABLED:
        return await _take(action, context, Ears(context.call))
    with context.desk.streams.taken(1):
        if (ahead := context.said_ahead) is not None:
            context.said_ahead = None
            return _outcome(action, ahead)
        listening = await _listen(action, context)
        try:
            return await _take(action, context, Ears(context.call, listening))
        finally:
            await listening.close()


async def _listen(action: GetInput, context: ActionContext) -> Listening:
    is_timed = action.speech_input_mode is SpeechInputMode.TIMEOUT
    order = recognition_order(
        action.speech,
        action.speech.model,
        wants_interim_results=True,
        end_silence=action.inter_speech_timeout if is_timed else None,
    )
    return await Listening.begin(
        order, Heard(context.call, Side.HEARD, "sr_get_input"), context.desk
    )


async def _take(action: GetInput, context: ActionContext, ears: Ears) -> AskPage | GoOn:
    taken = await drive_ears(
        collector_of(action.rules, action.prompting, accepts_nothing=False),
        ears,
        context.clock,
        lambda what: say_what(what, action.prompting, context, ears),
        takes_digits=action.takes_digits,
    )
    return GoOn("no input") if taken is None else _outcome(action, taken)


def _outcome(action: GetInput, taken: str | Recognised) -> AskPage:
    if isinstance(taken, str):
        return AskPage(action.next_page, InputTaken(taken), detail=taken)
    said = phrase_of(taken, action.speech)
    return AskPage(action.next_page, InputTaken("", (said,)), detail=said.alternatives[0].text)
