"""Tells of what went wrong in an instance: the REST log, `errs`, the exit status, our own log."""

from dataclasses import dataclass, field

import structlog

from callwright.domain.clock import Clock
from callwright.domain.facts import ErrorReported, FactSink
from callwright.domain.ids import InstanceId
from callwright.domain.invocation import ExitStatus
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault
from callwright.runner.transcript import Transcript

_log = structlog.get_logger()


@dataclass(slots=True)
class FaultReports:
    """One for all calls of an instance."""

    instance_id: InstanceId
    transcript: Transcript
    facts: FactSink
    clock: Clock
    exit_status: int = field(default=ExitStatus.NORMAL, init=False)
    """That of the first fault."""

    def report(self, fault: InstanceFault) -> None:
        """Tell of a fault of the customer's, or of ours."""
        where = f"{fault.action}: " if fault.action else ""
        self.transcript.error(f"{where}{fault.code}: {fault.text}")
        self.facts.tell(
            ErrorReported(self.clock.unix_time(), fault.error_code, f"{where}{fault.text}")
        )
        if self.exit_status == ExitStatus.NORMAL:
            self.exit_status = fault.exit_status

    def bug(self, bug: Exception) -> InstanceFault:
        """Log where our own code failed; what it says may hold a caller's data and stays out."""
        trace = bug.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        _log.error(
            "instance.bug",
            instance_id=self.instance_id,
            error=type(bug).__name__,
            place=place,
        )
        return InstanceFault(
            FaultCode.INTERNAL_ERROR, "an internal error ended the application instance"
        )
