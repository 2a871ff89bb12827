"""What a leg records, and what ends it; stepped by hand over loopback."""

import wave
from pathlib import Path

import numpy as np
import pytest

from callwright.media.frames import Samples, level_dbm0
from callwright.media.tones import LOW_HZ
from callwright.worker import rpc
from callwright.worker.recorders import CHUNK_FRAMES, Ending, Recorder
from tests.sim.media import InstantDisk, Pair, record_command, share_at, sound_in


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


def whole_call(path: Path, **changes: object) -> rpc.Record:
    """A recording without an end of its own, from the first tick on."""
    never = {"max_duration": 0.0, "max_silence": 0.0, "starts_with_sound": False}
    return record_command(path, **{**never, **changes})


def channels_in(path: Path) -> list[Samples]:
    with wave.open(str(path)) as theirs:
        samples = np.frombuffer(theirs.readframes(theirs.getnframes()), np.int16)
        return list(samples.reshape(-1, theirs.getnchannels()).T)


@pytest.mark.parametrize(
    ("side", "tones"),
    [
        ("heard", [{600.0}]),
        ("sent", [{1500.0}]),
        ("mixed", [{600.0, 1500.0}]),
        ("separate", [{600.0}, {1500.0}]),
    ],
)
def test_each_side_is_recorded_as_it_was_asked_for(
    pair: Pair, tmp_path: Path, side: str, tones: list[set[float]]
) -> None:
    pair.connect()
    pair.near.say(1, 600.0)
    pair.far.say(2, 1500.0)
    pair.run(0.3)
    pair.far.loop.execute(whole_call(tmp_path / "call.wav", side=side))
    pair.run(1.0)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert (ended.duration, ended.contains_sound) == (1.0, True)
    found = channels_in(tmp_path / "call.wav")
    assert [len(it) for it in found] == [8000] * len(tones)
    for channel, expected in zip(found, tones, strict=True):
        for tone in (600.0, 1500.0):
            share = 1 / len(expected) if tone in expected else 0.0
            assert share_at(channel, tone) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("encoding", ["PCMU", "PCMA", "PCM16"])
def test_two_channels_are_written_in_every_encoding(
    pair: Pair, tmp_path: Path, encoding: str
) -> None:
    pair.connect()
    path = tmp_path / "call.wav"
    pair.far.loop.execute(whole_call(path, side="separate", encoding=encoding))
    pair.run(1.0)
    pair.far.loop.execute(rpc.CloseLeg(2))
    width = 2 if encoding == "PCM16" else 1
    data = path.read_bytes()
    assert data[22:24] == b"\2\0"  # channels
    at = data.index(b"data")
    assert int.from_bytes(data[at + 4 : at + 8], "little") == 8000 * 2 * width == len(data) - at - 8


def test_both_sides_keep_step(pair: Pair, tmp_path: Path) -> None:
    for leg in (1, 2):
        pair.near.open_in_room(leg, 1)
    pair.near.loop.execute(whole_call(tmp_path / "call.wav", leg=2, side="separate"))
    pair.run(0.1)
    click = rpc.PlayTone((1000.0,), 20)
    pair.near.loop.execute(rpc.Play(1, 1, (click,)))
    pair.run(0.02)  # a room's sound is heard one tick after it was sent
    pair.near.loop.execute(rpc.Play(2, 1, (click,)))
    pair.run(0.1)
    pair.near.loop.execute(rpc.StopRecord(2, 9))
    heard, sent = channels_in(tmp_path / "call.wav")
    assert heard.any()
    assert (heard == sent).all()


def test_a_whole_call_is_recorded_beside_other_recordings(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.far.loop.execute(whole_call(tmp_path / "call.wav", recording=1, side="mixed"))
    pair.run(0.5)
    pair.far.loop.execute(whole_call(tmp_path / "second.wav", recording=2, side="sent"))
    beeping = record_command(tmp_path / "third.wav", recording=3, beeps=True, max_duration=0.4)
    pair.far.loop.execute(beeping)
    pair.near.say(1, 600.0)
    pair.run(12.0)  # longer than any maximum of the others
    pair.far.loop.execute(rpc.CloseLeg(2))
    ended = {it.recording: it for it in pair.far.of(rpc.RecordEnded)}
    assert {number: it.ended_by for number, it in ended.items()} == {
        1: "closed",
        2: "closed",
        3: "max_duration",
    }
    assert (ended[1].duration, ended[2].duration, ended[3].duration) == (12.5, 12.0, 0.4)
    # The beep is part of what is sent, for everybody but the one who asked for it.
    assert share_at(sound_in(tmp_path / "second.wav"), 1000.0) > 0.9
    assert share_at(sound_in(tmp_path / "third.wav"), 600.0) > 0.9


def keys_in(sound: Samples) -> float:
    """The level of the strongest 20 ms at the four low frequencies of keys, in dBm0."""
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160).astype(float)
    turns = np.outer(np.arange(160), LOW_HZ) * 2j * np.pi / 8000
    strongest = float(abs(frames @ np.exp(turns)).max() / 80)
    return -99.0 if strongest == 0 else float(20 * np.log10(strongest / 32124) + 3.17)


