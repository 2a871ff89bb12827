"""The answer to an application status request: a record in the published words.

Members stand in alphabetical order, as the published samples have them. Times are cut to four
decimals, durations rounded to two, costs cut to four and their total to three, as in the samples.
"""

from decimal import ROUND_DOWN, Decimal
from typing import Final, NotRequired, TypedDict, cast

from callwright.domain.clock import UnixTime, print_datetime
from callwright.domain.far_end import FarEnd
from callwright.domain.ids import CallId, InstanceId
from callwright.domain.records import Adr, Cdr, ErrorReport, Fdr, InstanceRecord
from callwright.records.costing import total

SHORTENED_LENGTH: Final = 16
"""Characters shown of a longer text, before the three dots (inferred from the one sample)."""

_COST_STEP: Final = Decimal("0.0001")
_TOTAL_STEP: Final = Decimal("0.001")
_TIME_STEP: Final = Decimal("0.0001")


class PrintedAdr(TypedDict):
    """`adr`."""

    application_instance_id: InstanceId
    application_name: str
    application_parameters: str
    costs_valid: str
    duration: float
    exit_status: int
    extra_channel_count: int
    extra_cost: float
    fax: str
    feature_cost: float
    feature_seconds: float
    outbound_parameters: str
    platform_cost: float
    pstn_cost: float
    rest_from: str
    rest_initial_token: str
    rest_log_filename: str
    rest_to: str
    start_datetime: str
    start_time: float
    stop_datetime: str
    stop_time: float
    tollfree_cost: float
    total_cost: float
    tts_cost: float
    tts_neural_cost: float
    tts_neural_seconds: float
    tts_neural_unit_cost: float
    tts_seconds: float
    tts_unit_cost: float
    uas_ip_address: str
    uas_name: str


class PrintedHeard(TypedDict):
    """A stretch of sound, in seconds since the classification began."""

    begin: float
    end: float
    kind: str


class PrintedFarEnd(TypedDict):
    """What answered, and what that rests on."""

    reasons: list[str]
    seconds: float
    timeline: list[PrintedHeard]
    type: str


class PrintedCdr(TypedDict):
    """One of `cdrs`. A call that never connected has a connected time of 0.0 and ""."""

    call_connected_datetime: str
    call_connected_time: float
    call_cost: float
    call_hangup_datetime: str
    call_hangup_time: float
    call_initiated_datetime: str
    call_initiated_time: float
    channel_type: str
    costs_valid: str
    destination_address: str
    dir: str
    duration: float
    far_end: NotRequired[PrintedFarEnd]
    """Ours, and only where it was asked what answered."""
    hangup_cause: str
    joined: float
    originating_address: str


class PrintedFdr(TypedDict):
    """One of `fdrs`."""

    application_instance_id: InstanceId
    audio_path: str
    call_id: CallId
    cost: float
    costs_valid: str
    duration: float
    duration_for_cost: float
    start_datetime: str
    start_time: float
    stop_datetime: str
    stop_time: float
    transaction_id: str
    type: str
    unit_cost: float


class PrintedError(TypedDict):
    """One of `errs`."""

    error_code: str
    error_link: str
    error_text: str


class ApplicationStatus(TypedDict):
    """The whole answer; `fdrs` is always there, empty where no such feature was used."""

    adr: PrintedAdr
    cdrs: dict[CallId, PrintedCdr]
    errs: dict[str, PrintedError]
    fdrs: dict[str, PrintedFdr]


def application_status(record: InstanceRecord, *, docs_url: str) -> ApplicationStatus:
    """Print a record; `docs_url` is where links of errors begin, without a slash at its end."""
    return {
        "adr": _adr(record.adr),
        "cdrs": {cdr.call_id: _cdr(cdr) for cdr in record.cdrs},
        "errs": {str(n): _error(one, docs_url) for n, one in enumerate(record.errors)},
        "fdrs": {fdr.feature_id: _fdr(fdr, record.adr.instance_id) for fdr in record.fdrs},
    }


