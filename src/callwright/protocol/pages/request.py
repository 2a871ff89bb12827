"""What a page is asked with: the `instance_info` document, section 2 of the page protocol."""

import json
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.json_text import JsonObject
from callwright.protocol.pages.results import ActionResult, action_result
from callwright.protocol.pages.wire_names import (
    CALL_RECORDING_FILENAME,
    CALL_SIP_HEADERS,
    ERROR_ACTION,
    ERROR_CODE,
    REQUEST_API_VERSION,
)


@dataclass(frozen=True, slots=True)
class CallInfo:
    """A call at the moment of asking: `this_call`, and items of `dropped_calls`."""

    call_id: str
    direction: str
    """`in` or `out`."""
    call_from: str
    call_to: str
    call_target: str
    call_state: str
    duration: float
    """Seconds."""
    application_parameters: str
    outbound_parameters: str | None = None
    """Of outbound calls."""
    divert: str = ""
    attestation: str | None = None
    """Of inbound calls."""
    far_end_type: str | None = None
    """Once it is known."""
    recording_filename: str | None = None
    """Of a call that is recorded as a whole (A-24)."""
    sip_headers: tuple[tuple[str, str], ...] = ()
    """Name and value of those that the service wants to see (A-25)."""
    call_cause: str | None = None
    """Once idle."""
    call_raw_cause: str | None = None
    """Once idle."""


@dataclass(frozen=True, slots=True)
class ErrorResult:
    """What went wrong, for an error page."""

    action: str
    """Empty when it was no action's fault."""
    text: str
    code: FaultCode


@dataclass(frozen=True, slots=True)
class InstanceInfo:
    """One request to a page. A notification is told of no call, every other page is."""

    application_instance_id: str
    token: str | None
    log_filename: str
    api_version: str
    this_call: CallInfo | None
    action_result: ActionResult | None = None
    error_result: ErrorResult | None = None
    dropped_calls: tuple[CallInfo, ...] | None = None
    """Of the final page of a secondary call."""

    @property
    def is_notification(self) -> bool:
        """Whether the answer cannot steer the call; final and error pages are none (A-22)."""
        return self.this_call is None


def print_instance_info(info: InstanceInfo) -> bytes:
    """Print the document; names that do not apply are left out, never null."""
    document: JsonObject = {
        "application_instance_id": info.application_instance_id,
        "token": info.token,
        "log_filename": info.log_filename,
        "is_notification": info.is_notification,
    }
    if info.this_call is not None:
        document["this_call"] = _this_call(info.this_call)
    if info.action_result is not None:
        document["action_result"] = action_result(info.action_result)
    if info.error_result is not None:
        document["error_result"] = _error_result(info.error_result)
    if info.dropped_calls is not None:
        document["dropped_calls"] = [_this_call(call) for call in info.dropped_calls]
    document[REQUEST_API_VERSION.name] = info.api_version
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def url_with_instance_info(url: str, document: bytes) -> str:
    """Add the document to a GET request's query, behind what the URL already has.

    An `instance_info` that is there already is replaced: it comes from a URL that a page
    built from the one it was asked with.
    """
    parts = urlsplit(url)
    kept = [
        argument
        for argument in parts.query.split("&")
        if argument and argument.partition("=")[0] != "instance_info"
    ]
    query = "&".join([*kept, f"instance_info={quote(document, safe='')}"])
    return urlunsplit(parts._replace(query=query, fragment=""))


def _this_call(call: CallInfo) -> JsonObject:
    document: JsonObject = {
        "call_id": call.call_id,
        "call_direction": call.direction,
        "call_from": call.call_from,
        "call_to": call.call_to,
        "call_target": call.call_target,
        "call_divert": call.divert,
        "seconds_call_duration": round(call.duration, 1),
        "call_state": call.call_state,
        "application_parameters": call.application_parameters,
    }
    there: dict[str, str | None] = {
        "call_attestation": call.attestation,
        "outbound_parameters": call.outbound_parameters,
        "far_end_type": call.far_end_type,
        "call_cause": call.call_cause,
        "call_raw_cause": call.call_raw_cause,
        CALL_RECORDING_FILENAME.name: call.recording_filename,
    }
    document.update({name: value for name, value in there.items() if value is not None})
    if call.sip_headers:
        document[CALL_SIP_HEADERS.name] = [
            {"name": name, "value": value} for name, value in call.sip_headers
        ]
    return document


def _error_result(error: ErrorResult) -> JsonObject:
    return {
        ERROR_ACTION.name: error.action,
        "result": error.text,
        ERROR_CODE.name: str(error.code),
    }
