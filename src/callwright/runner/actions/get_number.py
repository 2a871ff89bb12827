"""`get_number`: a number from the keypad."""

from callwright.protocol.pages.actions import GetNumber
from callwright.protocol.pages.results import NumberEntered
from callwright.runner.actions.collecting import collect_digits
from callwright.runner.context import ActionContext, AskPage, GoOn


async def run_get_number(action: GetNumber, context: ActionContext) -> AskPage | GoOn:
    """Collect; the end digit alone is a number without digits."""
    digits = await collect_digits(action.rules, action.prompting, context, accepts_nothing=True)
    if digits is None:
        return GoOn("no number")
    return AskPage(action.next_page, NumberEntered(digits), detail=digits)
