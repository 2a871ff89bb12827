"""What a tone says that is heard after answer: a fax, a machine's beep, or the network."""

from typing import Final

from callwright.media.beep import Tone

CED_HZ: Final = (2080.0, 2120.0)
"""A fax that answers: 2100 Hz within 15 (ITU-T T.30 4.3.3.2), and what noise adds."""

CED: Final = 0.5
"""Seconds of it that are certain; it lasts 2.6 to 4."""

CNG_HZ: Final = (1057.0, 1143.0)
"""A fax that calls: 1100 Hz within 38 (ITU-T T.30 4.3.3.1), and what noise adds."""

CNG: Final = (0.40, 0.60)
"""Seconds: 0.5 within 15 % (the same), and what frames and lost packets take or add."""

NETWORK_HZ: Final = (370.0, 500.0)
"""Ringing and busy tones of most networks: 400 to 480 Hz, alone or in pairs (ITU-T E.180)."""

MIN_NETWORK_DBM0: Final = -45.0
"""Fainter tones are crosstalk: networks send them at -10 to -25 (ITU-T E.180)."""

BEEPS_AMONG_THEM: Final = ((0.18, 0.33), (0.48, 0.9))
"""Seconds that none of those tones lasts: busy and ringing take 0.4, or 1 and more."""

HELD_VOWEL_HZ: Final = 600.0
HELD_VOWEL: Final = 0.3
"""Where somebody speaks, a lower tone that is shorter, in seconds, is a vowel he held."""

MAX_BEEP_UNDER_SPEECH_DB: Final = 12.0
"""A fainter tone is a note of somebody's music: machines play beeps as loud as their greeting."""

MAX_BEEP: Final = 2.5
"""Seconds: a longer tone is the network's, or a test."""


def is_fax(tone: Tone, *, is_first: bool) -> bool:
    """Whether a fax sends this tone; `is_first`: nobody has spoken before."""
    if _is_within(tone.frequency_hz, CED_HZ):
        return tone.duration >= CED
    is_cng = tone.is_over and _is_within(tone.duration, CNG)
    return is_first and is_cng and _is_within(tone.frequency_hz, CNG_HZ)


def is_beep(tone: Tone, loudest_dbm0: float, *, is_first: bool) -> bool:
    """Whether a machine sends this tone, now that it is over; see `is_fax`."""
    if not tone.is_over or tone.duration > MAX_BEEP or _is_within(tone.frequency_hz, CED_HZ):
        return False
    if tone.level_dbm0 < loudest_dbm0 - MAX_BEEP_UNDER_SPEECH_DB:
        return False
    if not is_first:
        return tone.frequency_hz >= HELD_VOWEL_HZ or tone.duration >= HELD_VOWEL
    if not _is_within(tone.frequency_hz, NETWORK_HZ):
        return True
    return any(_is_within(tone.duration, lengths) for lengths in BEEPS_AMONG_THEM)


def is_network_tone(frequency_hz: float, level_dbm0: float) -> bool:
    """Whether a frame may be a part of a network's ringing."""
    return _is_within(frequency_hz, NETWORK_HZ) and level_dbm0 >= MIN_NETWORK_DBM0


def _is_within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