def _adr(adr: Adr) -> PrintedAdr:
    return {
        "application_instance_id": adr.instance_id,
        "application_name": adr.application_name,
        "application_parameters": _shortened(adr.application_parameters),
        "costs_valid": "true",
        "duration": _duration(adr.started_at, adr.stopped_at),
        "exit_status": adr.exit_status,
        "extra_channel_count": adr.extra_channel_count,
        "extra_cost": _cost(adr.extra_cost),
        "fax": _truth(adr.fax),
        "feature_cost": _cost(adr.feature_cost),
        "feature_seconds": round(adr.feature_seconds, 2),
        "outbound_parameters": _shortened(adr.outbound_parameters),
        "platform_cost": _cost(adr.platform_cost),
        "pstn_cost": _cost(adr.pstn_cost),
        "rest_from": adr.rest_from,
        "rest_initial_token": _shortened(adr.rest_initial_token),
        "rest_log_filename": adr.rest_log_filename,
        "rest_to": adr.rest_to,
        "start_datetime": print_datetime(adr.started_at),
        "start_time": _time(adr.started_at),
        "stop_datetime": print_datetime(adr.stopped_at),
        "stop_time": _time(adr.stopped_at),
        "tollfree_cost": _cost(adr.tollfree_cost),
        "total_cost": float(total(adr).quantize(_TOTAL_STEP, ROUND_DOWN)),
        "tts_cost": _cost(adr.tts_cost),
        "tts_neural_cost": _cost(adr.tts_neural_cost),
        "tts_neural_seconds": round(adr.tts_neural_seconds, 2),
        "tts_neural_unit_cost": _cost(adr.tts_neural_unit_cost),
        "tts_seconds": round(adr.tts_seconds, 2),
        "tts_unit_cost": _cost(adr.tts_unit_cost),
        "uas_ip_address": adr.uas_ip_address,
        "uas_name": adr.uas_name,
    }


def _cdr(cdr: Cdr) -> PrintedCdr:
    connected_at = cdr.connected_at
    printed: PrintedCdr = {
        "call_connected_datetime": "" if connected_at is None else print_datetime(connected_at),
        "call_connected_time": 0.0 if connected_at is None else _time(connected_at),
        "call_cost": _cost(cdr.cost),
        "call_hangup_datetime": print_datetime(cdr.hung_up_at),
        "call_hangup_time": _time(cdr.hung_up_at),
        "call_initiated_datetime": print_datetime(cdr.initiated_at),
        "call_initiated_time": _time(cdr.initiated_at),
        "channel_type": cdr.channel_type,
        "costs_valid": _truth(cdr.costs_valid),
        "destination_address": cdr.destination_address,
        "dir": str(cdr.direction),
        "duration": 0.0 if connected_at is None else _duration(connected_at, cdr.hung_up_at),
        "hangup_cause": str(cdr.cause),
        "joined": round(cdr.joined, 2),
        "originating_address": cdr.originating_address,
    }
    if cdr.far_end is None:
        return printed
    printed["far_end"] = _far_end(cdr.far_end)
    return cast("PrintedCdr", dict(sorted(printed.items())))


def _far_end(far_end: FarEnd) -> PrintedFarEnd:
    return {
        "reasons": list(far_end.reasons),
        "seconds": round(far_end.decided_after, 2),
        "timeline": [
            {"begin": round(one.begin, 2), "end": round(one.end, 2), "kind": one.kind}
            for one in far_end.timeline
        ],
        "type": far_end.far_end_type,
    }


def _fdr(fdr: Fdr, instance_id: InstanceId) -> PrintedFdr:
    return {
        "application_instance_id": instance_id,
        "audio_path": fdr.audio_path,
        "call_id": fdr.call_id,
        "cost": _cost(fdr.cost),
        "costs_valid": _truth(fdr.costs_valid),
        "duration": _duration(fdr.started_at, fdr.stopped_at),
        "duration_for_cost": round(fdr.duration_for_cost, 2),
        "start_datetime": print_datetime(fdr.started_at),
        "start_time": _time(fdr.started_at),
        "stop_datetime": print_datetime(fdr.stopped_at),
        "stop_time": _time(fdr.stopped_at),
        "transaction_id": fdr.transaction_id,
        "type": fdr.feature_type,
        "unit_cost": _cost(fdr.unit_cost),
    }


def _error(error: ErrorReport, docs_url: str) -> PrintedError:
    return {
        "error_code": str(error.code),
        "error_link": f"{docs_url}/web-services/web-service-errors?error={error.code}",
        "error_text": error.text,
    }


def _shortened(text: str) -> str:
    return text if len(text) <= SHORTENED_LENGTH else text[:SHORTENED_LENGTH] + "..."


def _truth(truth: bool) -> str:  # noqa: FBT001 - one value, printed
    return "true" if truth else "false"


def _duration(start: UnixTime, end: UnixTime) -> float:
    return round(end - start, 2)


def _time(at: UnixTime) -> float:
    # Through the shortest decimal text, so that 1552572916.21 is not cut to ….2099.
    return float(Decimal(repr(float(at))).quantize(_TIME_STEP, ROUND_DOWN))


def _cost(cost: Decimal) -> float:
    return float(cost.quantize(_COST_STEP, ROUND_DOWN))
