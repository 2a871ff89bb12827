"""An event as it is sent: JSON or a form, and the headers that prove who sent it.

The signature is that of the Standard Webhooks specification: `v1,` and the base64 of HMAC-SHA256
over `id.timestamp.body`, one for each secret that is in use. A GET has no body: what it adds to the
query is signed in its place.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import TellMethod
from callwright.scheduler.values import EventToTell, Telling

_TASK: Final = "task"
_TASK_ID: Final = "id"


class BodyFormat(StrEnum):
    """How the bodies of events are written."""

    JSON = "json"
    FORM = "form"


_CONTENT_TYPES: Final = {
    BodyFormat.JSON: "application/json; charset=utf-8",
    BodyFormat.FORM: "application/x-www-form-urlencoded",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a client's URL."""

    method: TellMethod
    url: str
    body: bytes
    """Empty with GET."""
    headers: dict[str, str]


def message_of(
    event: EventToTell, body_format: BodyFormat, secrets: Sequence[bytes], *, at: UnixTime
) -> Message:
    """Write an event down for a try at this moment; without a secret it is not signed.

    Every try has the same body and id; the timestamp is its own, so that a receiver can refuse
    what is old.
    """
    data = event.body
    if event.telling is not Telling.AS_SET:
        body_format = BodyFormat.FORM
    elif body_format is BodyFormat.FORM:
        data = form_of(event.body)
    signed = {}
    if secrets:
        timestamp = str(int(at))
        signed = {
            "webhook-id": event.event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(event.event_id, timestamp, data, secrets),
        }
    if event.telling is Telling.FORM_GET:
        return Message(TellMethod.GET, _with_query(event.url, data.decode()), b"", signed)
    typed = {"Content-Type": _CONTENT_TYPES[body_format]}
    return Message(TellMethod.POST, event.url, data, typed | signed)


def signature(event_id: str, timestamp: str, body: bytes, secrets: Sequence[bytes]) -> str:
    """Sign; several signatures have blanks between them."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    macs = (hmac.digest(secret, signed, "sha256") for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)


def form_of(body: bytes) -> bytes:
    """Flatten a JSON body: the event's fields, then the task's that are not among them.

    Null is empty; lists and objects are JSON texts.
    """
    event: dict[str, object] = json.loads(body)
    task = event.pop(_TASK)
    fields = dict(event)
    if isinstance(task, dict):
        for name, value in task.items():
            if name != _TASK_ID:
                fields.setdefault(name, value)
    return urlencode({name: _printed(value) for name, value in fields.items()}).encode()


def _with_query(url: str, form: str) -> str:
    """Put a form behind the query that a URL has."""
    try:
        parts = urlsplit(url)
    except ValueError:
        # It cannot be asked, as whoever tries will find.
        return url
    query = f"{parts.query}&{form}" if parts.query else form
    return urlunsplit(parts._replace(query=query, fragment=""))


def _printed(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
