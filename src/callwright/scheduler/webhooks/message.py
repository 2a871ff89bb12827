"""An event as it is sent: its body, JSON or form, and the headers that prove who sent it.

The signature is that of the Standard Webhooks specification: `v1,` and the base64 of HMAC-SHA256
over `id.timestamp.body`, one for each secret that is in use.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from callwright.domain.clock import UnixTime
from callwright.scheduler.values import EventToTell

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
    """What is posted to a client's URL."""

    body: bytes
    headers: dict[str, str]


def message_of(
    event: EventToTell, body_format: BodyFormat, secrets: Sequence[bytes], *, at: UnixTime
) -> Message:
    """Write an event down for a try at this moment; without a secret it is not signed.

    Every try has the same body and id; the timestamp is its own, so that a receiver can refuse
    what is old.
    """
    body = event.body if body_format is BodyFormat.JSON else form_of(event.body)
    headers = {"Content-Type": _CONTENT_TYPES[body_format]}
    if secrets:
        timestamp = str(int(at))
        headers |= {
            "webhook-id": event.event_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(event.event_id, timestamp, body, secrets),
        }
    return Message(body, headers)


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


def _printed(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
