"""Calls as the web services show them (section 11.2)."""

from collections.abc import Mapping
from typing import Final

from callwright.domain.callback import AttemptOutcome
from callwright.domain.causes import HangupCause
from callwright.domain.clock import UnixTime
from callwright.scheduler.history.calls import Call, CallPart, Disposition, Recording
from callwright.scheduler.printing import print_moment
from callwright.scheduler.requests.extension_shape import TYPE, print_number

RESULTS: Final[Mapping[AttemptOutcome, str]] = {
    AttemptOutcome.JOINED: "bridged",
    AttemptOutcome.A_NO_ANSWER: "not answered",
    AttemptOutcome.A_BUSY: "busy",
    AttemptOutcome.A_REJECTED: "rejected",
    AttemptOutcome.A_HANGUP: "answered",
    AttemptOutcome.B_NO_ANSWER: "not answered",
    AttemptOutcome.B_BUSY: "busy",
    AttemptOutcome.B_REJECTED: "rejected",
    AttemptOutcome.CANCELLED: "not answered",
}
"""Of a call; whatever is not here has failed."""

PART_RESULTS: Final[Mapping[HangupCause, str]] = {
    HangupCause.NORMAL: "not answered",
    HangupCause.NO_ANSWER: "not answered",
    HangupCause.BUSY: "busy",
    HangupCause.CALL_REJECTED: "rejected",
}
"""Of a part that was not answered; whatever is not here has failed."""

CAUSES: Final[Mapping[HangupCause, str]] = {
    HangupCause.NORMAL: "NORMAL_CLEARING",
    HangupCause.BUSY: "USER_BUSY",
    HangupCause.NO_ANSWER: "NO_ANSWER",
    HangupCause.NUMBER_UNOBTAINABLE: "UNALLOCATED_NUMBER",
    HangupCause.NUMBER_CHANGED: "NUMBER_CHANGED",
    HangupCause.OUT_OF_ORDER: "DESTINATION_OUT_OF_ORDER",
    HangupCause.TIMESLOT_BARRED: "OUTGOING_CALL_BARRED",
    HangupCause.CALL_REJECTED: "CALL_REJECTED",
    HangupCause.CHANNEL_BUSY: "NORMAL_CIRCUIT_CONGESTION",
    HangupCause.NO_CHANNELS: "NORMAL_CIRCUIT_CONGESTION",
    HangupCause.CONGESTION: "SWITCH_CONGESTION",
    HangupCause.FAILED: "NORMAL_UNSPECIFIED",
}
"""By the names that switches have for the causes of ITU-T Q.850; the page shows the first."""


def print_call(call: Call) -> dict[str, object]:
    """Return a call's fields, its parts among them."""
    is_joined = call.joined_at is not None or call.outcome is AttemptOutcome.JOINED
    ended_at = call.ended_at
    return {
        "call_uuid": call.call_uuid,
        "flow": "out",
        "result": None if call.outcome is None else RESULTS.get(call.outcome, "failed"),
        "init_time_gmt": print_moment(call.began_at),
        "start_time_gmt": print_moment(call.called_at),
        "hangup_time_gmt": print_moment(ended_at),
        "duration": None if ended_at is None else _seconds(call.began_at, ended_at),
        "bridged_time_gmt": print_moment(call.joined_at),
        "bridged_duration": None if call.joined is None else round(call.joined),
        "bridged_username": call.b_side.number if is_joined else None,
        "bridged_domain": call.b_side.domain if is_joined else None,
        "from_username": call.a_side.number,
        "from_domain": call.a_side.domain,
        "from_screen_name": call.a_name,
        "to_username": call.b_side.number,
        "to_domain": call.b_side.domain,
        # Nobody called in, and extensions have neither groups nor registrations here.
        "did_number": None,
        "did_domain": None,
        **_owner(call),
        "extension_group_owner_id": None,
        "ext_number_reg": None,
        "hangup_cause": None if call.cause is None else CAUSES[call.cause],
        "hangup_disposition": _word(call.disposition),
        "cdr": [_print_part(call, part) for part in call.parts],
    }


def print_recording(recording: Recording) -> dict[str, object]:
    """Return a recording's fields."""
    return {
        "record_uuid": recording.record_uuid,
        "call_uuid": recording.call_uuid,
        "extension_id": recording.extension_id,
        "init_time_gmt": print_moment(recording.began_at),
        "duration": round(recording.duration, 2),
        "size": recording.size_bytes,
        "filename": recording.filename,
    }


def _print_part(call: Call, part: CallPart) -> dict[str, object]:
    recording = call.recording if part.is_recorded else None
    return {
        "application": "callback",
        "flow": "transfer" if part.is_transfer else "out",
        "result": _result(part),
        "init_time_gmt": print_moment(part.initiated_at),
        "start_time_gmt": print_moment(part.connected_at),
        "hangup_time_gmt": print_moment(part.hung_up_at),
        "duration": _seconds(part.initiated_at, part.hung_up_at),
        "bridged_duration": round(part.joined),
        "from_username": call.a_side.number,
        "from_domain": call.a_side.domain,
        "from_screen_name": call.a_name,
        "to_username": part.callee.number,
        "to_domain": part.callee.domain,
        "source_number": call.a_side.number,
        "source_domain": call.a_side.domain,
        "dest_number": part.callee.number,
        "dest_domain": part.callee.domain,
        "ani_number": _external(call, part.caller_id),
        **_owner(call),
        "hangup_cause": CAUSES[part.cause],
        "hangup_disposition": _word(part.disposition),
        "record_uuid": None if recording is None else recording.record_uuid,
        "record_file_size": None if recording is None else recording.size_bytes,
    }


def _external(call: Call, caller_id: str) -> str | None:
    """Return a number of the telephone network that was shown; who has none shows his own."""
    return caller_id if caller_id.isdecimal() and caller_id != call.extension_number else None


def _owner(call: Call) -> dict[str, object]:
    number = call.extension_number
    return {
        "client_owner_id": call.account_id,
        "extension_id": call.extension_id,
        "extension_name": None if number is None else print_number(call.account_id, number),
        "extension_type": TYPE,
    }


def _result(part: CallPart) -> str:
    if part.connected_at is not None:
        return "answered"
    return "answered elsewhere" if part.is_elsewhere else PART_RESULTS.get(part.cause, "failed")


def _word(disposition: Disposition | None) -> str | None:
    return None if disposition is None else str(disposition)


def _seconds(start: UnixTime, end: UnixTime) -> int:
    return max(0, round(end - start))
