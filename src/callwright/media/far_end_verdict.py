"""What far-end classification is asked and says, in the words of the API."""

from dataclasses import dataclass
from enum import StrEnum


class FarEndType(StrEnum):
    """Who has answered, as the API names it."""

    HUMAN = "human"
    ANSWERING_MACHINE = "answering_machine"
    FAX_MACHINE = "fax_machine"
    UNKNOWN = "unknown"


class Mode(StrEnum):
    """When the clock starts, as the API names it."""

    NETWORK_CONNECT = "network_connect"
    """When the call is answered."""
    ANSWER_DETECT = "answer_detect"
    """When somebody is heard to pick up: some networks answer while it still rings."""


class SegmentKind(StrEnum):
    """What a stretch of sound was taken for."""

    SILENCE = "silence"
    SPEECH = "speech"
    TONE = "tone"
    RINGING = "ringing"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of sound, in seconds since answer."""

    start: float
    end: float
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who has answered, and why we think so."""

    far_end_type: FarEndType
    decided_after: float
    """Seconds since the clock started: at answer, or when somebody picked up."""
    reasons: tuple[str, ...]
    timeline: tuple[Segment, ...]
    """Without gaps, from answer to the verdict."""
