"""The model of pocketsphinx, as we read and score it."""

import numpy as np
import pytest

from callwright.adapters.speech.acoustic_model import AcousticModel, Place
from callwright.adapters.speech.decoder import MODEL
from callwright.adapters.speech.model_files import STATES, STREAMS, VALUES, context

PHONES, SENONES = 42, 5126


@pytest.fixture(scope="module")
def model() -> AcousticModel:
    return AcousticModel(MODEL / "en-us", np.zeros((PHONES, STREAMS, VALUES), np.float32))


def test_the_phones_are_those_of_the_dictionary(model: AcousticModel) -> None:
    assert len(model.phones.names) == PHONES
    assert {"AA", "SIL", "ZH"} < set(model.phones.names)
    assert model.phones.phone_of.size == SENONES


def test_every_senone_belongs_to_the_phone_that_has_it(model: AcousticModel) -> None:
    for phone in range(PHONES):
        assert set(model.phones.phone_of[model.senones_alone(phone)]) == {phone}
    owners = model.phones.contexts >> 16 & 0xFF
    assert (model.phones.phone_of[model.phones.among] == owners[:, None]).all()


def test_neighbours_choose_the_senones(model: AcousticModel) -> None:
    t, uw, s = (model.number[name] for name in ("T", "UW", "S"))
    found = {tuple(model.senones(uw, t, after, Place.LAST)) for after in (s, t, model.silence)}
    assert len(found) == 3
    assert tuple(model.senones_alone(uw)) not in found


def test_unknown_neighbours_are_left_out(model: AcousticModel) -> None:
    uw, noise = model.number["UW"], model.number["+NSN+"]
    assert context(Place.INSIDE, uw, noise, noise) not in model.phones.contexts
    assert model.senones(uw, noise, noise, Place.INSIDE) == model.senones_alone(uw)


def test_transitions_are_shares(model: AcousticModel) -> None:
    for phone in range(PHONES):
        moves = np.exp(model.transitions(phone))
        assert moves.shape == (STATES, STATES + 1)
        assert moves.sum(axis=1) == pytest.approx(1, abs=0.01)


def test_a_mean_of_a_phone_fits_that_phone_best(model: AcousticModel) -> None:
    phones = [model.number[name] for name in ("IY", "S", "AA", "M")]
    for phone in phones:
        inverse, scaled = zip(*(model.gaussians(phone, stream) for stream in range(3)), strict=True)
        heaviest = int(model.weights(model.senones_alone(phone)[1], 0).argmax())
        frame = np.stack([
            (scaled[0] / inverse[0])[heaviest],
            *((scaled[stream] / inverse[stream]).mean(axis=0) for stream in (1, 2)),
        ])  # fmt: skip
        middles = [model.senones_alone(each)[1] for each in phones]
        scores = model.log_likelihoods(frame[None], middles)[0]
        assert phones[int(scores.argmax())] == phone


def test_shifted_means_fit_shifted_sound_as_before(model: AcousticModel) -> None:
    phone = model.number["S"]
    frames = np.random.default_rng(1).normal(0, 8, (5, STREAMS, VALUES)).astype(np.float32)
    before = model.fit(frames[:, 0], phone, 0).copy()
    shifts = np.zeros((PHONES, STREAMS, VALUES), np.float32)
    shifts[phone] = 3.0
    model.shift(shifts)
    assert np.allclose(model.fit(frames[:, 0] + 3.0, phone, 0), before, atol=0.01)
    model.shift(0 * shifts)
    assert np.allclose(model.fit(frames[:, 0], phone, 0), before, atol=0.01)
