"""Everything that can end the work of one instance, and what is said of it where.

- `InstanceFault`: a page or an action failed; the error page, the REST log and `errs` are told
"""

from typing import Final

from callwright.domain.errors import RemoteFault
from callwright.domain.invocation import ExitStatus
from callwright.domain.records import ErrorCode
from callwright.protocol.pages.errors import FaultCode


class InstanceFault(RemoteFault):
    """An error of section 8 of the page protocol: what failed, and a text for the customer."""

    def __init__(self, code: FaultCode, text: str, *, action: str = "") -> None:
        """Name the action that failed; empty when it was none."""
        super().__init__(text)
        self.code = code
        self.text = text
        self.action = action

    @property
    def error_code(self) -> ErrorCode:
        """The code of the error report (A-74)."""
        return _REPORTS.get(self.code, _ACTION_FAILED)[0]

    @property
    def exit_status(self) -> int:
        """What the instance returns when this is the first that went wrong."""
        return _REPORTS.get(self.code, _ACTION_FAILED)[1]


_ACTION_FAILED: Final = (ErrorCode.ACTION_FAILED, ExitStatus.INVALID_ACTIONS)

_REPORTS: Final = {
    FaultCode.PAGE_REQUEST_FAILED: (ErrorCode.PAGE_REQUEST_FAILED, ExitStatus.PAGE_ERROR),
    FaultCode.INVALID_RESPONSE: (ErrorCode.INVALID_RESPONSE, ExitStatus.INVALID_ACTIONS),
    FaultCode.UNKNOWN_ACTION: (ErrorCode.INVALID_RESPONSE, ExitStatus.INVALID_ACTIONS),
    FaultCode.API_VERSION_MISMATCH: (ErrorCode.API_VERSION_MISMATCH, ExitStatus.INVALID_ACTIONS),
    FaultCode.NO_CHANNELS: (ErrorCode.NO_CHANNELS, ExitStatus.INVALID_ACTIONS),
    FaultCode.NO_SPEECH_STREAMS: (ErrorCode.NO_SPEECH_STREAMS, ExitStatus.INVALID_ACTIONS),
    FaultCode.INTERNAL_ERROR: (ErrorCode.INTERNAL, ExitStatus.INTERNAL),
}
"""Codes that are not here are an action's: 2104."""
