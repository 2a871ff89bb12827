"""The records of a call, for people: what the application status says, in a few lines."""

from collections.abc import Iterator, Mapping
from typing import Any  # records are JSON objects


def render_records(records: Mapping[str, Any]) -> str:
    """Print the records of one application instance."""
    return "\n".join(_lines(records))


def _lines(records: Mapping[str, Any]) -> Iterator[str]:
    adr = records["adr"]
    yield f"Application instance {adr['application_instance_id']}"
    yield f"  service      {adr['application_name']}"
    yield f"  ran          {adr['start_datetime']} for {adr['duration']:.2f} s"
    yield f"  exit status  {adr['exit_status']}"
    yield f"  REST log     {adr['rest_log_filename']}"
    for call_id, cdr in records["cdrs"].items():
        yield f"Call {call_id}"
        yield f"  from, to     {cdr['originating_address']} to {cdr['destination_address']}"
        yield f"  placed       {cdr['call_initiated_datetime']}"
        yield f"  answered     {cdr['call_connected_datetime'] or 'never'}"
        yield f"  ended        {cdr['call_hangup_datetime']}, {cdr['hangup_cause']}"
        yield f"  duration     {cdr['duration']:.2f} s"
    for error in records["errs"].values():
        yield f"Error {error['error_code']}: {error['error_text']}"
