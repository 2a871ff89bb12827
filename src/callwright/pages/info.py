"""What a page is told: the `instance_info` document, section 2 of the page protocol."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs

from .reading import BadInstanceInfo, Members
from .results import (
    ActionProgress,
    ActionResult,
    Extra,
    GetInputResult,
    GetNumberResult,
    Result,
    read_action_progress,
    read_action_result,
)

Expected = TypeVar("Expected")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInfo:
    """A call at the moment of asking."""

    call_id: str
    call_direction: str
    """`in` or `out`."""
    call_from: str = ""
    call_to: str = ""
    call_target: str = ""
    call_divert: str = ""
    call_attestation: str = ""
    """`A`, `B`, `C` or nothing; of inbound calls."""
    seconds_call_duration: float = 0.0
    call_state: str
    """`inbound`, `answered` or `idle`."""
    call_cause: str | None = None
    """Once idle: `completed`, `hung_up`, `no_answer`, `busy`, `unobtainable`, ..."""
    call_raw_cause: str | None = None
    application_parameters: str = ""
    outbound_parameters: str | None = None
    far_end_type: str | None = None
    """`human`, `answering_machine`, `fax_machine` or `unknown`, where that was asked for."""
    call_recording_filename: str | None = None
    sip_headers: tuple[tuple[str, str], ...] = ()
    """Name and value of those that the service wants to see."""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorResult:
    """What went wrong, for an error page."""

    action: str
    """Empty when it was no action's fault."""
    result: str
    """In words."""
    code: str
    """Empty where the platform has none."""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceInfo:
    """One request to a page."""

    application_instance_id: str
    token: str | None = None
    log_filename: str = ""
    is_notification: bool = False
    """Whether the page is only told, and its answer is not read."""
    call: CallInfo | None = None
    """Absent from notifications; `this_call` is for pages that steer a call."""
    action_result: ActionResult | None = None
    action_progress: ActionProgress | None = None
    error_result: ErrorResult | None = None
    dropped_calls: tuple[CallInfo, ...] = ()
    """Calls that a `connect` gave up, for the final page of its secondary call."""
    api_version: str | None = None
    extra: Extra = field(default_factory=dict)
    """Whatever else the document has."""

    @classmethod
    def parse(cls, told: bytes | str) -> "InstanceInfo":
        """Read the body of a POST, or, from a string, the query of a GET.

        Raises:
            BadInstanceInfo: it is none; the text names the path.

        """
        members = Members.of(_document(told if isinstance(told, bytes) else _argument(told)), "")
        return cls(
            application_instance_id=members.required_text("application_instance_id"),
            token=members.maybe_text("token"),
            log_filename=members.text("log_filename"),
            is_notification=members.flag("is_notification"),
            call=_read(members, "this_call", _call),
            action_result=_read(members, "action_result", read_action_result),
            action_progress=_read(members, "action_progress", read_action_progress),
            error_result=_read(members, "error_result", _error),
            dropped_calls=members.listed("dropped_calls", _call),
            api_version=members.maybe_text("api_version"),
            extra=members.extra(),
        )

    @property
    def this_call(self) -> CallInfo:
        """The call that the answer will act on.

        Raises:
            BadInstanceInfo: there is none, as in a notification.

        """
        if self.call is None:
            raise BadInstanceInfo("this_call is missing: this page is told of no call")
        return self.call

    def result(self, expected: type[Expected]) -> Expected:
        """Return the last action's result, which has to be of the type expected.

        Raises:
            BadInstanceInfo: there is none, or of another action.

        """
        result: Result | None = self.action_result.result if self.action_result else None
        if not isinstance(result, expected):
            raise BadInstanceInfo(
                f"action_result is a {type(result).__name__}: a {expected.__name__} expected"
            )
        return result

    @property
    def entered_number(self) -> str:
        """The digits of the `get_number` before this page."""
        return self.result(GetNumberResult).entered_number

    @property
    def entered_or_spoken(self) -> str:
        """The digits of the `get_input` before this page, or else what was said."""
        result = self.result(GetInputResult)
        return result.digits or result.spoken


def _document(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        # The error's own text would quote what may be private.
        raise BadInstanceInfo("the body is no JSON document") from error


def _argument(query: str) -> bytes:
    arguments = parse_qs(query).get("instance_info")
    if not arguments:
        raise BadInstanceInfo("instance_info is missing from the query")
    return arguments[0].encode()


def _read(members: Members, name: str, read: Callable[[Members], Read]) -> Read | None:
    inner = members.inner(name)
    return None if inner is None else read(inner)


def _call(members: Members) -> CallInfo:
    return CallInfo(
        call_id=members.required_text("call_id"),
        call_direction=members.text("call_direction"),
        call_from=members.text("call_from"),
        call_to=members.text("call_to"),
        call_target=members.text("call_target"),
        call_divert=members.text("call_divert"),
        call_attestation=members.text("call_attestation"),
        seconds_call_duration=members.number("seconds_call_duration"),
        call_state=members.required_text("call_state"),
        call_cause=members.maybe_text("call_cause"),
        call_raw_cause=members.maybe_text("call_raw_cause"),
        application_parameters=members.text("application_parameters"),
        outbound_parameters=members.maybe_text("outbound_parameters"),
        far_end_type=members.maybe_text("far_end_type"),
        call_recording_filename=members.maybe_text("call_recording_filename"),
        sip_headers=members.listed("sip_headers", _header),
        extra=members.extra(),
    )


def _header(members: Members) -> tuple[str, str]:
    return members.text("name"), members.text("value")


def _error(members: Members) -> ErrorResult:
    return ErrorResult(
        members.text("action"), members.text("result"), members.text("code"), members.extra()
    )
