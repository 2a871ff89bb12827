"""Cepstra of telephone sound."""

import numpy as np
import pytest

from callwright.adapters.speech.telephone_features import (
    HEARD_BANDS,
    STEP,
    WINDOW,
    bands,
    centre,
    cepstra,
    fitted,
    streams,
    telephone_fit,
)

NOISE = np.random.default_rng(4).normal(0, 500, 8000).astype(np.int16)


def test_a_tone_is_loudest_in_the_band_of_its_pitch() -> None:
    at = np.arange(4000) / 8000
    loudest = [
        int(bands((8000 * np.sin(2 * np.pi * pitch * at)).astype(np.int16)).mean(axis=0).argmax())
        for pitch in (300, 1000, 2000, 3000)
    ]
    assert loudest == sorted(set(loudest))
    assert loudest[-1] < HEARD_BANDS


@pytest.mark.parametrize("size", [0, 1, WINDOW])
def test_sound_of_less_than_a_window_has_no_frame(size: int) -> None:
    assert bands(NOISE[:size]).shape == (0, HEARD_BANDS)


@pytest.mark.parametrize("length", [160, 161, 800, 1601])
def test_pieces_have_the_bands_of_the_whole(length: int) -> None:
    whole, found, waiting = bands(NOISE), [], np.zeros(0, np.int16)
    for start in range(0, NOISE.size, length):
        waiting = np.concatenate([waiting, NOISE[start : start + length]])
        piece = bands(waiting)
        waiting = waiting[len(piece) * STEP :]
        found.append(piece)
    assert np.allclose(np.concatenate(found), whole, atol=1e-3)


def test_loudness_changes_nothing_once_evened() -> None:
    fit = telephone_fit()
    evened = []
    for gain in (1, 4):
        heard = bands(NOISE * gain)
        values = cepstra(heard, fit)
        evened.append(fitted(values, centre(heard, values), fit))
    assert np.abs(evened[0] - evened[1]).max() < 0.5
    assert np.isfinite(evened[0]).all()


def test_silence_alone_is_evened_too() -> None:
    heard = bands(np.zeros(800, np.int16))
    values = cepstra(heard, telephone_fit())
    assert np.allclose(centre(heard, values), values.mean(axis=0))


def test_slopes_and_bends_are_those_of_a_line() -> None:
    line = np.arange(20, dtype=np.float32)[:, None] * np.ones((1, 13), np.float32)
    inner = streams(line)[5:15]
    assert (inner[:, 1] == 4).all()
    assert (inner[:, 2] == 0).all()
