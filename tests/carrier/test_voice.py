"""The far ends' voice: spoken once, kept, and hummed where espeak-ng is missing."""

import wave
from pathlib import Path

import numpy as np
import pytest

from callwright.carrier.journal import Entry, print_entry
from callwright.carrier.scripts import Line
from callwright.carrier.voice import LETTERS_A_SYLLABLE, NOISE_DBM0, Voice, humming
from callwright.media.frames import Samples, level_dbm0
from callwright.worker import rpc


def test_a_text_is_spoken_at_8_khz_into_a_file_that_is_kept(tmp_path: Path) -> None:
    assert Voice(tmp_path).prepare(("Hello, this is Ann.",)) == ""
    (path,) = tmp_path.iterdir()
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 0.8 < samples.size / 8000 < 4
    assert np.abs(samples).max() > 3000

    made_at = path.stat().st_mtime_ns
    again = Voice(tmp_path)
    again.prepare(("Hello, this is Ann.",))
    assert path.stat().st_mtime_ns == made_at
    assert again.sound_of("Hello, this is Ann.") == (rpc.PlayFile(str(path)),)


def test_a_noisy_line_is_heard_under_the_text_and_in_its_pauses(tmp_path: Path) -> None:
    voice = Voice(tmp_path)
    assert voice.prepare(("Hello?",), Line.NOISY) == ""
    assert voice.sound_of_line(Line.QUIET) == ()
    (alone,) = voice.sound_of_line(Line.NOISY)
    (spoken,) = voice.sound_of("Hello?", Line.NOISY)
    assert level_dbm0(_samples(alone)) == pytest.approx(NOISE_DBM0, abs=0.5)
    frames = _samples(spoken)
    quietest = min(level_dbm0(part) for part in np.array_split(frames, len(frames) // 160))
    assert quietest == pytest.approx(NOISE_DBM0, abs=2)
    assert voice.sound_of("Hello?") == humming("Hello?")


def test_without_espeak_the_far_ends_hum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = Voice(tmp_path)
    assert "espeak-ng is not installed" in voice.prepare(("Hello?",))
    assert voice.sound_of("Hello?") == humming("Hello?")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert "the far ends hum" in Voice(tmp_path / "missing").prepare(("Hello?",))


@pytest.mark.parametrize("text", ["", "Yes", "Yes, I will be there. See you tomorrow."])
def test_a_longer_text_is_hummed_for_longer(text: str) -> None:
    syllables = [part for part in humming(text) if isinstance(part, rpc.PlayTone)]
    assert sum(1 for part in syllables if part.frequencies_hz) == max(
        1, len(text) // LETTERS_A_SYLLABLE
    )


def test_an_entry_is_one_line_of_json() -> None:
    entry = Entry("key", "abc@example.com", {"digit": "5"})
    assert print_entry(entry, at=12.3456) == (
        '{"at": 12.346, "event": "key", "sip_call_id": "abc@example.com", "digit": "5"}'
    )


def _samples(item: rpc.Playable) -> Samples:
    assert isinstance(item, rpc.PlayFile)
    with wave.open(item.path) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")
