"""Servers for calls to WebSockets: a call as an object, paced sound, and a call that is none."""

from .call import Call, Handler
from .conversation import Connection, converse
from .messages import (
    CAUSES,
    BadPlatformMessage,
    Digit,
    Ended,
    Origin,
    Overflow,
    PlayFinished,
    Problem,
    SoundHeard,
)
from .playing import AS_HEARD, Play, PlayOptions, Sound
from .session import DIGITS, SUB_PROTOCOLS, Event, choose_sub_protocol
from .sound import (
    SAMPLE_RATE_HZ,
    TELEPHONE,
    Encoding,
    SoundFormat,
    loudness,
    read_wav,
    silence,
    tone,
    write_wav,
)

__all__ = [
    "AS_HEARD",
    "CAUSES",
    "DIGITS",
    "SAMPLE_RATE_HZ",
    "SUB_PROTOCOLS",
    "TELEPHONE",
    "BadPlatformMessage",
    "Call",
    "Connection",
    "Digit",
    "Encoding",
    "Ended",
    "Event",
    "Handler",
    "Origin",
    "Overflow",
    "Play",
    "PlayFinished",
    "PlayOptions",
    "Problem",
    "Sound",
    "SoundFormat",
    "SoundHeard",
    "choose_sub_protocol",
    "converse",
    "loudness",
    "read_wav",
    "silence",
    "tone",
    "write_wav",
]