@pytest.mark.parametrize("eliminates", [True, False])
@pytest.mark.parametrize("shift_ms", range(0, 20, 3))
def test_keys_that_are_heard_as_tones_are_silenced(
    pair: Pair, tmp_path: Path, shift_ms: int, *, eliminates: bool
) -> None:
    pair.connect(telephone_event=None)
    pair.run(0.1)
    path = tmp_path / "call.wav"
    pair.far.loop.execute(whole_call(path, eliminates_dtmf=eliminates, side="mixed"))
    pair.far.loop.execute(rpc.Play(2, 1, (rpc.PlayTone((3000.0,), 60_000, -30.0),)))
    items = (
        rpc.PlayTone((440.0,), 600 + shift_ms, -20.0),
        rpc.PlayTone((), 200),
        rpc.PlayDigits("159D", tone_ms=60 + shift_ms, gap_ms=60),
        rpc.PlayTone((), 200),
        rpc.PlayTone((440.0,), 600, -20.0),
    )
    pair.near.loop.execute(rpc.Play(1, 1, items))
    pair.run(3.0)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    sound = sound_in(path)
    assert len(sound) == 24_000
    assert (keys_in(sound) < -30) == eliminates
    around = np.flatnonzero(abs(sound) > 2000) / 8000
    assert around[-1] - around[0] == pytest.approx(2.1, abs=0.2)  # speech on both sides stays
    assert share_at(sound, 3000.0) > 0.01  # and so does the other side, throughout
    assert "".join(it.digit for it in pair.far.of(rpc.DigitReceived)) == "159D"


@pytest.mark.parametrize("leaked_ms", [20, 30, 40, 60])
def test_what_leaks_of_a_key_before_its_event_is_silenced(
    pair: Pair, tmp_path: Path, leaked_ms: int
) -> None:
    pair.connect()
    pair.run(0.2)
    path = tmp_path / "call.wav"
    pair.far.loop.execute(whole_call(path, eliminates_dtmf=True))
    leak = rpc.PlayTone((770.0, 1336.0), leaked_ms, -8.0)
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((), 300), leak, rpc.PlayDigits("5"))))
    pair.run(1.0)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    assert keys_in(sound_in(path)) < -30
    assert [it.digit for it in pair.far.of(rpc.DigitReceived)] == ["5"]


@pytest.mark.parametrize("events", [101, None])
def test_keys_on_the_other_side_of_a_bridge_are_silenced_too(
    pair: Pair, tmp_path: Path, events: int | None
) -> None:
    for leg in (1, 2):
        pair.line(leg, leg + 10, telephone_event=events)
    pair.near.loop.execute(rpc.Bridge(1, 2))
    paths = {side: tmp_path / f"{side}.wav" for side in ("mixed", "sent")}
    for number, (side, path) in enumerate(paths.items()):
        command = whole_call(path, leg=1, recording=number, side=side, eliminates_dtmf=True)
        pair.near.loop.execute(command)
    pair.far.loop.execute(rpc.Play(12, 1, (rpc.PlayTone((), 300), rpc.PlayDigits("147"))))
    pair.run(1.5)
    pair.near.loop.execute(rpc.CloseLeg(1))
    assert [it.digit for it in pair.near.of(rpc.DigitReceived)] == ["1", "4", "7"]
    for path in paths.values():
        assert keys_in(sound_in(path)) < -30


def test_keys_that_we_play_as_tones_are_silenced_too(pair: Pair, tmp_path: Path) -> None:
    pair.connect(telephone_event=None)
    path = tmp_path / "call.wav"
    pair.near.loop.execute(whole_call(path, leg=1, side="sent", eliminates_dtmf=True))
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((440.0,), 500), rpc.PlayDigits("147"))))
    pair.run(1.5)
    pair.near.loop.execute(rpc.CloseLeg(1))
    sound = sound_in(path)
    assert keys_in(sound) < -30
    assert share_at(sound, 440.0) > 0.95


def test_a_key_is_silenced_where_one_chunk_ends_and_the_next_begins(tmp_path: Path) -> None:
    command = whole_call(tmp_path / "call.wav", eliminates_dtmf=True)
    for place in range(CHUNK_FRAMES - 8, CHUNK_FRAMES + 16):
        recorder = Recorder(command, disk=InstantDisk())
        quiet, key = np.full(160, 50, np.int16), np.full(160, 9000, np.int16)
        for frame in range(2 * CHUNK_FRAMES):
            has_key = place <= frame < place + 4  # certain in its fourth frame
            sound = key if has_key else quiet
            recorder.take(sound, quiet, is_sound=True, hears_key=frame == place + 3)
        recorder.end(Ending.STOPPED)
        written = sound_in(tmp_path / "call.wav")
        assert len(written) == 2 * CHUNK_FRAMES * 160
        assert abs(written).max() == 50


def test_a_key_alone_is_no_sound_when_it_is_left_out(pair: Pair, tmp_path: Path) -> None:
    pair.connect(telephone_event=None)
    pair.run(0.1)
    pair.far.loop.execute(whole_call(tmp_path / "call.wav", eliminates_dtmf=True, side="mixed"))
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayDigits("5"),)))
    pair.run(1.0)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    assert abs(sound_in(tmp_path / "call.wav")).max() < 20


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"encoding": "MP3"}, "encoding 'MP3'; expected PCMU or PCMA or PCM16"),
        ({"side": "left"}, "side 'left'; expected heard or sent or mixed or separate"),
        ({"cipher": rpc.Cipher(b"short", bytes(16))}, "a key of 5 bytes; expected 16, 24 or 32"),
        ({"cipher": rpc.Cipher(bytes(16), b"")}, "vector of 0 bytes; expected 16"),
    ],
)
def test_a_recording_that_makes_no_sense_is_refused(
    pair: Pair, tmp_path: Path, changes: dict[str, object], problem: str
) -> None:
    pair.connect()
    pair.far.loop.execute(record_command(tmp_path / "never.wav", **changes))
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert ended.ended_by == "failed"
    assert problem in ended.problem
    assert not (tmp_path / "never.wav").exists()
