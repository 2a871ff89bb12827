"""What a leg plays, as the other leg hears it; stepped by hand over loopback."""

from pathlib import Path

import numpy as np
import pytest

from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc
from tests.sim.media import Pair, record_command, share_at, sound_in


@pytest.mark.parametrize("coding", [Encoding.PCMA, Encoding.PCMU, Encoding.PCM16])
def test_a_file_is_heard_as_it_was_written(pair: Pair, tmp_path: Path, coding: Encoding) -> None:
    written = sines((440.0,), -12.0, 0, 8000 * 5)  # longer than what is read at once
    with (tmp_path / "prompt.wav").open("wb") as stream:
        writer = WavWriter(stream, coding)
        writer.write(written)
        writer.close()
    pair.connect()
    pair.run(0.2)
    pair.far.loop.execute(record_command(tmp_path / "heard.wav", starts_with_sound=False))

    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayFile(str(tmp_path / "prompt.wav")),)))
    pair.run(6.0)

    (ended,) = pair.near.of(rpc.PlayEnded)
    assert (ended.finished, ended.duration) == (True, 5.0)
    heard = sound_in(tmp_path / "heard.wav")
    first = int(np.flatnonzero(abs(heard) > 500)[0])
    assert share_at(heard[first : first + 38_000], 440.0) > 0.999


def test_a_new_play_replaces_the_one_before_and_each_is_answered_once(pair: Pair) -> None:
    pair.connect()
    tone = rpc.PlayTone((500.0,), 10_000)
    pair.near.loop.execute(rpc.Play(1, 1, (tone,)))
    pair.run(0.1)
    pair.near.loop.execute(rpc.Play(1, 2, (tone,)))
    pair.run(0.1)
    pair.near.loop.execute(rpc.StopPlay(1, 1))  # has ended already
    pair.near.loop.execute(rpc.StopPlay(1, 2))
    pair.near.loop.execute(rpc.StopPlay(1, 2))
    ended = pair.near.of(rpc.PlayEnded)
    assert [(it.play, it.finished) for it in ended] == [(1, False), (2, False)]
    assert ended[0].duration == pytest.approx(0.1)


def test_a_looping_play_goes_on_until_it_is_stopped(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((500.0,), 30),), loops=True))
    pair.run(1.0)
    assert not pair.near.of(rpc.PlayEnded)
    pair.near.loop.execute(rpc.StopPlay(1, 1))
    assert pair.near.of(rpc.PlayEnded)


def test_a_looping_play_without_any_sound_ends(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((), 0),), loops=True))
    pair.run(0.04)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert ended.duration == 0.0


def no_wav(path: Path) -> Path:
    path.write_bytes(b"not a wav file at all")
    return path


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (rpc.PlayFile("/nowhere/at/all.wav"), "No such file"),
        (rpc.PlayDigits("12x"), "digits to play"),
        (rpc.PlayDigits("1", tone_ms=9000), "9000 ms"),
        (rpc.PlayTone((9000.0,), 100), "9000.0"),
    ],
)
def test_what_cannot_be_played_is_told_and_the_leg_goes_on(
    pair: Pair, item: rpc.Playable, problem: str
) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 7, (item,)))
    pair.run(0.1)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert (ended.play, ended.finished) == (7, False)
    assert problem in ended.problem
    pair.near.loop.execute(rpc.Play(1, 8, (rpc.PlayTone((400.0,), 40),)))
    pair.run(0.1)
    assert pair.near.of(rpc.PlayEnded)[-1].finished


def test_a_file_that_is_no_wav_is_told(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    path = no_wav(tmp_path / "letter.wav")
    pair.near.loop.execute(rpc.Play(1, 7, (rpc.PlayFile(str(path)),)))
    pair.run(0.04)
    assert "RIFF" in pair.near.of(rpc.PlayEnded)[0].problem
