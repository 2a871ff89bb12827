"""Rooms: n rows, each hears all others of its room and not itself, all rooms at once.

Those who talk are added up room by room, in 32 bits; each hearer gets his room's sum less his
own part, clipped to 16. So the cost grows with the rows and not with their pairs.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import FRAME_SAMPLES, Samples, clipped


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is, and what it does there."""

    room: int
    talks: bool = True
    """Whether the others hear it."""
    hears: bool = True
    """Whether it hears the others."""


class Mixer:
    """Which rows are in which room; the arithmetic is over all of them at once."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._plan: _Plan | None = None

    def __bool__(self) -> bool:
        """Whether anybody is in any room."""
        return bool(self._places)

    def put(self, row: int, place: Place) -> None:
        """Bring a row into a room, or change what it does there."""
        self._places[row] = place
        self._plan = None

    def remove(self, row: int) -> None:
        """Take a row out of its room; one that is in none is left alone."""
        if self._places.pop(row, None) is not None:
            self._plan = None

    def others(self, row: int) -> list[int]:
        """Rows of the same room that hear this one; none when it doesn't talk."""
        place = self._places.get(row)
        if place is None or not place.talks:
            return []
        return [
            other
            for other, its in self._places.items()
            if its.room == place.room and its.hears and other != row
        ]

    def size(self, row: int) -> int:
        """How many rows are in this one's room, itself counted; 0 when it is in none."""
        place = self._places.get(row)
        return 0 if place is None else sum(it.room == place.room for it in self._places.values())

    def mix(self, sent: Samples, heard: Samples) -> None:
        """Put what each row of a room hears into its row of `heard`."""
        if not self._places:
            return
        plan = self._plan = self._plan or _planned(self._places)
        sums = np.zeros((plan.rooms + 1, FRAME_SAMPLES), np.int32)
        if plan.talkers.size:
            talk = sent[plan.talkers].astype(np.int32)
            sums[: plan.rooms] = np.add.reduceat(talk, plan.starts, axis=0)
        mixed = sums[plan.sum_of_hearer]
        mixed[plan.talks_too] -= sent[plan.hearers[plan.talks_too]]
        heard[plan.hearers] = clipped(mixed)
        heard[plan.deaf] = 0


class _Plan(NamedTuple):
    """The places as arrays, until they change."""

    talkers: NDArray[np.intp]
    """Rows that are heard, room by room."""
    starts: NDArray[np.intp]
    """Where in `talkers` each room begins that has any."""
    hearers: NDArray[np.intp]
    sum_of_hearer: NDArray[np.intp]
    """Which room's sum each hearer gets; the last one is silence."""
    talks_too: NDArray[np.intp]
    """Places in `hearers` of those who are in their room's sum themselves."""
    deaf: NDArray[np.intp]

    @property
    def rooms(self) -> int:
        """How many rooms have talkers."""
        return len(self.starts)


def _planned(places: dict[int, Place]) -> _Plan:
    talkers = sorted(
        (row for row, it in places.items() if it.talks), key=lambda it: places[it].room
    )
    rooms = [places[row].room for row in talkers]
    starts = [at for at, room in enumerate(rooms) if not at or rooms[at - 1] != room]
    sum_of = {rooms[start]: number for number, start in enumerate(starts)}
    hearers = [row for row, it in places.items() if it.hears]
    return _Plan(
        talkers=np.array(talkers, np.intp),
        starts=np.array(starts, np.intp),
        hearers=np.array(hearers, np.intp),
        sum_of_hearer=np.array(
            [sum_of.get(places[row].room, len(starts)) for row in hearers], np.intp
        ),
        talks_too=np.array([at for at, row in enumerate(hearers) if places[row].talks], np.intp),
        deaf=np.array([row for row, it in places.items() if not it.hears], np.intp),
    )
