"""What is asked of a reservation, from the texts of a request to checked values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callwright.conferences.reservation import can_be_reserved
from callwright.conferences.wire_names import (
    DIVERT,
    DURATION,
    MAX_PARTICIPANTS,
    NAME,
    START_TIME,
)
from callwright.domain.clock import BadDatetime, UnixTime, parse_datetime
from callwright.domain.conference import MAX_RESERVED
from callwright.domain.errors import RemoteFault

MAX_MINUTES: Final = 1440
"""Of one conference (assumed): a day."""

MISSING: Final = "0001"
WRONG: Final = "0002"
ZERO: Final = "0004"

_SERVICE_NAME: Final = re.compile(r"[A-Za-z0-9\-_.+]{1,64}")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it."""


class BadReservation(RemoteFault):
    """A parameter is wrong; `code` is the API's four digits for how."""

    def __init__(self, code: str, text: str) -> None:
        """`text` quotes the value and says what was expected."""
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class ReservationWish:
    """What is asked of a reservation; None leaves it as it is."""

    name: str
    max_participants: int | None = None
    starts_at: UnixTime | None = None
    minutes: int | None = None
    divert: str | None = None
    """Empty: to nobody."""


def read_wish(parameters: Mapping[str, str], *, is_new: bool) -> ReservationWish:
    """Read the parameters of a reservation; a new one needs all but `divert`.

    Raises:
        BadReservation: one is missing or wrong.

    """
    wish = ReservationWish(
        name=reserved_name(parameters.get(NAME, "")),
        max_participants=_count(parameters, MAX_PARTICIPANTS, MAX_RESERVED),
        starts_at=_moment(parameters),
        minutes=_count(parameters, DURATION, MAX_MINUTES),
        divert=_divert(parameters),
    )
    given = {
        MAX_PARTICIPANTS: wish.max_participants,
        START_TIME: wish.starts_at,
        DURATION: wish.minutes,
    }
    missing = [name for name, value in given.items() if value is None]
    if is_new and missing:
        raise BadReservation(MISSING, f"{missing[0]} is missing: {_EXPECTED[missing[0]]}")
    return wish


def reserved_name(text: str) -> str:
    """Return the name of a reserved conference; raises `BadReservation`."""
    if not text:
        raise BadReservation(MISSING, f"{NAME} is missing: {_EXPECTED[NAME]}")
    if not can_be_reserved(text):
        raise _wrong(NAME, text)
    return text


_EXPECTED: Final = {
    NAME: "1 to 47 letters and digits were expected",
    MAX_PARTICIPANTS: f"a whole number of 1 to {MAX_RESERVED} was expected",
    START_TIME: "a moment was expected, UTC, as YYYY-MM-DD_hh:mm:ss",
    DURATION: f"whole minutes were expected, 1 to {MAX_MINUTES}",
    DIVERT: "the name of an inbound service of the account was expected",
}


def _count(parameters: Mapping[str, str], name: str, most: int) -> int | None:
    text = parameters.get(name, "")
    if not text:
        return None
    if not _COUNT.fullmatch(text):
        raise _wrong(name, text)
    count = int(text)
    if count == 0:
        raise BadReservation(ZERO, f"{name} is 0: {_EXPECTED[name]}")
    if count > most:
        raise _wrong(name, text)
    return count


def _moment(parameters: Mapping[str, str]) -> UnixTime | None:
    text = parameters.get(START_TIME, "")
    if not text:
        return None
    try:
        return parse_datetime(text)
    except BadDatetime:
        raise _wrong(START_TIME, text) from None


def _divert(parameters: Mapping[str, str]) -> str | None:
    text = parameters.get(DIVERT)
    if text and not _SERVICE_NAME.fullmatch(text):
        raise _wrong(DIVERT, text)
    return text


def no_such_service(name: str) -> BadReservation:
    """Say that calls cannot be diverted to what the account has not."""
    return _wrong(DIVERT, name)


def _wrong(name: str, text: str) -> BadReservation:
    shown = repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "...")
    return BadReservation(WRONG, f"{name} is {shown}: {_EXPECTED[name]}")
