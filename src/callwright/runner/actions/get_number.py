"""`get_number`: a number from the keypad."""

from callwright.protocol.pages.inputs import GetNumber
from callwright.protocol.pages.results import NumberEntered
from callwright.runner.actions.collecting import collector_of, drive, say_what
from callwright.runner.context import ActionContext, AskPage, GoOn
from callwright.runner.ears import Ears


async def run_get_number(action: GetNumber, context: ActionContext) -> AskPage | GoOn:
    """Collect; the end digit alone is a number without digits."""
    collector = collector_of(action.rules, action.prompting, accepts_nothing=True)
    digits = await drive(
        collector,
        context.call,
        context.clock,
        lambda what: say_what(what, action.prompting, context, Ears(context.call)),
    )
    if digits is None:
        return GoOn("no number")
    return AskPage(action.next_page, NumberEntered(digits), detail=digits)
