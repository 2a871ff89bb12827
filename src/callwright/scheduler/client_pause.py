"""A client that is paused: all its queues act as if they were off, each keeps its own switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_moment
from callwright.scheduler.requests.fields import BadRequest, Fields, found

MAX_REASON: Final = 255
"""Characters, as of a name."""


class Pauser(StrEnum):
    """Who paused a client."""

    CLIENT = "client"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class ClientPause:
    """Since when a client is paused, by whom and why."""

    account_id: AccountId
    by: Pauser
    reason: str
    at: UnixTime


@dataclass(frozen=True, slots=True)
class StateWish:
    """What a client asks for."""

    is_paused: bool
    reason: str


def read_state(body: Mapping[str, object]) -> StateWish:
    """Read whether a client is to be paused.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    status = fields.values.get("status")
    if status not in ("on", "paused"):
        fields.wrong("status", f"{found(status)}: 'on' or 'paused' was expected")
    wish = StateWish(status == "paused", fields.text("reason", most=MAX_REASON))
    if fields.faults:
        raise BadRequest("the state is not valid", tuple(fields.faults))
    return wish


def print_state(pause: ClientPause | None) -> dict[str, object]:
    """Return the fields of a client's state; None is that it is on."""
    return {
        "status": "on" if pause is None else "paused",
        "reason": "" if pause is None else pause.reason,
        "paused_by": None if pause is None else str(pause.by),
        "paused_date_utc": None if pause is None else print_moment(pause.at),
    }
