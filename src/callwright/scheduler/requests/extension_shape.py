"""An extension of a request, and as the web services show it (section 12.2).

Fields of ours are `destination`, what calls to the extension's number call, and `record_calls`.
"""

import re
from collections.abc import Mapping
from typing import Final

from callwright.domain.callback import ExtensionId
from callwright.domain.clock import UnixTime
from callwright.domain.destination import BadDestination, parse_destination
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_moment
from callwright.scheduler.requests.fields import BadRequest, Fields, quoted
from callwright.scheduler.values import Extension

TYPE: Final = "phone"
"""The one type that is served; `ivr`, `queue` and `fax` belong to other parts of a PBX."""

MAX_TEXT: Final = 255
MAX_DESTINATION: Final = 2048
_NAME: Final = re.compile(r"(?:[0-9]{1,10}\*)?([0-9]{1,20})", re.ASCII)
"""The client's prefix, which may be left out, and the number."""


def read_extension(
    body: Mapping[str, object], *, account_id: AccountId, now: UnixTime, old: Extension | None
) -> Extension:
    """Read an extension; what is left out is as in `old`.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    _check_type(fields)
    extension = Extension(
        extension_id=old.extension_id if old else ExtensionId(0),
        account_id=account_id,
        number=_number(fields, old.number if old else ""),
        label=fields.text("label", most=MAX_TEXT, default=old.label if old else ""),
        caller_id_name=fields.text(
            "caller_id_name", most=MAX_TEXT, default=old.caller_id_name if old else ""
        ),
        caller_id_number=_caller_id(fields, old.caller_id_number if old else ""),
        is_blocked=_is_blocked(fields, is_blocked=old.is_blocked if old else False),
        created_at=old.created_at if old else now,
        destination=_destination(fields, old.destination if old else ""),
        records_calls=_records_calls(fields, was=old is not None and old.records_calls),
    )
    if fields.faults:
        raise BadRequest("the extension is not valid", tuple(fields.faults))
    return extension


def print_extension(extension: Extension, *, domain: str) -> dict[str, object]:
    """Return an extension's fields."""
    return {
        "id": extension.extension_id,
        "client_id": extension.account_id,
        "name": print_number(extension.account_id, extension.number),
        "type": TYPE,
        "status": "blocked" if extension.is_blocked else "active",
        "label": extension.label,
        "caller_id_name": extension.caller_id_name,
        "caller_id_number": extension.caller_id_number,
        "destination": extension.destination,
        "domain": domain,
        "create_date": print_moment(extension.created_at),
        "extension_group_id": None,
        # Whoever knows the original alone never sees it.
        **({"record_calls": True} if extension.records_calls else {}),
    }


def print_number(account_id: AccountId, number: str) -> str:
    """Print an extension's number with the client's prefix."""
    return f"{account_id:04d}*{number}"


def _check_type(fields: Fields) -> None:
    kind = fields.values.get("type")
    if kind not in (None, TYPE):
        fields.wrong("type", f"{quoted(kind)}: {TYPE!r} was expected, no other type is served")


def _number(fields: Fields, default: str) -> str:
    value = fields.values.get("name")
    if value is None:
        if not default:
            fields.wrong("name", "is missing: the number of the extension was expected")
        return default
    found = _NAME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        fields.wrong("name", f"{quoted(value)}: a number as in '200' or '0003*200' was expected")
        return default
    return found[1]


def _caller_id(fields: Fields, default: str) -> str:
    value = fields.values.get("caller_id_number")
    if value in (None, ""):
        return default if value is None else ""
    return fields.one_number(value, "caller_id_number")


def _is_blocked(fields: Fields, *, is_blocked: bool) -> bool:
    status = fields.values.get("status")
    if status is None:
        return is_blocked
    if status not in ("active", "blocked"):
        fields.wrong("status", f"{quoted(status)}: 'active' or 'blocked' was expected")
    return status == "blocked"


def _records_calls(fields: Fields, *, was: bool) -> bool:
    given = fields.truth("record_calls")
    return was if given is None else given


def _destination(fields: Fields, default: str) -> str:
    text = fields.text("destination", most=MAX_DESTINATION, default=default)
    if text:
        try:
            parse_destination(text)
        except BadDestination as fault:
            fields.wrong("destination", str(fault))
    return text
