"""Runs a list of actions, each by its handler, until one of them asks for something else."""

from collections.abc import Sequence
from typing import Final, assert_never

from callwright.domain.call_control import CallIsOver
from callwright.domain.facts import ActionEnded, ActionStarted
from callwright.protocol.pages.actions import (
    Action,
    GetInput,
    GetNumber,
    HangUp,
    Play,
    Record,
    Redirect,
    Sleep,
    Unsupported,
    wire_name,
)
from callwright.runner.actions.get_input import run_get_input
from callwright.runner.actions.get_number import run_get_number
from callwright.runner.actions.hang_up import run_hang_up
from callwright.runner.actions.play import run_play
from callwright.runner.actions.record import run_record
from callwright.runner.actions.redirect import run_redirect
from callwright.runner.actions.sleep import run_sleep
from callwright.runner.actions.unsupported import run_unsupported
from callwright.runner.captions import caption
from callwright.runner.context import ActionContext, AskPage, EndCall, GoOn, HandlerOutcome
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import RedirectGuard

KEEPS_WAITING_KEYS: Final = (Play, GetNumber, GetInput)
"""Keys pressed ahead live from one of these to the next; any other action drops them (A-31)."""


async def run_list(
    actions: Sequence[Action], context: ActionContext, guard: RedirectGuard
) -> AskPage | None:
    """Run actions in order; None when the call is to be ended, since none is left or one says so.

    Raises:
        CallIsOver: the call ended meanwhile.
        InstanceFault: an action failed; it is named.

    """
    for action in actions:
        cause = context.call.snapshot().cause
        if cause is not None:
            raise CallIsOver(cause)
        match await _run(action, context, guard):
            case GoOn():
                continue
            case AskPage() as ask:
                return ask
            case EndCall():
                return None
    return None


async def _run(action: Action, context: ActionContext, guard: RedirectGuard) -> HandlerOutcome:
    name, about = wire_name(action), caption(action)
    context.transcript.info(f"action {name} started{': ' if about else ''}{about}")
    context.facts.tell(ActionStarted(context.clock.unix_time(), name, about))
    if not isinstance(action, KEEPS_WAITING_KEYS):
        context.call.drop_digits()
    started_at = context.clock.now()
    try:
        outcome = await _handle(action, context)
    except InstanceFault as fault:
        fault.action = name
        _tell_end(name, "failed", fault.text, context)
        raise
    except CallIsOver:
        _tell_end(name, "stopped", "the call ended", context)
        raise
    guard.note_action(context.clock.now() - started_at)
    _tell_end(name, "ended", "" if isinstance(outcome, EndCall) else outcome.detail, context)
    return outcome


async def _handle(action: Action, context: ActionContext) -> HandlerOutcome:
    match action:
        case Play():
            return await run_play(action, context)
        case GetNumber():
            return await run_get_number(action, context)
        case GetInput():
            return await run_get_input(action, context)
        case Record():
            return await run_record(action, context)
        case Redirect():
            return run_redirect(action)
        case Sleep():
            return await run_sleep(action, context)
        case HangUp():
            return run_hang_up()
        case Unsupported():
            return run_unsupported(action)
        case _:
            assert_never(action)


def _tell_end(name: str, how: str, detail: str, context: ActionContext) -> None:
    # The detail may be what a caller entered: for the facts, not for the log.
    context.transcript.info(f"action {name} {how}")
    context.facts.tell(ActionEnded(context.clock.unix_time(), name, detail))
