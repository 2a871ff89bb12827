"""Records of ended instances in SQLite."""

import json
from functools import partial
from typing import Final

import apsw
import msgspec

from callwright.adapters.record_rows import adr_of, cdr_of, error_of, fdr_of
from callwright.adapters.sqlite.database import Database, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import (
    Cdr,
    Fdr,
    InstanceRecord,
)

FORGOTTEN_AT_ONCE: Final = 1000
"""Records deleted in one unit of work: some 10 ms, which whoever starts a call hardly notices."""

_encode: Final = msgspec.json.Encoder().encode

_FORGETTING: Final = (
    "record_forget_cdr",
    "record_forget_err",
    "record_forget_fdr",
    "record_forget_adr",
)


class SqliteRecordStore:
    """A `RecordStore`."""

    def __init__(self, database: Database) -> None:
        """Find records in this database."""
        self._database = database

    async def read(self, account_id: AccountId, instance_id: InstanceId) -> InstanceRecord | None:
        """Return an account's record of an instance that has ended."""
        asked = {"instance_id": instance_id}
        rows = self._database.read("record_read_adr", asked | {"account_id": account_id})
        if not rows:
            return None
        # A record is written whole and never again, so these reads see one record.
        return InstanceRecord(
            adr=adr_of(rows[0]),
            cdrs=tuple(cdr_of(row) for row in self._database.read("record_read_cdrs", asked)),
            errors=tuple(error_of(row) for row in self._database.read("record_read_errs", asked)),
            fdrs=tuple(fdr_of(row) for row in self._database.read("record_read_fdrs", asked)),
        )

    async def is_running(self, account_id: AccountId, instance_id: InstanceId) -> bool:
        """Say whether this is an account's instance that has not ended yet."""
        asked = {"instance_id": instance_id, "account_id": account_id}
        return bool(self._database.read("record_is_running", asked))

    async def forget(self, *, stopped_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` records of instances that stopped before; returns how many went."""
        forgotten = 0
        while (portion := min(FORGOTTEN_AT_ONCE, limit - forgotten)) > 0:
            count = await self._database.write(
                partial(_forget, stopped_before=stopped_before, limit=portion)
            )
            forgotten += count
            if count < portion:
                break
        return forgotten


def write_record(
    connection: apsw.Connection, account_id: AccountId, record: InstanceRecord
) -> None:
    """Write an account's record, inside the unit of work that ends its instance."""
    adr = record.adr
    run(
        connection,
        "record_write_adr",
        {
            "instance_id": adr.instance_id,
            "account_id": account_id,
            "ref": adr.ref,
            "application_name": adr.application_name,
            "started_at": adr.started_at,
            "stopped_at": adr.stopped_at,
            "exit_status": adr.exit_status,
            "outbound_parameters": adr.outbound_parameters,
            "application_parameters": adr.application_parameters,
            "extra_channel_count": adr.extra_channel_count,
            "fax": adr.fax,
            "rest_log_filename": adr.rest_log_filename,
            "rest_to": adr.rest_to,
            "rest_from": adr.rest_from,
            "rest_initial_token": adr.rest_initial_token,
            "uas_ip_address": adr.uas_ip_address,
            "uas_name": adr.uas_name,
            "tts_seconds": adr.tts_seconds,
            "tts_neural_seconds": adr.tts_neural_seconds,
            "platform_cost": str(adr.platform_cost),
            "pstn_cost": str(adr.pstn_cost),
            "tts_unit_cost": str(adr.tts_unit_cost),
            "tts_cost": str(adr.tts_cost),
            "tts_neural_unit_cost": str(adr.tts_neural_unit_cost),
            "tts_neural_cost": str(adr.tts_neural_cost),
            "tollfree_cost": str(adr.tollfree_cost),
            "extra_cost": str(adr.extra_cost),
            "feature_cost": str(adr.feature_cost),
            "feature_seconds": adr.feature_seconds,
        },
    )
    if len(record.cdrs) > 1:
        # There are notes of secondary calls alone.
        run(connection, "record_forget_notes", {"instance_id": adr.instance_id})
    for number, cdr in enumerate(record.cdrs):
        _write_cdr(connection, adr.instance_id, number, cdr)
    for number, error in enumerate(record.errors):
        run(
            connection,
            "record_write_err",
            {
                "instance_id": adr.instance_id,
                "number": number,
                "code": error.code,
                "text": error.text,
            },
        )
    for number, fdr in enumerate(record.fdrs):
        _write_fdr(connection, adr.instance_id, number, fdr)


def _write_cdr(connection: apsw.Connection, instance_id: InstanceId, number: int, cdr: Cdr) -> None:
    run(
        connection,
        "record_write_cdr",
        {
            "instance_id": instance_id,
            "number": number,
            "call_id": cdr.call_id,
            "destination_address": cdr.destination_address,
            "originating_address": cdr.originating_address,
            "direction": cdr.direction,
            "channel_type": cdr.channel_type,
            "initiated_at": cdr.initiated_at,
            "connected_at": cdr.connected_at,
            "hung_up_at": cdr.hung_up_at,
            "joined": cdr.joined,
            "hangup_cause": cdr.cause.hangup_cause,
            "call_cause": cdr.cause.call_cause,
            "raw_cause": cdr.cause.raw_cause,
            "cost": str(cdr.cost),
            "costs_valid": cdr.costs_valid,
            "far_end": None if cdr.far_end is None else _encode(cdr.far_end).decode(),
        },
    )


def _write_fdr(connection: apsw.Connection, instance_id: InstanceId, number: int, fdr: Fdr) -> None:
    run(
        connection,
        "record_write_fdr",
        {
            "instance_id": instance_id,
            "number": number,
            "feature_id": fdr.feature_id,
            "audio_path": fdr.audio_path,
            "feature_type": fdr.feature_type,
            "started_at": fdr.started_at,
            "stopped_at": fdr.stopped_at,
            "call_id": fdr.call_id,
            "transaction_id": fdr.transaction_id,
            "duration_for_cost": fdr.duration_for_cost,
            "unit_cost": str(fdr.unit_cost),
            "cost": str(fdr.cost),
            "costs_valid": fdr.costs_valid,
        },
    )


def _forget(connection: apsw.Connection, *, stopped_before: UnixTime, limit: int) -> int:
    asked = {"stopped_before": stopped_before, "limit": limit}
    oldest = [instance_id for (instance_id,) in run(connection, "record_forget_oldest", asked)]
    bindings = {"instance_ids": json.dumps(oldest)}
    for statement in _FORGETTING:
        run(connection, statement, bindings)
    return len(oldest)
