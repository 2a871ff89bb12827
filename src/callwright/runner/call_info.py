"""What pages are told of a call: `this_call`, and the items of `dropped_calls`."""

from dataclasses import dataclass
from typing import Final

from callwright.domain.call_control import CallControl
from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_US,
    SOCKET_ENDED_BY_US,
    SOCKET_GIVEN_UP,
    CallCause,
    EndCause,
)
from callwright.domain.far_end import FarEndType
from callwright.protocol.pages.request import CallInfo


@dataclass(slots=True)
class CallNotes:
    """What the runner knows of one call beside what the call itself says."""

    application_parameters: str
    outbound_parameters: str | None = None
    """Of the primary call that a service start made."""
    far_end_type: FarEndType | None = None
    """Once it was classified."""
    recording_filename: str | None = None
    """Once the recording of the whole call has a name (A-24)."""
    was_dropped: bool = False
    """Whether we hung it up because another one was connected."""
    has_failed: bool = False
    """Whether an error ended its flow (A-20)."""


def call_info(call: CallControl, notes: CallNotes) -> CallInfo:
    """Describe a call as it is now."""
    parties, now = call.parties, call.snapshot()
    return CallInfo(
        call_id=now.call_id,
        direction=parties.direction,
        call_from=parties.call_from,
        call_to=parties.call_to,
        call_target=parties.call_target,
        call_state=now.state,
        duration=now.duration,
        application_parameters=notes.application_parameters,
        outbound_parameters=notes.outbound_parameters,
        divert=parties.divert,
        attestation=parties.attestation,
        far_end_type=notes.far_end_type,
        recording_filename=notes.recording_filename,
        sip_headers=parties.sip_headers,
        call_cause=None if now.cause is None else _cause(now.cause, notes),
        call_raw_cause=None if now.cause is None else str(now.cause.raw_cause),
    )


def _cause(cause: EndCause, notes: CallNotes) -> CallCause:
    """Say why we hung up, where it was us; what the far end did stays what it is."""
    if cause not in _OURS:
        return cause.call_cause
    if notes.was_dropped:
        return CallCause.DROPPED
    return CallCause.FAILED if notes.has_failed else cause.call_cause


_OURS: Final = frozenset({HUNG_UP_BY_US, CANCELLED_BY_US, SOCKET_ENDED_BY_US, SOCKET_GIVEN_UP})
"""Ends of calls that we wanted."""
