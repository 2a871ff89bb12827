"""`answer`: of an inbound call; also what actions do first that need somebody to talk to."""

from collections.abc import Sequence

from callwright.domain.call_control import CallState
from callwright.domain.records import CallDirection
from callwright.protocol.pages.actions import AnswerCall
from callwright.runner.context import ActionContext, GoOn


async def run_answer(action: AnswerCall, context: ActionContext) -> GoOn:
    """Answer; a call that is answered already stays so, and an outbound one cannot be."""
    if context.call.parties.direction is not CallDirection.IN:
        context.transcript.warning("answer is ignored: the call is no inbound one")
    elif context.call.snapshot().state is CallState.INBOUND:
        headers = [(header.name, header.value) for header in action.headers]
        await answer_inbound(context, headers)
    return GoOn()


async def answer_inbound(context: ActionContext, headers: Sequence[tuple[str, str]] = ()) -> None:
    """Answer, and begin what begins with an answer."""
    await context.call.answer(headers)
    context.transcript.info("the call is answered")
    context.whole_call.begin_when_answered()
