"""What is known of a stream's line."""

import numpy as np

from callwright.adapters.speech.telephone_features import bands, cepstra, telephone_fit
from callwright.adapters.speech.telephone_line import Line, TelephoneSound

NOISE = np.random.default_rng(4).normal(0, 500, 8000).astype(np.int16)


def test_sound_in_pieces_has_the_bands_of_the_whole() -> None:
    sound = TelephoneSound()
    frames = sum(len(sound.take(NOISE[at : at + 333])) for at in range(0, NOISE.size, 333))
    expected = bands(np.concatenate([np.zeros(1, np.int16), NOISE]))
    assert frames == len(expected)
    assert np.allclose(sound.whole(), expected, atol=1e-3)


def test_a_phrase_without_sound_has_no_frame() -> None:
    assert len(TelephoneSound().whole()) == 0


def test_a_line_is_the_usual_one_until_a_voice_is_known() -> None:
    fit = telephone_fit()
    line, heard = Line(fit, usual_frames=100), bands(NOISE)
    assert np.array_equal(line.middle, fit.usual)
    line.learn(heard[:0])
    assert np.array_equal(line.middle, fit.usual)

    own = cepstra(heard, fit).mean(axis=0)
    distances = [float(np.abs(line.middle - own).max())]
    for _ in range(3):
        line.learn(heard)
        distances.append(float(np.abs(line.middle - own).max()))
    assert distances == sorted(distances, reverse=True)
    assert distances[1] < distances[0] * 0.7
