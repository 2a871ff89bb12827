"""Free speech that espeak-ng speaks, through G.711, recognised by the real model."""

import pytest

from callwright.adapters.speech.decoder import Models, StreamDecoder
from tests.sim.spoken_line import phrases, said


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


def test_free_speech_has_alternatives(models: Models) -> None:
    decoder = StreamDecoder(models)
    found = phrases(decoder, said("I would like to speak to somebody please", "en-gb"), count=3)

    assert [len(readings) for readings in found] == [3]
    texts = [reading.text for reading in found[0]]
    assert len(set(texts)) == 3
    assert all(text.startswith("i would like") for text in texts)
    assert found[0][0].confidence > found[0][1].confidence


def test_free_speech_is_told_while_it_is_said(models: Models) -> None:
    decoder = StreamDecoder(models)
    decoder.begin()
    assert decoder.so_far() == ""
    decoder.take(said("I would like to speak to somebody please", "en-gb"))
    assert "i would like" in decoder.so_far()
    decoder.end(alternatives=1, sound_frames=1)
