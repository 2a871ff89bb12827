"""Rows of the table of routes: callbacks at once (section 12.1)."""

from typing import Final

from callwright.api.client import callbacks
from callwright.api.client.call_shapes import CALLBACK_BODY
from callwright.api.client.extension_rows import EXTENSION
from callwright.api.client.rows import row
from callwright.api.operations import Operation

_PATH: Final = "/extension/{extension_id}/callback"

_TEXT: Final = (
    "Call the numbers in src_num; when one of them has answered, call dst_num, and join them. The "
    "options are those of a task's callback_params, and variables as there. call_id names the call "
    "in the call history from now on. A dedup_key, a text of yours, keeps a repeated request from "
    "calling twice: for a day the answer is that of the first, and 409 if it asks for another "
    "callback. A callback that could not begin by deadline_utc is not made. 409 client_paused "
    "while the client is paused."
)


def _row(name: str, path: str) -> Operation:
    return row(
        name,
        ("POST", path),
        callbacks.make_call,
        ("Make a callback at once", _TEXT),
        (201, "Callback"),
        parameters=(EXTENSION,),
        body=CALLBACK_BODY,
        conflict=True,
    )


CALLBACK_ROWS: Final = (
    _row("make_callback", _PATH),
    _row("make_callback_of_client", f"/client/{{client_id}}{_PATH}"),
)
