"""Drives a menu on a call: what `run_menu` and `run_speech_menu` have in common."""

from typing import assert_never

from callwright.protocol.pages.inputs import Prompting
from callwright.runner.actions.collecting import say_what
from callwright.runner.collector import (
    GaveUp,
    Listen,
    PlayInvalidMessage,
    PlayPrompt,
    PlayTimeoutMessage,
    TakeWaiting,
)
from callwright.runner.context import ActionContext
from callwright.runner.ears import Ears
from callwright.runner.menu import Chosen, Menu, MenuDecision, MenuRules
from callwright.runner.phrases import said_phrase
from callwright.runner.ports import Recognised


async def choose(
    rules: MenuRules, prompting: Prompting, context: ActionContext, ears: Ears
) -> Chosen | None:
    """Ask until an option is chosen; None when the messages are used up."""
    menu = Menu(rules)
    decision = menu.start()
    while True:
        match decision:
            case TakeWaiting():
                decision = _react(menu, rules, await _waiting(context), context.clock.now())
            case Listen():
                heard = await ears.next_input(decision.within)
                decision = _react(menu, rules, heard, context.clock.now())
            case PlayPrompt() | PlayTimeoutMessage() | PlayInvalidMessage():
                await say_what(decision, prompting, context, ears)
                decision = menu.played(context.clock.now())
            case Chosen():
                return decision
            case GaveUp():
                return None
            case _:
                assert_never(decision)


async def _waiting(context: ActionContext) -> str | Recognised | None:
    """Take what was pressed or said ahead, keys first."""
    key = await context.call.next_digit(0.0)
    if key is not None:
        return key
    said, context.said_ahead = context.said_ahead, None
    return said


def _react(
    menu: Menu, rules: MenuRules, heard: str | Recognised | None, now: float
) -> MenuDecision:
    match heard:
        case None:
            return menu.nothing(now)
        case str():
            return menu.key(heard, now)
        case Recognised(is_final=False):
            return menu.speech(now)
        case Recognised():
            texts = [reading.text for reading in heard.readings]
            return menu.phrase(said_phrase(texts, rules.phrases), now)
        case _:
            assert_never(heard)
