"""An honest end for a call that we broke ourselves, by a fault or by dying in the middle of it."""

from callwright.dispatch.fact_log import FactLog
from callwright.domain.causes import FAILED_HERE
from callwright.domain.clock import UnixTime
from callwright.domain.facts import (
    CallOver,
    CallPlaced,
    ErrorReported,
    InstanceStopped,
)
from callwright.domain.invocation import ExitStatus
from callwright.domain.records import ErrorCode


def close_broken(facts: FactLog, text: str, *, at: UnixTime) -> int:
    """Add the facts that are still missing, so that the record is complete and says why."""
    placed = {fact.call_id for fact in facts.facts if isinstance(fact, CallPlaced)}
    over = {fact.call_id for fact in facts.facts if isinstance(fact, CallOver)}
    for call_id in sorted(placed - over):
        facts.tell(CallOver(at=at, call_id=call_id, cause=FAILED_HERE))
    stopped = [fact for fact in facts.facts if isinstance(fact, InstanceStopped)]
    if stopped:
        return stopped[-1].exit_status
    facts.tell(ErrorReported(at=at, code=ErrorCode.INTERNAL, text=text))
    facts.tell(InstanceStopped(at=at, exit_status=ExitStatus.INTERNAL))
    return ExitStatus.INTERNAL
