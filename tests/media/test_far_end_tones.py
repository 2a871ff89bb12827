"""Which tones are a fax, which a machine's beep, which the network's."""

import pytest

from callwright.media.beep import Tone
from callwright.media.far_end_tones import is_beep, is_fax, is_network_tone

LOUD = -15.0
"""Of the greeting, dBm0."""


def tone(hertz: float, seconds: float, level: float = -12.0, *, is_over: bool = True) -> Tone:
    return Tone(hertz, seconds, level, is_over)


FAXES: list[tuple[str, Tone, bool, bool]] = [
    ("CED, half a second of it", tone(2100.0, 0.5, is_over=False), True, True),
    ("CED at its lower limit", tone(2085.0, 3.0), True, True),
    ("CED at its upper limit", tone(2115.0, 3.0), True, True),
    ("CED after somebody spoke", tone(2100.0, 0.6, is_over=False), False, True),
    ("CED too short yet", tone(2100.0, 0.48, is_over=False), True, False),
    ("beside CED", tone(2150.0, 3.0), True, False),
    ("CNG", tone(1100.0, 0.5), True, True),
    ("CNG at its limits", tone(1062.0, 0.425), True, True),
    ("CNG still sounding", tone(1100.0, 0.5, is_over=False), True, False),
    ("as high as CNG, too short", tone(1100.0, 0.3), True, False),
    ("as high as CNG, too long", tone(1100.0, 0.8), True, False),
    ("as high as CNG, after a greeting", tone(1100.0, 0.5), False, False),
]


@pytest.mark.parametrize(
    ("heard", "is_first", "expected"), [one[1:] for one in FAXES], ids=[one[0] for one in FAXES]
)
def test_a_fax_is_known_by_its_tones(heard: Tone, *, is_first: bool, expected: bool) -> None:
    assert is_fax(heard, is_first=is_first) is expected


BEEPS: list[tuple[str, Tone, bool, bool]] = [
    ("a beep after a greeting", tone(1000.0, 0.3), False, True),
    ("a beep alone", tone(1000.0, 0.3), True, True),
    ("still sounding", tone(1000.0, 0.3, is_over=False), False, False),
    ("too long", tone(1000.0, 2.6), False, False),
    ("a fax's", tone(2100.0, 1.0), False, False),
    ("far fainter than the greeting", tone(1000.0, 0.3, level=LOUD - 13.0), False, False),
    ("a low one, held", tone(440.0, 0.4), False, True),
    ("a vowel", tone(440.0, 0.2), False, False),
    ("busy", tone(425.0, 0.4), True, False),
    ("ringing", tone(425.0, 1.0), True, False),
    ("low and shorter than busy", tone(440.0, 0.25), True, True),
    ("low and between busy and ringing", tone(440.0, 0.6), True, True),
]


@pytest.mark.parametrize(
    ("heard", "is_first", "expected"), [one[1:] for one in BEEPS], ids=[one[0] for one in BEEPS]
)
def test_a_beep_is_known_by_its_length_pitch_and_level(
    heard: Tone, *, is_first: bool, expected: bool
) -> None:
    assert is_beep(heard, LOUD, is_first=is_first) is expected


@pytest.mark.parametrize(
    ("hertz", "level", "expected"),
    [
        (425.0, -15.0, True),
        (480.0, -25.0, True),
        (425.0, -50.0, False),
        (300.0, -15.0, False),
        (1000.0, -15.0, False),
        (0.0, -15.0, False),
    ],
)
def test_networks_ring_low_and_loud(hertz: float, level: float, *, expected: bool) -> None:
    assert is_network_tone(hertz, level) is expected
