"""A-law and µ-law against the values of ITU-T G.711."""

import numpy as np
import pytest

from callwright.media.g711 import SILENCE, Law, decode, decode_into, encode, encode_into

ALL_CODES = np.arange(256, dtype=np.uint8)
EVERY_SAMPLE = np.arange(-0x8000, 0x8000).astype(np.int16)

# Tables 1a, 1b, 2a and 2b: ends and middles of segments, in 16-bit terms.
VALUES = [
    (Law.MU, 0xFF, 0),
    (Law.MU, 0x7F, 0),
    (Law.MU, 0xFE, 8),
    (Law.MU, 0x80, 32124),
    (Law.MU, 0x00, -32124),
    (Law.MU, 0x8F, 16764),
    (Law.MU, 0xEF, 132),
    (Law.A, 0xD5, 8),
    (Law.A, 0x55, -8),
    (Law.A, 0xAA, 32256),
    (Law.A, 0x2A, -32256),
    (Law.A, 0xA5, 16896),
    (Law.A, 0xC5, 264),
]


@pytest.mark.parametrize(("law", "code", "sample"), VALUES)
def test_a_code_means_the_value_of_the_standard(law: Law, code: int, sample: int) -> None:
    assert int(decode(ALL_CODES, law)[code]) == sample


@pytest.mark.parametrize("law", list(Law))
def test_every_code_survives_decoding_and_encoding(law: Law) -> None:
    again = encode(decode(ALL_CODES, law), law)
    same = again == ALL_CODES
    # µ-law has two zeros; encoding gives the positive one.
    assert np.flatnonzero(~same).tolist() == ([0x7F] if law is Law.MU else [])


@pytest.mark.parametrize("law", list(Law))
def test_every_sample_comes_back_within_half_a_step(law: Law) -> None:
    wide = EVERY_SAMPLE.astype(int)
    error = abs(decode(encode(EVERY_SAMPLE, law), law).astype(int) - wide)
    steps = np.maximum(16, abs(wide) // 16)
    assert (error[abs(wide) <= 32124] <= steps[abs(wide) <= 32124]).all()


@pytest.mark.parametrize(("law", "code"), [(Law.MU, 0xFF), (Law.A, 0xD5)])
def test_silence_has_its_code(law: Law, code: int) -> None:
    assert SILENCE[law] == code


@pytest.mark.parametrize("law", list(Law))
def test_matrices_are_filled_in_place(law: Law) -> None:
    samples = EVERY_SAMPLE.reshape(256, 256)
    codes = np.zeros((256, 256), np.uint8)
    encode_into(samples, law, codes)
    assert (codes == encode(samples, law)).all()
    decoded = np.zeros((256, 256), np.int16)
    decode_into(codes, law, decoded)
    assert (decoded == decode(codes, law)).all()
