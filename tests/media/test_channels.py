"""One channel out of two."""

import numpy as np
import pytest

from callwright.media.channels import channel_of

PAIRS = np.array([1, 10, 2, 20, -30000, -30000, 30000, 30000], np.int16)


@pytest.mark.parametrize(
    ("channels", "channel", "samples"),
    [
        (1, 0, [1, 10, 2, 20, -30000, -30000, 30000, 30000]),
        (1, 1, [1, 10, 2, 20, -30000, -30000, 30000, 30000]),
        (2, 1, [1, 2, -30000, 30000]),
        (2, 2, [10, 20, -30000, 30000]),
        (2, 0, [11, 22, -32768, 32767]),
    ],
)
def test_a_channel_is_chosen_or_both_are_added(
    channels: int, channel: int, samples: list[int]
) -> None:
    chosen = channel_of(PAIRS, channels, channel)
    assert chosen.dtype == np.int16
    assert chosen.tolist() == samples


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_no_sound_has_no_channels_either(channel: int) -> None:
    assert channel_of(np.zeros(0, np.int16), 2, channel).size == 0
