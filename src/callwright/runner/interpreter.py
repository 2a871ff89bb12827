"""Runs a list of actions, each by its handler, until one of them asks for something else."""

from collections.abc import Sequence
from typing import Final, assert_never

from callwright.domain.call_control import CallIsOver, CallState
from callwright.domain.facts import ActionEnded, ActionStarted
from callwright.protocol.pages.actions import (
    Action,
    AnswerCall,
    DeleteFile,
    HangUp,
    ReceiveFax,
    Record,
    Redirect,
    Reject,
    SendFax,
    Sleep,
    StartTranscription,
    StopTranscription,
    wire_name,
)
from callwright.protocol.pages.connecting import Connect, ConnectToConference
from callwright.protocol.pages.inputs import GetInput, GetNumber, RunMenu, RunSpeechMenu
from callwright.protocol.pages.media import Play
from callwright.runner.actions.answer import answer_inbound, run_answer
from callwright.runner.actions.connect import run_connect
from callwright.runner.actions.connect_to_conference import run_connect_to_conference
from callwright.runner.actions.delete_file import run_delete_file
from callwright.runner.actions.get_input import run_get_input
from callwright.runner.actions.get_number import run_get_number
from callwright.runner.actions.hang_up import run_hang_up
from callwright.runner.actions.play import run_play
from callwright.runner.actions.receive_fax import run_receive_fax
from callwright.runner.actions.record import run_record
from callwright.runner.actions.redirect import run_redirect
from callwright.runner.actions.reject import run_reject
from callwright.runner.actions.run_menu import run_menu
from callwright.runner.actions.run_speech_menu import run_speech_menu
from callwright.runner.actions.send_fax import run_send_fax
from callwright.runner.actions.sleep import run_sleep
from callwright.runner.actions.start_transcription import run_start_transcription
from callwright.runner.actions.stop_transcription import run_stop_transcription
from callwright.runner.captions import caption
from callwright.runner.context import ActionContext, EndCall, GoOn, HandlerOutcome
from callwright.runner.faults import InstanceFault

TAKES_AHEAD: Final = (Play, GetNumber, GetInput, RunMenu, RunSpeechMenu)
"""What was pressed or said ahead lives from one of these to the next; any other action drops it
(A-31)."""

ANSWERS: Final = (
    Play,
    GetInput,
    GetNumber,
    RunMenu,
    RunSpeechMenu,
    Record,
    Connect,
    ConnectToConference,
    SendFax,
    ReceiveFax,
    StartTranscription,
)
"""They interact with a caller, whose call they answer therefore (A-03)."""


async def run_list(actions: Sequence[Action], context: ActionContext) -> HandlerOutcome:
    """Run actions in order; `GoOn` when none is left.

    Raises:
        CallIsOver: the call ended meanwhile.
        InstanceFault: an action failed; it is named.

    """
    for action in actions:
        cause = context.call.snapshot().cause
        if cause is not None:
            raise CallIsOver(cause)
        outcome = await _run(action, context)
        if not isinstance(outcome, GoOn):
            return outcome
    return GoOn()


async def _run(action: Action, context: ActionContext) -> HandlerOutcome:
    name, about = wire_name(action), caption(action)
    context.transcript.info(f"action {name}{context.whose} started{': ' if about else ''}{about}")
    context.facts.tell(ActionStarted(context.clock.unix_time(), name, about))
    if not isinstance(action, TAKES_AHEAD):
        context.call.drop_digits()
        context.said_ahead = None
    started_at = context.clock.now()
    context.action = name
    try:
        if isinstance(action, ANSWERS):
            await _open_sound(context)
        outcome = await _handle(action, context)
    except InstanceFault as fault:
        fault.action = fault.action or name
        _tell_end(name, "failed", fault.text, context)
        raise
    except CallIsOver:
        _tell_end(name, "stopped", "the call ended", context)
        raise
    except BaseException:
        _tell_end(name, "stopped", "", context)
        raise
    finally:
        context.action = ""
    context.guard.note_action(context.clock.now() - started_at)
    _tell_end(name, "ended", "" if isinstance(outcome, EndCall) else outcome.detail, context)
    return outcome


async def _open_sound(context: ActionContext) -> None:
    """Answer an inbound call; with early media it is the application that answers."""
    if context.call.snapshot().state is not CallState.INBOUND:
        return
    if context.instance.has_early_media:
        await context.call.open_early_media()
    else:
        await answer_inbound(context)


async def _handle(  # noqa: C901, PLR0911, PLR0912 - a table: one arm an action, and no logic
    action: Action, context: ActionContext
) -> HandlerOutcome:
    match action:
        case Play():
            return await run_play(action, context)
        case GetNumber():
            return await run_get_number(action, context)
        case GetInput():
            return await run_get_input(action, context)
        case RunMenu():
            return await run_menu(action, context)
        case RunSpeechMenu():
            return await run_speech_menu(action, context)
        case Record():
            return await run_record(action, context)
        case Connect():
            return await run_connect(action, context)
        case ConnectToConference():
            return await run_connect_to_conference(action, context)
        case AnswerCall():
            return await run_answer(action, context)
        case Reject():
            return await run_reject(action, context)
        case StartTranscription():
            return await run_start_transcription(action, context)
        case StopTranscription():
            return run_stop_transcription(context)
        case Redirect():
            return run_redirect(action)
        case Sleep():
            return await run_sleep(action, context)
        case DeleteFile():
            return run_delete_file(action, context)
        case HangUp():
            return run_hang_up()
        case SendFax():
            return run_send_fax()
        case ReceiveFax():
            return run_receive_fax()
        case _:
            assert_never(action)


def _tell_end(name: str, how: str, detail: str, context: ActionContext) -> None:
    # The detail may be what a caller entered: for the facts, not for the log.
    context.transcript.info(f"action {name}{context.whose} {how}")
    context.facts.tell(ActionEnded(context.clock.unix_time(), name, detail))
