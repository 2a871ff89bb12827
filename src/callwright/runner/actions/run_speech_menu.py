"""`run_speech_menu`: a key or a phrase selects an option."""

from callwright.domain.call_control import Side
from callwright.protocol.pages.inputs import RunSpeechMenu
from callwright.protocol.pages.results import SpeechMenuChosen
from callwright.runner.actions.choosing import choose
from callwright.runner.context import ActionContext, AskPage, GoOn
from callwright.runner.ears import Ears
from callwright.runner.listening import Heard, Listening
from callwright.runner.menu import MenuRules
from callwright.runner.ports import RecognitionOrder


async def run_speech_menu(action: RunSpeechMenu, context: ActionContext) -> AskPage | GoOn:
    """Ask for a key or a phrase; when the messages are used up the list goes on.

    Raises:
        InstanceFault: there is no recogniser, or no speech stream for it.

    """
    prompting = action.prompting
    rules = MenuRules(
        action.options,
        help_digit=action.help_digit,
        help_word=action.help_word,
        timeout=action.timeout,
        has_prompt=prompting.prompt is not None,
        timeout_messages=len(prompting.timeout_messages),
        invalid_messages=len(prompting.invalid_messages),
    )
    order = RecognitionOrder(
        action.model.language,
        action.model.model,
        phrases=rules.phrases,
        wants_interim_results=True,
    )
    with context.desk.streams.taken(1):
        listening = await Listening.begin(
            order, Heard(context.call, Side.HEARD, "sr_run_speech_menu"), context.desk
        )
        try:
            chosen = await choose(rules, prompting, context, Ears(context.call, listening))
        finally:
            await listening.close()
    if chosen is None:
        return GoOn("no choice")
    option = chosen.option
    digit, word = ("", option.word) if chosen.was_said else (option.digit, "")
    return AskPage(option.next_page, SpeechMenuChosen(digit, word), detail=digit or word)
