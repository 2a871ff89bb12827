"""A reserved conference: a room that is the account's own for a while, and takes more people.

- `ReservationRefused`: what is asked of a reservation cannot be
    - `ReservationsNotEnabled`: the account has none on request
    - `TooManyReservations`: it has as many as may be
    - `AlreadyReserved`: the name is taken, or the conference has begun or is over
    - `NotReserved`: there is no reservation of that name
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.clock import UnixTime
from callwright.domain.conference import RoomView
from callwright.domain.errors import RemoteFault

SECONDS_A_MINUTE: Final = 60

_NAME: Final = re.compile(r"[A-Za-z0-9]{1,47}")
"""Fewer than 48 letters and digits (published)."""


class ReservationRefused(RemoteFault):
    """What is asked of a reservation cannot be; the text says why."""


class ReservationsNotEnabled(ReservationRefused):
    """Reserved conferences are there on request only (published)."""


class TooManyReservations(ReservationRefused):
    """The account has as many as may be."""


class AlreadyReserved(ReservationRefused):
    """The name is taken, or it is too late for what is asked."""


class NotReserved(ReservationRefused):
    """There is no reservation of that name."""

    def __init__(self, name: str) -> None:
        """Quote it."""
        super().__init__(f"there is no reserved conference {name!r}")


def can_be_reserved(name: str) -> bool:
    """Whether a reserved conference may have this name; other rooms have more to choose from."""
    return _NAME.fullmatch(name) is not None


class ConferenceState(StrEnum):
    """Where a conference is (published)."""

    RESERVED = "RESERVED"
    """Booked, not started."""
    HOLDING = "HOLDING"
    """Open; whoever is in it waits for it to become active."""
    ACTIVE = "ACTIVE"
    """Two or more participants hear each other."""
    COMPLETED = "COMPLETED"
    """A reserved one that is over."""


class Phase(StrEnum):
    """Where a moment lies beside the time that a conference is reserved for."""

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Reservation:
    """One name that is an account's own for a while."""

    name: str
    max_participants: int
    starts_at: UnixTime
    ends_at: UnixTime
    divert: str = ""
    """The inbound service that takes calls before the start; empty: they are busy."""

    @property
    def duration_minutes(self) -> int:
        """How long it takes, as it was asked for."""
        return round((self.ends_at - self.starts_at) / SECONDS_A_MINUTE)

    def phase(self, at: UnixTime) -> Phase:
        """Say where a moment lies; the start is within, the end is after."""
        if at < self.starts_at:
            return Phase.BEFORE
        return Phase.WITHIN if at < self.ends_at else Phase.AFTER


_STATES: Final = {
    (Phase.BEFORE, False): ConferenceState.RESERVED,
    # Somebody was in a room of that name when it was reserved, and may stay.
    (Phase.BEFORE, True): ConferenceState.RESERVED,
    (Phase.WITHIN, False): ConferenceState.HOLDING,
    (Phase.WITHIN, True): ConferenceState.ACTIVE,
    (Phase.AFTER, False): ConferenceState.COMPLETED,
    (Phase.AFTER, True): ConferenceState.COMPLETED,
}


def state_of(reservation: Reservation, room: RoomView | None, at: UnixTime) -> ConferenceState:
    """Say where a reserved conference is, whose room may be empty."""
    return _STATES[reservation.phase(at), room is not None and room.is_started]
