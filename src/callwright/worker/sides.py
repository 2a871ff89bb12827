"""Whose sound is recorded or listened to: the far end's, what it is sent, or both."""

from enum import StrEnum

import numpy as np

from callwright.media.frames import Samples, clipped


class Side(StrEnum):
    """A side of a leg, as commands name it."""

    HEARD = "heard"
    SENT = "sent"
    MIXED = "mixed"
    """Both in one channel."""
    SEPARATE = "separate"
    """Two channels, the far end first."""

    @property
    def takes_heard(self) -> bool:
        """Whether the far end's sound is in it."""
        return self is not Side.SENT

    @property
    def takes_sent(self) -> bool:
        """Whether what the far end is sent is in it."""
        return self is not Side.HEARD

    @property
    def channels(self) -> int:
        """How many channels a file of it has."""
        return 2 if self is Side.SEPARATE else 1


def side_named(name: str, *among: Side) -> Side:
    """The side that a command names.

    Raises:
        ValueError: it is none of these.

    """
    if name not in among:
        raise ValueError(f"side {name!r}; expected {' or '.join(among)}")
    return Side(name)


def combined(side: Side, heard: bytes, sent: bytes) -> Samples:
    """One stretch of a leg's sound, both sides equally long where both are taken.

    `SEPARATE` comes interleaved, as wav files have it.
    """
    match side:
        case Side.HEARD:
            return np.frombuffer(heard, np.int16)
        case Side.SENT:
            return np.frombuffer(sent, np.int16)
        case Side.MIXED:
            both = np.frombuffer(heard, np.int16).astype(np.int32)
            return clipped(both + np.frombuffer(sent, np.int16)).astype(np.int16)
        case Side.SEPARATE:
            pair = (np.frombuffer(heard, np.int16), np.frombuffer(sent, np.int16))
            return np.stack(pair, axis=1).reshape(-1)
