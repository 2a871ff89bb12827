"""`reject`: an inbound call that nobody has answered."""

from typing import Final

from callwright.domain.call_control import CallState
from callwright.protocol.pages.actions import Reject, RejectCause
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.context import ActionContext, EndCall
from callwright.runner.faults import InstanceFault

SIP_STATUSES: Final[dict[RejectCause, int]] = {
    RejectCause.BUSY: 486,
    RejectCause.NO_ANSWER: 480,
    RejectCause.UNOBTAINABLE: 404,
    RejectCause.CHANGED: 410,
    RejectCause.OUT_OF_ORDER: 502,
    RejectCause.BARRED: 403,
    RejectCause.REJECTED: 603,
    RejectCause.NO_CHANNELS: 503,
    RejectCause.CONGESTION: 503,
}
"""How the caller is told (A-76)."""


async def run_reject(action: Reject, context: ActionContext) -> EndCall:
    """Refuse the call; the final page follows.

    Raises:
        InstanceFault: it is not, or no longer, a call that can be refused (A-49).

    """
    if context.call.snapshot().state is not CallState.INBOUND:
        raise InstanceFault(
            FaultCode.INVALID_STATE, "reject needs an inbound call that is not answered yet"
        )
    status = action.raw_cause or SIP_STATUSES[action.cause]
    context.transcript.info(f"the call is rejected with {status}")
    await context.call.reject(status)
    return EndCall()
