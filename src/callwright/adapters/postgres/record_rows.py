"""Records written as rows: those of many instances at once, a statement a table.

The parameters of each statement are columns: the first values of all stand for the first row.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final  # what a row holds is its statement's affair

import msgspec

from callwright.adapters.postgres.database import Connection, kept_text, run, run_columns
from callwright.domain.ids import AccountId
from callwright.domain.records import Cdr, InstanceRecord

AccountRecord = tuple[AccountId, InstanceRecord]
_Row = tuple[Any, ...]

_ADR: Final = attrgetter(
    *("instance_id", "ref", "application_name", "started_at", "stopped_at", "exit_status"),
    *("outbound_parameters", "application_parameters", "extra_channel_count", "fax"),
    *("rest_log_filename", "rest_to", "rest_from", "rest_initial_token"),
    *("uas_ip_address", "uas_name", "tts_seconds", "tts_neural_seconds"),
    *("platform_cost", "pstn_cost", "tts_unit_cost", "tts_cost", "tts_neural_unit_cost"),
    *("tts_neural_cost", "tollfree_cost", "extra_cost", "feature_cost", "feature_seconds"),
)
_CDR: Final = attrgetter(
    *("call_id", "destination_address", "originating_address", "direction", "channel_type"),
    *("initiated_at", "connected_at", "hung_up_at", "joined"),
    *("cause.hangup_cause", "cause.call_cause", "cause.raw_cause", "cost", "costs_valid"),
)
_ERR: Final = attrgetter("code", "text")
_FDR: Final = attrgetter(
    *("feature_id", "audio_path", "feature_type", "started_at", "stopped_at"),
    *("call_id", "transaction_id", "duration_for_cost", "unit_cost", "cost", "costs_valid"),
)
_encode: Final = msgspec.json.Encoder().encode


def _cdr(cdr: Cdr) -> _Row:
    return *_CDR(cdr), None if cdr.far_end is None else _encode(cdr.far_end).decode()


_PARTS: Final = (
    ("record_write_cdr", attrgetter("cdrs"), _cdr),
    ("record_write_err", attrgetter("errors"), _ERR),
    ("record_write_fdr", attrgetter("fdrs"), _FDR),
)
"""Statement, where its rows come from, and their values in the order of its parameters."""


async def write_records(connection: Connection, records: Sequence[AccountRecord]) -> None:
    """Write accounts' records, inside the unit of work that ends their instances."""
    adrs = [(account_id, *_ADR(record.adr)) for account_id, record in records]
    await _write(connection, "record_write_adr", adrs)
    for name, parts, values in _PARTS:
        rows = [
            (record.adr.instance_id, number, *values(part))
            for _, record in records
            for number, part in enumerate(parts(record))
        ]
        await _write(connection, name, rows)
    # There are notes of secondary calls alone.
    noted = [record.adr.instance_id for _, record in records if len(record.cdrs) > 1]
    if noted:
        await run(connection, "record_forget_notes", {"instance_ids": noted})


async def _write(connection: Connection, name: str, rows: Sequence[_Row]) -> None:
    """Write rows; a text with what PostgreSQL has no character for is kept without it.

    A record is written when all is over, so there is nobody who could be asked for another text.
    """
    kept = [[_kept(value) for value in row] for row in rows]
    await run_columns(connection, name, kept)


def _kept(value: object) -> object:
    return kept_text(value) if isinstance(value, str) else value
