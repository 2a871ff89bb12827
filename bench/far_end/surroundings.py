"""What is heard beside a voice: noise, music, a television, a room, a cough."""

from typing import Final

import numpy as np

from callwright.media.frames import SAMPLE_RATE_HZ, amplitude
from far_end.voices import Wave

SPEECH_FLOOR_DB: Final = 16.0
"""Pauses fainter than this below the mean don't count for a level (in the manner of ITU-T P.56)."""

BAND_HZ: Final = (250.0, 3450.0)
"""A telephone channel (ITU-T G.712)."""


def levelled(wave: Wave, level_dbm0: float) -> Wave:
    """Bring the sound's active level to this; silence stays silence."""
    step = SAMPLE_RATE_HZ // 50
    powers = np.mean(wave[: len(wave) // step * step].reshape(-1, step) ** 2, axis=1)
    loud = powers[powers > powers.mean() * 10 ** (-SPEECH_FLOOR_DB / 10)] if powers.size else powers
    if not loud.size or not loud.mean():
        return wave
    return wave * float(amplitude(level_dbm0) / np.sqrt(2 * loud.mean()))


def telephone_band(wave: Wave) -> Wave:
    """Cut off what a telephone channel doesn't carry, with slopes of some 100 Hz."""
    spectrum = np.fft.rfft(wave)
    places = np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE_HZ)
    low, high = BAND_HZ
    gain = 1 / (1 + (low / np.maximum(places, 1.0)) ** 8) / (1 + (places / high) ** 40)
    return np.fft.irfft(spectrum * gain, len(wave))


def hiss(count: int, tilt: float, chance: np.random.Generator) -> Wave:
    """Make noise whose power falls with frequency: tilt 0 is white, 1 pink, 2 brown."""
    places = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    shape = np.maximum(places, 60.0) ** (-tilt / 2)
    wave: Wave = np.fft.irfft(np.fft.rfft(chance.normal(size=count)) * shape, count)
    return wave


def street(count: int, chance: np.random.Generator) -> Wave:
    """Make traffic: low noise that swells and fades over seconds."""
    seconds = np.arange(count) / SAMPLE_RATE_HZ
    swell = 1 + 0.6 * np.sin(2 * np.pi * (chance.uniform(0.1, 0.4) * seconds + chance.uniform()))
    return hiss(count, 1.5, chance) * swell


def music(count: int, chance: np.random.Generator) -> Wave:
    """Make chords, a tune and a drum, in some key and at some speed."""
    beat = round(SAMPLE_RATE_HZ * 60 / chance.uniform(80, 150))
    root = 110 * 2 ** (chance.integers(0, 12) / 12)
    wave = np.zeros(count + 4 * beat)
    for start in range(0, count, beat):
        if start // beat % 4 == 0:
            base = chance.choice([0, 5, 7, 9])
            for step in (0, 4, 7):
                _add(wave, start, _note(root * 2 ** ((base + step) / 12), 4 * beat, 0.4))
        degree = chance.choice([0, 2, 4, 5, 7, 9, 11, 12])
        _add(wave, start, _note(4 * root * 2 ** (degree / 12), beat, 1.0))
        drum = chance.normal(size=beat // 2) * np.exp(-np.arange(beat // 2) / 300)
        _add(wave, start, drum * chance.uniform(0.2, 0.8))
    return wave[:count]


def room(wave: Wave, reverberation: float, chance: np.random.Generator) -> Wave:
    """Let the sound be heard from across a room: `reverberation` seconds until -60 dB."""
    count = int(reverberation * SAMPLE_RATE_HZ)
    tail = chance.normal(size=count) * 10 ** (-3 * np.arange(count) / count)
    tail *= chance.uniform(0.3, 0.7) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = len(wave) + count
    wet: Wave = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(tail, size), size)
    return wet


def cough(chance: np.random.Generator) -> Wave:
    """Make one or two bursts of throaty noise."""
    bursts = [
        hiss(count, 0.7, chance) * np.exp(-np.arange(count) / (count / 3))
        for count in chance.integers(1200, 2600, chance.integers(1, 3))
    ]
    gap = np.zeros(int(chance.integers(800, 2000)))
    return np.concatenate(
        [piece for burst in bursts for piece in (burst / np.abs(burst).max(), gap)]
    )


def click(chance: np.random.Generator) -> Wave:
    """Make the knock of a relay or of a receiver being lifted."""
    count = int(chance.integers(160, 640))
    return chance.normal(size=count) * np.exp(-np.arange(count) / (count / 4))


def _note(frequency_hz: float, count: int, strength: float) -> Wave:
    seconds = np.arange(count) / SAMPLE_RATE_HZ
    overtones = sum(
        np.sin(2 * np.pi * frequency_hz * n * seconds) / n**1.5
        for n in range(1, 6)
        if frequency_hz * n < SAMPLE_RATE_HZ / 2
    )
    fade = np.minimum(1, np.arange(count) / 80) * np.exp(-1.5 * np.arange(count) / count)
    note: Wave = strength * overtones * fade
    return note


def _add(wave: Wave, start: int, piece: Wave) -> None:
    wave[start : start + len(piece)] += piece[: len(wave) - start]
