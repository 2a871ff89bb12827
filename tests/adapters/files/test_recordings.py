"""Recordings on the disk: measured as they lie there, complete or cut."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from callwright.adapters.files.recordings import FolderRecordings
from callwright.domain.ids import AccountId
from callwright.media.wav import Encoding, WavWriter
from callwright.scheduler.history.calls import RecordedSound

BOB = AccountId(7)
NAME = "callback_recordings/2027-01-15/x.wav"
A_SECOND = np.zeros(2 * 8000, np.int16)


def found(root: Path, name: str = NAME) -> RecordedSound | None:
    return asyncio.run(FolderRecordings(root).recorded(BOB, name))


def written(root: Path, encoding: Encoding, *, is_complete: bool = True) -> Path:
    """Write a second of two channels."""
    path = root / str(BOB) / NAME
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        writer = WavWriter(file, encoding, channels=2)
        writer.write(A_SECOND)
        if is_complete:
            writer.close()
    return path


@pytest.mark.parametrize("encoding", [Encoding.PCMA, Encoding.PCMU, Encoding.PCM16])
@pytest.mark.parametrize("is_complete", [True, False])
def test_a_second_is_a_second_also_if_nobody_completed_the_file(
    tmp_path: Path,
    encoding: Encoding,
    is_complete: bool,  # noqa: FBT001 - a column of the table
) -> None:
    path = written(tmp_path, encoding, is_complete=is_complete)
    assert found(tmp_path) == RecordedSound(path.stat().st_size, 1.0)


@pytest.mark.parametrize("encoding", [Encoding.PCMA, Encoding.PCMU, Encoding.PCM16])
def test_a_file_that_nobody_completed_is_completed(tmp_path: Path, encoding: Encoding) -> None:
    complete = written(tmp_path / "one", encoding).read_bytes()
    cut = written(tmp_path / "two", encoding, is_complete=False)
    assert cut.read_bytes() != complete
    once, again = found(tmp_path / "two"), found(tmp_path / "two")
    assert once == again
    sound = cut.read_bytes()
    assert len(sound) == len(complete)
    # All but how many samples there are, which nobody reads of these encodings.
    differs = {at for at, pair in enumerate(zip(sound, complete, strict=True)) if len({*pair}) > 1}
    fact_at = complete.find(b"fact") + 8
    assert differs <= (set(range(fact_at, fact_at + 4)) if b"fact" in complete[:64] else set())


def test_a_file_that_is_complete_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, Encoding.PCMA)
    before = path.read_bytes()
    assert found(tmp_path) is not None
    assert path.read_bytes() == before


@pytest.mark.parametrize("left", [0, 3, 44, 58])
def test_what_holds_no_sound_is_none(tmp_path: Path, left: int) -> None:
    path = written(tmp_path, Encoding.PCMA, is_complete=False)
    path.write_bytes(path.read_bytes()[:left])
    assert found(tmp_path) is None


def test_what_is_not_there_or_is_no_file_is_none(tmp_path: Path) -> None:
    assert found(tmp_path) is None
    (tmp_path / str(BOB) / NAME).mkdir(parents=True)
    assert found(tmp_path) is None
    assert found(tmp_path, "../x.wav") is None


def test_what_is_no_wav_file_is_none(tmp_path: Path) -> None:
    written(tmp_path, Encoding.PCMA).write_bytes(b"not a wav file at all, but long enough")
    assert found(tmp_path) is None
