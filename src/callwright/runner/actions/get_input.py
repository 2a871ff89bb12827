"""`get_input`: speech or digits. This release has no recogniser and takes digits only."""

from callwright.protocol.pages.actions import GetInput, SpeechInputMode
from callwright.protocol.pages.results import InputTaken
from callwright.runner.actions.collecting import collect_digits
from callwright.runner.actions.play import play_media
from callwright.runner.context import ActionContext, AskPage, GoOn


async def run_get_input(action: GetInput, context: ActionContext) -> AskPage | GoOn:
    """Collect; without any digit there is no input and no next page."""
    if action.speech_input_mode is not SpeechInputMode.DISABLED:
        context.transcript.warning("no speech recogniser is enabled: only digits are taken")
    if not action.takes_digits:
        await _wait_in_vain(action, context)
        return GoOn("no input")
    digits = await collect_digits(action.rules, action.prompting, context, accepts_nothing=False)
    if digits is None:
        return GoOn("no input")
    return AskPage(action.next_page, InputTaken(digits), detail=digits)


async def _wait_in_vain(action: GetInput, context: ActionContext) -> None:
    """Speech alone was asked for: take the time that a caller who says nothing would take."""
    if action.prompting.prompt is not None:
        await play_media(action.prompting.prompt, context)
    for message in action.prompting.timeout_messages if action.rules.timeout else ():
        await context.call.pause(action.rules.timeout)
        await play_media(message, context)
    await context.call.pause(action.rules.timeout)
