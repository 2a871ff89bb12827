"""Two calls that hear each other, until one of them is over."""

from callwright.domain.call_control import CallControl, MediaFault
from callwright.domain.clock import Clock
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.concurrency import Work, beside
from callwright.runner.faults import InstanceFault
from callwright.runner.hold_media import until_over


def join(primary: CallControl, secondary: CallControl) -> None:
    """Let them hear each other.

    Raises:
        InstanceFault: their sound cannot be brought together, which is a fault of ours.

    """
    try:
        primary.join(secondary)
    except MediaFault as fault:
        raise InstanceFault(FaultCode.INTERNAL_ERROR, str(fault)) from fault


async def stay_joined(primary: CallControl, until: Work[object], clock: Clock) -> float:
    """Leave two calls joined until something happens; return how many seconds that took.

    Raises:
        CallIsOver: the primary call ended first.

    """
    joined_at = clock.now()
    try:
        await beside(until, until_over(primary))
    finally:
        primary.part()
    return clock.now() - joined_at
