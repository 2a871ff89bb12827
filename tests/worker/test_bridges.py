"""Two legs that hear each other: tones tell who is heard where. Stepped by hand over loopback."""

from pathlib import Path

import numpy as np
import pytest

from callwright.worker import rpc
from callwright.worker.bridges import Bridges
from callwright.worker.key_relay import MAX_WAITING, KeyRelay
from tests.sim.media import Pair, share_at


def two_calls(pair: Pair, *, events: tuple[int | None, int | None] = (101, 101)) -> None:
    """Far ends 11 and 12, on the near worker's legs 1 and 2."""
    for leg, telephone_event in zip((1, 2), events, strict=True):
        pair.line(leg, leg + 10, telephone_event=telephone_event)
    pair.run(0.1)


def test_each_far_end_hears_the_other_and_not_itself(pair: Pair, tmp_path: Path) -> None:
    two_calls(pair)
    pair.far.say(11, 500.0)
    pair.far.say(12, 1300.0)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    pair.run(0.3)
    assert share_at(pair.heard_by(11, tmp_path / "11.wav", 0.5), 1300.0) > 0.99
    assert share_at(pair.heard_by(12, tmp_path / "12.wav", 0.5), 500.0) > 0.99


def test_what_a_leg_is_played_is_heard_beside_the_bridge(pair: Pair, tmp_path: Path) -> None:
    two_calls(pair)
    pair.far.say(12, 1300.0)
    pair.near.say(1, 700.0)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    pair.run(0.3)
    heard = pair.heard_by(11, tmp_path / "11.wav", 0.5)
    assert share_at(heard, 1300.0) == pytest.approx(0.5, abs=0.05)
    assert share_at(heard, 700.0) == pytest.approx(0.5, abs=0.05)


ENDINGS: list[rpc.Command] = [rpc.Unbridge(1), rpc.Unbridge(2), rpc.CloseLeg(2), rpc.Bridge(2, 3)]


@pytest.mark.parametrize("ending", ENDINGS, ids=repr)
def test_a_bridge_ends_on_either_side_and_leaves_silence(
    pair: Pair, tmp_path: Path, ending: rpc.Command
) -> None:
    two_calls(pair)
    pair.line(3, 13)
    pair.far.say(12, 1300.0)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    pair.run(0.3)
    pair.near.loop.execute(ending)
    pair.run(0.3)
    assert not pair.heard_by(11, tmp_path / "11.wav", 0.3).any()
    assert not pair.near.of(rpc.CommandFailed)


def test_a_leg_without_a_bridge_is_left_alone(pair: Pair) -> None:
    two_calls(pair)
    pair.near.events.clear()
    pair.near.loop.execute(rpc.Unbridge(1))
    assert pair.near.events == []


@pytest.mark.parametrize(
    ("other", "problem"), [(1, "with itself"), (7, "there is no leg 7 to bridge with")]
)
def test_a_bridge_that_makes_no_sense_is_refused(pair: Pair, other: int, problem: str) -> None:
    two_calls(pair)
    pair.near.loop.execute(rpc.Bridge(1, other))
    (failed,) = pair.near.of(rpc.CommandFailed)
    assert (failed.leg, failed.command) == (1, "Bridge")
    assert problem in failed.problem


@pytest.mark.parametrize("events", [(101, 101), (101, None), (None, 101), (None, None)])
def test_keys_go_across_whether_they_are_events_or_tones(
    pair: Pair, events: tuple[int | None, int | None]
) -> None:
    two_calls(pair, events=events)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    keys = "0123456789*#ABCD"
    pair.far.loop.execute(rpc.Play(11, 1, (rpc.PlayDigits(keys),)))
    pair.run(0.2 * len(keys) + 1.0)

    at_ours = [it for it in pair.near.of(rpc.DigitReceived) if it.leg == 1]
    assert "".join(it.digit for it in at_ours) == keys
    at_theirs = [it for it in pair.far.of(rpc.DigitReceived) if it.leg == 12]
    assert "".join(it.digit for it in at_theirs) == keys
    # Events become what the other leg takes; tones stay tones, since they are in the sound.
    assert {it.in_band for it in at_theirs} == {None in events}


def test_a_key_is_not_sent_back_to_where_it_came_from(pair: Pair) -> None:
    two_calls(pair)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    pair.far.loop.execute(rpc.Play(11, 1, (rpc.PlayDigits("5"),)))
    pair.run(1.0)
    assert [it.leg for it in pair.far.of(rpc.DigitReceived)] == [12]


def test_too_many_keys_are_dropped_and_never_kept() -> None:
    relay, frame = KeyRelay(), np.zeros(160, np.int16)
    for _ in range(10 * MAX_WAITING):
        relay.send("1", None)
    frames = 0
    while not relay.is_over:
        relay.fill(frame)
        frames += 1
    assert frames == MAX_WAITING * 8  # four of the tone, four of the pause behind it


def test_what_is_too_loud_is_clipped_and_not_wrapped() -> None:
    bridges = Bridges()
    bridges.join(0, 1)
    heard = np.full((2, 160), 30_000, np.int16)
    sent = np.full((2, 160), 30_000, np.int16)
    bridges.mix(heard, sent)
    assert (sent == 0x7FFF).all()
