"""Prompts that many legs play are read once."""

import os
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from callwright.media.frames import Samples
from callwright.media.tones import sines
from callwright.media.wav import Encoding, UnplayableWav, WavWriter
from callwright.worker import rpc
from callwright.worker.prompts import CHUNK_SAMPLES, MAX_PROMPT_BYTES, Piece, Prompts
from tests.sim.media import InstantDisk, Pair, share_at


def written(path: Path, sound: Samples) -> rpc.PlayFile:
    with path.open("wb") as stream:
        writer = WavWriter(stream, Encoding.PCMU)
        writer.write(sound)
        writer.close()
    return rpc.PlayFile(str(path))


def read(prompts: Prompts, item: rpc.PlayFile) -> Piece:
    reading = prompts.open(item)
    asked: Future[Piece] = reading.next()
    reading.close()
    return asked.result(timeout=0)


SECOND = sines((440.0,), -12.0, 0, 8000)


def test_legs_share_one_prompts_samples(tmp_path: Path) -> None:
    prompts, item = Prompts(InstantDisk()), written(tmp_path / "prompt.wav", SECOND)
    first, again = read(prompts, item), read(prompts, item)
    assert first.samples is again.samples
    assert (len(first.samples), first.is_last) == (8000, True)
    with pytest.raises(ValueError, match="read-only"):
        first.samples[0] = 1


@pytest.mark.parametrize("how", ["later", "longer", "another file"])
def test_a_prompt_that_has_changed_is_read_anew(tmp_path: Path, how: str) -> None:
    path = tmp_path / "prompt.wav"
    prompts, item = Prompts(InstantDisk()), written(path, SECOND)
    before = path.stat()
    assert read(prompts, item).samples.any()
    other = tmp_path / "other.wav"
    written(other, np.zeros(8002 if how == "longer" else 8000, np.int16))
    if how == "another file":
        other.rename(path)
    else:
        path.write_bytes(other.read_bytes())
    later = 1 if how == "later" else 0
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + later))
    assert not (read(prompts, item).samples > 8).any()


def test_the_prompt_asked_for_longest_ago_is_forgotten(tmp_path: Path) -> None:
    prompts = Prompts(InstantDisk(), max_kept_bytes=2 * SECOND.nbytes)
    items = [written(tmp_path / f"{number}.wav", SECOND) for number in range(3)]
    first, second = (read(prompts, item).samples for item in items[:2])
    assert read(prompts, items[0]).samples is first
    read(prompts, items[2])
    assert read(prompts, items[0]).samples is first
    assert read(prompts, items[1]).samples is not second


def test_a_long_file_is_read_in_pieces_and_not_kept(tmp_path: Path) -> None:
    prompts = Prompts(InstantDisk())
    item = written(tmp_path / "long.wav", np.zeros(MAX_PROMPT_BYTES, np.int16))
    first, again = read(prompts, item), read(prompts, item)
    assert len(first.samples) == CHUNK_SAMPLES
    assert not first.is_last
    assert first.samples is not again.samples


def test_what_cannot_be_played_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "prompt.wav"
    path.write_bytes(b"a letter, not a wav file")
    prompts = Prompts(InstantDisk())
    for _ in range(2):
        with pytest.raises(UnplayableWav):
            read(prompts, rpc.PlayFile(str(path)))
    assert read(prompts, written(path, SECOND)).is_last


def test_many_legs_hear_one_prompt_each_from_its_own_beginning(pair: Pair, tmp_path: Path) -> None:
    item = written(tmp_path / "prompt.wav", SECOND)
    for leg in range(1, 6):
        pair.line(leg, leg + 10)
    pair.run(0.2)
    for leg in range(1, 6):
        pair.near.loop.execute(rpc.Play(leg, leg, (item,)))
        pair.run(0.1)
    sound = pair.heard_by(15, tmp_path / "heard.wav", 1.1)
    assert {it.duration for it in pair.near.of(rpc.PlayEnded)} == {1.0}
    loud = np.flatnonzero(abs(sound) > 500)
    assert share_at(sound[loud[0] : loud[-1]], 440.0) > 0.97
