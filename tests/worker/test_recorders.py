"""What a leg records, and what ends it; stepped by hand over loopback."""

from pathlib import Path

import numpy as np
import pytest

from callwright.media.frames import level_dbm0
from callwright.worker import rpc
from tests.sim.media import Pair, record_command, share_at, sound_in


def test_a_recording_holds_the_tone_that_was_played(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.run(0.2)
    path = tmp_path / "heard.wav"
    pair.far.loop.execute(record_command(path))

    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayTone((1000.0,), 600, -13.0),)))
    pair.run(2.0)

    (ended,) = pair.far.of(rpc.RecordEnded)
    assert (ended.ended_by, ended.contains_sound, ended.problem) == ("silence", True, "")
    sound = sound_in(path)
    assert len(sound) / 8000 == pytest.approx(ended.duration)
    loud = np.flatnonzero(abs(sound) > 300)
    assert (loud[-1] - loud[0]) / 8000 == pytest.approx(0.6, abs=0.03)
    middle = sound[loud[0] + 800 : loud[-1] - 800]
    assert share_at(middle, 1000.0) > 0.98
    assert level_dbm0(middle) == pytest.approx(-13.0, abs=0.3)


@pytest.mark.parametrize(
    ("changes", "tone_ms", "ended_by", "contains_sound"),
    [
        ({"max_duration": 0.3}, 1000, "max_duration", True),
        ({"max_silence": 0.2}, 300, "silence", True),
        ({"max_initial_silence": 0.4}, 0, "silence", False),
        ({"max_initial_silence": 0.4, "starts_with_sound": False}, 0, "silence", False),
    ],
)
def test_a_recording_ends_by_each_of_its_rules(
    pair: Pair,
    tmp_path: Path,
    changes: dict[str, object],
    tone_ms: int,
    ended_by: str,
    contains_sound: bool,  # noqa: FBT001 - a column of the table
) -> None:
    pair.connect()
    pair.run(0.1)
    pair.far.loop.execute(record_command(tmp_path / "heard.wav", **changes))
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayTone((700.0,), tone_ms, -10.0),)))
    pair.run(1.5)
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert (ended.ended_by, ended.contains_sound) == (ended_by, contains_sound)


def test_the_beep_is_heard_and_is_not_in_the_recording(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.run(0.1)
    pair.near.loop.execute(record_command(tmp_path / "near.wav", leg=1, starts_with_sound=False))
    pair.far.loop.execute(record_command(tmp_path / "far.wav", beeps=True, starts_with_sound=False))
    pair.run(1.0)
    pair.near.loop.execute(rpc.StopRecord(1, 9))
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    heard = sound_in(tmp_path / "near.wav")
    loud = np.flatnonzero(abs(heard) > 100)
    assert (loud[-1] - loud[0]) / 8000 == pytest.approx(0.2, abs=0.01)
    assert level_dbm0(sound_in(tmp_path / "far.wav")) < -60


def test_a_recording_that_cannot_be_written_is_told(pair: Pair) -> None:
    pair.connect()
    pair.far.loop.execute(record_command(Path("/nowhere/at/all.wav")))
    pair.run(0.1)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert ended.ended_by == "failed"
    assert "/nowhere" in ended.problem
