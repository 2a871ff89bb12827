"""ADPCM against SoX's own decoding, and against the rule taken sample by sample."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callwright.media.adpcm import IMA, OKI, Coder, ImaDecoder, OkiDecoder, State, decode

# sox -R -n -r 8000 -c 1 -b 16 sound.wav synth 0.2 sine 300-3000 vol 0.7 fade 0.02 0.2 0.02
# sox -R -D sound.wav -e ima-adpcm ima.wav; sox -R -D sound.wav oki.vox
# and each back again: sox ... -b 16 -e signed -t raw ima.raw
VECTORS: Final = Path(__file__).parent.parent / "vectors" / "adpcm"
IMA_SOUND_AT: Final = 60
IMA_BLOCK_BYTES: Final = 256


def test_oki_is_decoded_as_sox_does_in_pieces_of_any_size() -> None:
    stored = (VECTORS / "oki.vox").read_bytes()
    expected = np.fromfile(VECTORS / "oki.raw", "<i2")
    for size in (1, 7, 160, len(stored)):
        decoder = OkiDecoder()
        pieces = [decoder.decode(stored[at : at + size]) for at in range(0, len(stored), size)]
        assert (np.concatenate(pieces) == expected).all()


def test_ima_is_decoded_as_sox_does_in_blocks() -> None:
    stored = (VECTORS / "ima.wav").read_bytes()[IMA_SOUND_AT:]
    found = ImaDecoder(IMA_BLOCK_BYTES).decode(stored)
    assert (found == np.fromfile(VECTORS / "ima.raw", "<i2")).all()


def test_a_block_that_is_cut_off_gives_what_is_there() -> None:
    stored = (VECTORS / "ima.wav").read_bytes()[IMA_SOUND_AT:]
    decoder = ImaDecoder(IMA_BLOCK_BYTES)
    whole = decoder.decode(stored)
    for size in (0, 1, 4, 5, 255, 256, 257, 260, 261, 600):
        found = decoder.decode(stored[:size])
        assert (found == whole[: len(found)]).all()
        assert len(found) == sum(
            max(0, 2 * (min(IMA_BLOCK_BYTES, size - at) - 4) + 1) * (size - at > 4)
            for at in range(0, size, IMA_BLOCK_BYTES)
        )


def one_by_one(codes: list[int], coder: Coder, sample: int, place: int) -> list[int]:
    """The rule, as the papers have it."""
    found = []
    place = min(max(place, 0), len(coder.steps) - 1)
    for code in codes:
        step = int(coder.steps[place])
        if coder.truncates_once:
            change = (2 * (code & 7) + 1) * step >> 3
        else:
            change = (step >> 3) + sum(
                step >> shift for bit, shift in ((4, 0), (2, 1), (1, 2)) if code & bit
            )
        sample += -change if code & 8 else change
        sample = min(max(sample, coder.low), coder.high)
        found.append(sample << coder.shift)
        place += (-1, -1, -1, -1, 2, 4, 6, 8)[code & 7]
        place = min(max(place, 0), len(coder.steps) - 1)
    return found


@pytest.mark.parametrize("coder", [IMA, OKI], ids=["IMA", "OKI"])
@given(st.lists(st.integers(0, 15), max_size=200), st.integers(-2048, 2047), st.integers(0, 255))
@example([7] * 5000 + [15] * 5000 + [0, 8] * 50, 0, 0)  # far beyond both limits
def test_all_at_once_is_the_same_as_one_by_one(
    coder: Coder, codes: list[int], sample: int, place: int
) -> None:
    state = State(np.array([sample], np.int32), np.array([place], np.int32))
    found, after = decode(np.array([codes], np.uint8), coder, state)
    expected = one_by_one(codes, coder, sample, place)
    assert found[0].tolist() == expected
    if codes:
        assert int(after.sample[0]) << coder.shift == expected[-1]
