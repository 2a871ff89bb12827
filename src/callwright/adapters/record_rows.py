"""Rows read as records: what both stores do with what their statements return.

SQLite has no decimals and no truth values: it returns texts and numbers for them.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, TypeAlias  # what a row holds is its statement's affair

import msgspec

from callwright.domain.causes import CallCause, EndCause, HangupCause
from callwright.domain.far_end import FarEnd
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.records import Adr, CallDirection, Cdr, ErrorCode, ErrorReport, Fdr

Row: TypeAlias = Iterable[Any]

_decode_far_end: Final = msgspec.json.Decoder(FarEnd).decode


def adr_of(row: Row) -> Adr:
    """Read a row of `record_read_adr`: the record's fields in the statement's order."""
    instance_id, _, ref, name, started_at, stopped_at, exit_status, *rest = row
    texts, (tts, neural), feature_seconds = rest[:10], rest[10:12], rest[-1]
    outbound, application, extra, fax, log, rest_to, rest_from, token, uas_ip, uas_name = texts
    costs = [Decimal(text) for text in rest[12:-1]]
    platform, pstn, tts_unit, tts_cost, neural_unit, neural_cost, *others = costs
    tollfree, extra_cost, feature_cost = others
    return Adr(
        instance_id=InstanceId(instance_id),
        ref=None if ref is None else ServiceRef(ref),
        application_name=name,
        started_at=started_at,
        stopped_at=stopped_at,
        exit_status=exit_status,
        outbound_parameters=outbound,
        application_parameters=application,
        extra_channel_count=extra,
        fax=bool(fax),
        rest_log_filename=log,
        rest_to=rest_to,
        rest_from=rest_from,
        rest_initial_token=token,
        uas_ip_address=uas_ip,
        uas_name=uas_name,
        tts_seconds=tts,
        tts_neural_seconds=neural,
        platform_cost=platform,
        pstn_cost=pstn,
        tts_unit_cost=tts_unit,
        tts_cost=tts_cost,
        tts_neural_unit_cost=neural_unit,
        tts_neural_cost=neural_cost,
        tollfree_cost=tollfree,
        extra_cost=extra_cost,
        feature_seconds=feature_seconds,
        feature_cost=feature_cost,
    )


def cdr_of(row: Row) -> Cdr:
    """Read a row of `record_read_cdrs`: the record's fields in the statement's order."""
    call_id, destination, originating, direction, channel_type, *rest = row
    initiated_at, connected_at, hung_up_at, joined, *cause_and_cost = rest
    hangup_cause, call_cause, raw_cause, cost, costs_valid, far_end = cause_and_cost
    return Cdr(
        call_id=CallId(call_id),
        destination_address=destination,
        originating_address=originating,
        direction=CallDirection(direction),
        channel_type=channel_type,
        initiated_at=initiated_at,
        connected_at=connected_at,
        hung_up_at=hung_up_at,
        joined=joined,
        cause=EndCause(HangupCause(hangup_cause), CallCause(call_cause), raw_cause),
        cost=Decimal(cost),
        costs_valid=bool(costs_valid),
        far_end=None if far_end is None else _decode_far_end(far_end),
    )


def fdr_of(row: Row) -> Fdr:
    """Read a row of `record_read_fdrs`: the record's fields in the statement's order."""
    feature_id, audio_path, feature_type, started_at, stopped_at, *rest = row
    call_id, transaction_id, duration_for_cost, unit_cost, cost, costs_valid = rest
    return Fdr(
        feature_id=feature_id,
        audio_path=audio_path,
        feature_type=feature_type,
        started_at=started_at,
        stopped_at=stopped_at,
        call_id=CallId(call_id),
        transaction_id=transaction_id,
        duration_for_cost=duration_for_cost,
        unit_cost=Decimal(unit_cost),
        cost=Decimal(cost),
        costs_valid=bool(costs_valid),
    )


def error_of(row: Row) -> ErrorReport:
    """Read a row of `record_read_errs`."""
    code, text = row
    return ErrorReport(ErrorCode(code), text)
