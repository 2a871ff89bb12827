"""The JSON of `rest_calls`: one call object, or a list of them, as service starts.

Everything is checked before anything is queued, so a request is accepted whole or not at all.
"""

import re
from collections.abc import Mapping
from typing import Final

from callwright.domain.destination import BadDestination, TelephoneNumber, parse_destination
from callwright.domain.errors import RemoteFault
from callwright.domain.service_start import (
    MAX_OUTBOUND_PARAMETERS_LENGTH,
    MAX_TOKEN_LENGTH,
    ServiceStart,
    SipHeader,
)
from callwright.protocol.strict_json import BadJson, Json, read_json

MAX_CALLS: Final = 1000
"""Call objects in one request (assumed; no limit is published)."""

MAX_CALLER_ID_LENGTH: Final = 256
"""Characters of `from`; a SIP user and host of usual length fit several times (assumed)."""

MAX_SIP_HEADERS: Final = 10
"""Extra headers of one INVITE (assumed): more would not fit a datagram unfragmented."""

MAX_SIP_HEADER_LENGTH: Final = 1024
"""Characters of an extra header's name and value together (assumed, for the same reason)."""

_CALLER_ID: Final = re.compile(r"[^\s<>\"\x00-\x1f\x7f]+")
"""A telephone number, a SIP user or a SIP address: nothing that could end a From header early."""

_HEADER_NAME: Final = re.compile(r"X-[A-Za-z0-9\-.!%*_+`'~]+", re.IGNORECASE)
"""`X-` and a token (RFC 3261 25.1)."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it; an error text is no place for 10 kB of it."""


class BadRestCalls(RemoteFault):
    """A call object is wrong; `code` is the API's four digits for how."""

    def __init__(self, code: str, text: str) -> None:
        """`text` quotes the value and says what was expected."""
        super().__init__(text)
        self.code = code


class ListNotAllowed(RemoteFault):
    """Several starts in one request are for production and premium accounts only."""


MISSING: Final = "0001"
WRONG: Final = "0002"
ZERO: Final = "0004"


def parse_rest_calls(
    text: str, *, may_start_lists: bool, unprefixed_is_conference: bool = False
) -> tuple[ServiceStart, ...]:
    """Read the parameter `rest_calls`, or its alias `outbound_parameters`.

    `may_start_lists` is the account type's word, `unprefixed_is_conference` the service's.

    Raises:
        BadRestCalls: a call object is wrong, or there is none.
        ListNotAllowed: a list, even of one, where the account may not send any.

    """
    try:
        value = read_json(text)
    except BadJson as fault:
        raise BadRestCalls(WRONG, f"rest_calls {_quoted(text)} is not JSON: {fault}") from None
    match value:
        case dict():
            return (_call(value, "", unprefixed_is_conference),)
        case list() if not may_start_lists:
            raise ListNotAllowed(
                "A list of calls in rest_calls is for Production and Premium accounts only"
            )
        case []:
            raise BadRestCalls(
                ZERO, "rest_calls [] is an empty list: 1 to 1000 calls were expected"
            )
        case list() if len(value) > MAX_CALLS:
            raise BadRestCalls(
                WRONG, f"rest_calls has {len(value)} calls: at most {MAX_CALLS} were expected"
            )
        case list():
            return tuple(
                _call(one, f"rest_calls[{n}].", unprefixed_is_conference)
                for n, one in enumerate(value)
            )
        case _:
            raise BadRestCalls(
                WRONG, f"rest_calls {_quoted(text)} is neither a call object nor a list of them"
            )


def _call(value: Json, where: str, unprefixed_is_conference: bool) -> ServiceStart:  # noqa: FBT001 - handed through
    if not isinstance(value, Mapping):
        raise BadRestCalls(
            WRONG, f"{where.rstrip('.')} {_quoted(value)}: a call object was expected"
        )
    to = _text(value, "to", where)
    if not to.strip():
        raise BadRestCalls(
            MISSING, f"{where}to is missing in {_quoted(value)}: a destination was expected"
        )
    try:
        destination = parse_destination(to, unprefixed_is_conference=unprefixed_is_conference)
    except BadDestination as fault:
        raise BadRestCalls(WRONG, f"{where}to {fault}") from None
    caller_id = _caller_id(value, where)
    if isinstance(destination, TelephoneNumber) and not caller_id:
        raise BadRestCalls(
            MISSING,
            f"{where}from is missing: it is mandatory where to is a telephone number, "
            f"and to is {_quoted(to)}",
        )
    token = _text(value, "token", where, limit=MAX_TOKEN_LENGTH)
    return ServiceStart(
        to=to.strip(),
        caller_id=caller_id,
        token=token if isinstance(value.get("token"), str) else None,
        outbound_parameters=_text(
            value, "outbound_parameters", where, limit=MAX_OUTBOUND_PARAMETERS_LENGTH
        ),
        extra_sip_headers=_headers(value.get("extra_sip_headers"), where),
    )


def _text(call: Mapping[str, Json], name: str, where: str, *, limit: int | None = None) -> str:
    """Return a text of a call object; empty if it is absent or null."""
    value = call.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRestCalls(WRONG, f"{where}{name} {_quoted(value)} is not a string")
    if limit is not None and len(value) > limit:
        raise BadRestCalls(
            WRONG,
            f"{where}{name} {_quoted(value)} has {len(value)} characters: "
            f"at most {limit} were expected",
        )
    return value


def _caller_id(call: Mapping[str, Json], where: str) -> str:
    caller_id = _text(call, "from", where, limit=MAX_CALLER_ID_LENGTH).strip()
    if caller_id and not _CALLER_ID.fullmatch(caller_id):
        raise BadRestCalls(
            WRONG,
            f"{where}from {_quoted(caller_id)} is not a caller ID: "
            "a telephone number or a SIP username was expected",
        )
    return caller_id


def _headers(value: Json, where: str) -> tuple[SipHeader, ...]:
    where += "extra_sip_headers"
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadRestCalls(WRONG, f"{where} {_quoted(value)}: a list of headers was expected")
    if len(value) > MAX_SIP_HEADERS:
        raise BadRestCalls(
            WRONG, f"{where} has {len(value)} headers: at most {MAX_SIP_HEADERS} were expected"
        )
    return tuple(_header(one, f"{where}[{n}]") for n, one in enumerate(value))


def _header(value: Json, where: str) -> SipHeader:
    match value:
        case {"name": str(name), "value": str(text)}:
            pass
        case _:
            raise BadRestCalls(
                WRONG, f'{where} {_quoted(value)}: {{"name": "X-...", "value": "..."}} was expected'
            )
    if not _HEADER_NAME.fullmatch(name):
        raise BadRestCalls(
            WRONG, f"{where}.name {_quoted(name)}: a SIP header name that starts with X- expected"
        )
    if _CONTROL.search(text):
        raise BadRestCalls(WRONG, f"{where}.value {_quoted(text)} has a control character in it")
    if len(name) + len(text) > MAX_SIP_HEADER_LENGTH:
        raise BadRestCalls(
            WRONG,
            f"{where} {_quoted(name)} has {len(name) + len(text)} characters: "
            f"at most {MAX_SIP_HEADER_LENGTH} were expected",
        )
    return SipHeader(name, text)


def _quoted(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "..."
