"""What answered a call: a human, an answering machine or a fax machine."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_CLASSIFICATION: Final = 5.0
"""Seconds: the published maximum, and the value that is recommended."""


class FarEndType(StrEnum):
    """As pages are told in `far_end_type` (A-72)."""

    HUMAN = "human"
    ANSWERING_MACHINE = "answering_machine"
    FAX_MACHINE = "fax_machine"
    UNKNOWN = "unknown"


class ClassificationMode(StrEnum):
    """When the clock starts: at the network's answer, or when somebody is heard to pick up."""

    DEFAULT = "default"
    """One of the other two, by the destination's country."""
    NETWORK_CONNECT = "network_connect"
    ANSWER_DETECT = "answer_detect"


@dataclass(frozen=True, slots=True)
class Classification:
    """How a far end is to be classified, and what is not to be talked to."""

    mode: ClassificationMode = ClassificationMode.DEFAULT
    timeout: float = MAX_CLASSIFICATION
    """Seconds."""
    hangs_up_on_machine: bool = True
    hangs_up_on_fax: bool = True

    def hangs_up_on(self, far_end: FarEndType) -> bool:
        """Say whether a call with this far end is ended before its first page."""
        match far_end:
            case FarEndType.ANSWERING_MACHINE:
                return self.hangs_up_on_machine
            case FarEndType.FAX_MACHINE:
                return self.hangs_up_on_fax
            case FarEndType.HUMAN | FarEndType.UNKNOWN:
                return False


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of sound of one kind, in seconds since the classification began."""

    begin: float
    end: float
    kind: str


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A verdict, and what it rests on."""

    far_end_type: FarEndType
    decided_after: float
    """Seconds since the classification began."""
    reasons: tuple[str, ...]
    timeline: tuple[Heard, ...]
