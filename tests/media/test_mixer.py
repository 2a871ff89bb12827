"""Rooms: who hears whom, over all rows at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.media.frames import FRAME_SAMPLES, Samples
from callwright.media.mixer import Mixer, Place

ROWS = 8
FAINT = 2
LOUD = 30_000


def sent(level: int = FAINT) -> Samples:
    """Each row is told from the others by its own bit."""
    rows = [
        np.full(FRAME_SAMPLES, level << row if level == FAINT else level) for row in range(ROWS)
    ]
    return np.array(rows).astype(np.int16)


def mixed(places: dict[int, Place], sounds: Samples) -> list[int]:
    mixer = Mixer()
    for row, place in places.items():
        mixer.put(row, place)
    heard = np.full_like(sounds, -1)
    mixer.mix(sounds, heard)
    assert (heard == heard[:, :1]).all()  # each row is one value from end to end
    return [int(it) for it in heard[:, 0]]


def expected(places: dict[int, Place], sounds: Samples) -> list[int]:
    """The rule word by word: each hears all but itself who talk in its room, clipped."""
    found = []
    for row in range(ROWS):
        place = places.get(row)
        if place is None:
            found.append(-1)  # not in a room: left as it was
            continue
        others = [it for it in places if it != row and places[it].room == place.room]
        total = sum(int(sounds[it][0]) for it in others if places[it].talks)
        found.append(int(np.clip(total, -0x8000, 0x7FFF)) if place.hears else 0)
    return found


TABLE: list[dict[int, Place]] = [
    {},
    {0: Place(1)},
    {0: Place(1), 1: Place(1)},
    {0: Place(1), 1: Place(2)},
    {5: Place(1), 2: Place(2), 3: Place(1), 7: Place(2), 0: Place(1)},
    {0: Place(1, talks=False), 1: Place(1), 2: Place(1)},
    {0: Place(1, hears=False), 1: Place(1), 2: Place(1)},
    {0: Place(1, talks=False, hears=False), 1: Place(1)},
    {0: Place(1, talks=False), 1: Place(1, talks=False), 2: Place(2), 3: Place(2)},
]


@pytest.mark.parametrize("places", TABLE)
@pytest.mark.parametrize("level", [FAINT, LOUD, -LOUD])
def test_each_hears_all_but_itself(places: dict[int, Place], level: int) -> None:
    assert mixed(places, sent(level)) == expected(places, sent(level))


PLACES = st.builds(Place, st.integers(1, 3), st.booleans(), st.booleans())


@given(st.dictionaries(st.integers(0, ROWS - 1), PLACES))
def test_any_rooms_follow_the_rule(places: dict[int, Place]) -> None:
    assert mixed(places, sent()) == expected(places, sent())


def test_who_leaves_or_changes_is_heard_no_more() -> None:
    mixer, heard = Mixer(), np.zeros((ROWS, FRAME_SAMPLES), np.int16)
    for row in (0, 1, 2):
        mixer.put(row, Place(1))
    mixer.mix(sent(), heard)
    assert heard[0][0] == 0b1100
    mixer.remove(1)
    mixer.mix(sent(), heard)
    assert heard[0][0] == 0b1000
    mixer.put(2, Place(1, talks=False))
    mixer.mix(sent(), heard)
    assert heard[0][0] == 0
    assert mixer.size(0) == 2
    assert mixer.others(0) == [2]
    assert mixer.others(2) == mixer.others(5) == []
    assert mixer.size(5) == 0
    for row in (0, 2, 5):
        mixer.remove(row)
    assert not mixer
