"""What a leg hears goes up in pieces of 100 ms; stepped by hand."""

import numpy as np
import pytest

from callwright.worker import rpc
from tests.sim.media import Pair, share_at

PIECE_BYTES = 1600


@pytest.mark.parametrize(
    ("side", "shares"),
    [("heard", (1.0, 0.0)), ("sent", (0.0, 1.0)), ("mixed", (0.5, 0.5))],
)
def test_the_side_that_was_asked_for_goes_up(
    pair: Pair, side: str, shares: tuple[float, float]
) -> None:
    pair.connect()
    pair.near.say(1, 600.0)
    pair.far.say(2, 1500.0)
    pair.run(0.3)
    pair.far.loop.execute(rpc.Listen(2, 4, side))
    pair.run(0.55)
    pieces = pair.far.of(rpc.SoundHeard)
    assert [len(it.sound) for it in pieces] == [PIECE_BYTES] * 5
    pair.far.loop.execute(rpc.StopListening(2, 4))
    pieces = pair.far.of(rpc.SoundHeard)
    assert [(it.listening, it.is_last) for it in pieces] == [(4, False)] * 5 + [(4, True)]
    sound = np.frombuffer(b"".join(it.sound for it in pieces), "<i2")
    assert len(sound) == 0.56 * 8000  # 28 ticks
    for tone, share in zip((600.0, 1500.0), shares, strict=True):
        assert share_at(sound, tone) == pytest.approx(share, abs=0.03)


def test_the_last_piece_may_be_empty_and_nothing_follows_it(pair: Pair) -> None:
    pair.connect()
    pair.far.loop.execute(rpc.Listen(2, 4))
    for _ in range(2):
        pair.far.loop.execute(rpc.StopListening(2, 4))
        pair.run(0.3)
    assert pair.far.of(rpc.SoundHeard) == [rpc.SoundHeard(2, 4, b"", is_last=True)]


def test_closing_the_leg_hands_up_the_last_piece_of_each(pair: Pair) -> None:
    pair.connect()
    for listening, side in ((4, "heard"), (5, "sent")):
        pair.far.loop.execute(rpc.Listen(2, listening, side))
    pair.run(0.06)
    pair.far.loop.execute(rpc.CloseLeg(2))
    pieces = pair.far.of(rpc.SoundHeard)
    assert [(it.listening, len(it.sound), it.is_last) for it in pieces] == [
        (4, 960, True),
        (5, 960, True),
    ]
    assert isinstance(pair.far.events[-1], rpc.LegClosed)


@pytest.mark.parametrize("side", ["separate", "left", ""])
def test_a_side_that_cannot_be_listened_to_is_refused(pair: Pair, side: str) -> None:
    pair.connect()
    pair.far.loop.execute(rpc.Listen(2, 4, side))
    (failed,) = pair.far.of(rpc.CommandFailed)
    assert (failed.leg, failed.command) == (2, "Listen")
    assert f"side {side!r}; expected heard or sent or mixed" in failed.problem
