"""Where calls leave: the trunk, and what each of several nodes may use of it. Pure.

A trunk's maximum is a window that whole starts fit in, and whole starts are what nodes divide: each
has some of them to itself, and together they are no more than the window holds. A node gives starts
up before anybody else may have them, and has new ones a window after they were granted, when those
of whoever had them before lie outside of it. So no window ever sees one too many, whatever each
node knows of the others.
"""

import math
import re
from dataclasses import dataclass
from sys import maxsize
from typing import Final

from callwright.domain.errors import CallwrightError

SIMULATED: Final = "sim:"
"""The setting that stands for the simulated carrier."""

_DEFAULT_SIP_PORT: Final = 5060
_SETTING: Final = re.compile(
    r"sip:(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?", re.ASCII
)
_MAX_PORT: Final = 65535


class BadTrunk(CallwrightError):
    """The setting names no trunk; the text quotes it and says what was expected."""


@dataclass(frozen=True, slots=True)
class TrunkLimits:
    """How much a trunk takes at once. None: as much as the accounts may."""

    channels: int | None = None
    maximum_cps: float | None = None

    @property
    def starts(self) -> int:
        """How many whole starts its window holds, of all nodes together; 0: it has no maximum."""
        return 0 if self.maximum_cps is None else max(1, math.ceil(self.maximum_cps))

    def claim(self, used: int) -> "TrunkClaim":
        """Return what a node says of it that uses so many of its starts."""
        return TrunkClaim(self.starts, used, min(self.starts or maxsize, self.channels or maxsize))

    def share(self, *, nodes: int, rank: int, starts: int) -> "TrunkLimits":
        """Return what a node may use of it: these starts, and its part of the channels.

        A maximum of 0.0 or no channels: nothing.
        """
        dispatching = self.claim(starts).dispatching(nodes)
        channels = None if self.channels is None else self.channels // dispatching
        return TrunkLimits(
            channels=0 if rank >= dispatching else channels,
            # As many starts in a window of the same length.
            maximum_cps=None
            if self.maximum_cps is None
            else self.maximum_cps * starts / self.starts,
        )


NO_LIMITS: Final = TrunkLimits()


@dataclass(frozen=True, slots=True)
class TrunkClaim:
    """What a node says of the trunk when it asks for its share."""

    starts: int = 0
    """Whole starts in the trunk's window, of all nodes together. 0: it has no maximum."""
    used: int = 0
    """Of these the node uses so many at most, until it is granted more."""
    most_nodes: int = maxsize
    """For so many nodes there is a start and a channel each; further ones dispatch nothing."""

    def dispatching(self, nodes: int) -> int:
        """How many of so many nodes dispatch: those that began first."""
        return min(nodes, self.most_nodes)

    def fair_starts(self, *, nodes: int, rank: int) -> int:
        """Return how many starts the node of this rank has when all of them know of each other.

        Those that began first have one more where the starts can't be divided evenly. It is never
        more with further nodes, or with further ones before this.
        """
        dispatching = self.dispatching(nodes)
        return 0 if rank >= dispatching else (self.starts - rank - 1) // dispatching + 1

    def granted(self, *, nodes: int, rank: int, kept: int, elsewhere: int) -> int:
        """Return how many starts the node of this rank may use from now on.

        It has `kept` so far, and other nodes have `elsewhere`; only what nobody has is granted.
        It is thought to have what it kept until it says, the next time, that it uses less.
        """
        return min(self.fair_starts(nodes=nodes, rank=rank), max(kept, self.starts - elsewhere))


@dataclass(frozen=True, slots=True)
class Trunk:
    """A next hop that takes our calls."""

    name: str
    """The setting, as the operator wrote it."""
    host: str
    port: int


def parse_trunk(setting: str) -> Trunk | None:
    """Read the setting; None stands for the simulated carrier, whose address is known later.

    Raises:
        BadTrunk: it is neither `sim:` nor `sip:host[:port]`.

    """
    if setting == SIMULATED:
        return None
    found = _SETTING.fullmatch(setting)
    port = int(found["port"] or _DEFAULT_SIP_PORT) if found else 0
    if not found or not 0 < port <= _MAX_PORT:
        raise BadTrunk(f"{setting!r} is no trunk: sim: or sip:host[:port] was expected")
    return Trunk(setting, found["host"], port)
