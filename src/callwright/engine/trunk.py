"""Where calls leave: the trunk, and what a caller ID becomes on it. Pure."""

import re
from dataclasses import dataclass
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

    def share(self, nodes: int) -> "TrunkLimits":
        """Return what each of so many nodes may use of it.

        Nodes keep their shares without asking each other. So a second may hold one start more
        than the maximum for each node where the shares are no whole numbers.
        """
        return TrunkLimits(
            channels=None if self.channels is None else max(1, self.channels // nodes),
            maximum_cps=None if self.maximum_cps is None else self.maximum_cps / nodes,
        )


NO_LIMITS: Final = TrunkLimits()


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
