"""`run_menu`: one key selects an option."""

from callwright.protocol.pages.inputs import RunMenu
from callwright.protocol.pages.results import MenuChosen
from callwright.runner.actions.choosing import choose
from callwright.runner.context import ActionContext, AskPage, GoOn
from callwright.runner.ears import Ears
from callwright.runner.menu import MenuRules


async def run_menu(action: RunMenu, context: ActionContext) -> AskPage | GoOn:
    """Ask for a key; when the messages are used up the list goes on."""
    prompting = action.prompting
    rules = MenuRules(
        action.options,
        help_digit=action.help_digit,
        help_word="",
        timeout=action.timeout,
        has_prompt=prompting.prompt is not None,
        timeout_messages=len(prompting.timeout_messages),
        invalid_messages=len(prompting.invalid_messages),
    )
    chosen = await choose(rules, prompting, context, Ears(context.call))
    if chosen is None:
        return GoOn("no choice")
    option = chosen.option
    return AskPage(option.next_page, MenuChosen(option.digit), detail=option.digit)
