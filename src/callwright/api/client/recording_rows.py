"""Rows of the table of routes: recordings of callbacks."""

from dataclasses import replace
from typing import Final

from callwright.api.client import recordings
from callwright.api.client.call_rows import PERIOD
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Operation, Parameter, Success

_RECORDS: Final = "/client/{client_id}/record"
_RECORD: Final = Parameter(
    "record_uuid",
    "32 hexadecimal digits.",
    required=True,
    example="0F5C1B7E9A2F4C6DB3E8F1A2075C9E44",
)


def _sound(operation: Operation) -> Operation:
    """Have an operation answer with a file."""
    return replace(
        operation,
        successes={
            200: Success("The wav file.", media_type="*/*"),
            206: Success("The part that was asked for.", media_type="*/*"),
            304: Success("The client has this version.", media_type=""),
        },
        refusals=(*operation.refusals, 412, 416),
    )


RECORDING_ROWS: Final = (
    row(
        "list_recordings",
        ("GET", _RECORDS),
        recordings.list_recordings,
        ("List recordings", "Of conversations that began in a period, by that time."),
        (200, "Recordings"),
        parameters=(*PERIOD, *PAGING, Parameter("extension_id", "Of this extension.")),
    ),
    row(
        "read_recording",
        ("GET", f"{_RECORDS}/{{record_uuid}}"),
        recordings.read_recording,
        (
            "Read a recording",
            (
                "The record_uuid of a call's part. filename is what file_get and the actions of "
                "pages know it by."
            ),
        ),
        (200, "Recording"),
        parameters=(_RECORD,),
    ),
    _sound(
        row(
            "read_recorded_sound",
            ("GET", f"{_RECORDS}/{{record_uuid}}/file"),
            recordings.read_recorded_sound,
            (
                "Read the sound of a recording",
                (
                    "A wav file of two channels: what B said, and what B heard. One range may be "
                    "asked for, and ETag and Last-Modified serve as conditions."
                ),
            ),
            (200, "Recording"),
            parameters=(_RECORD,),
        )
    ),
    row(
        "delete_recording",
        ("DELETE", f"{_RECORDS}/{{record_uuid}}"),
        recordings.delete_recording,
        ("Delete a recording", "With its file. The call stays, and has none from then on."),
        (204, ""),
        parameters=(_RECORD,),
    ),
)
