"""Sound: formats, tones, files, and the decoding that tests hear with."""

import wave
from array import array
from pathlib import Path

import numpy as np
import pytest

from callwright.callsocket import (
    TELEPHONE,
    Encoding,
    SoundFormat,
    loudness,
    read_wav,
    silence,
    tone,
    write_wav,
)
from callwright.callsocket.g711 import linear
from callwright.media import g711
from tests.sim.sound import share_of


@pytest.mark.parametrize(
    ("layout", "sample_bytes", "frame_bytes"),
    [
        (TELEPHONE, 2, 320),
        (SoundFormat(channels=2), 4, 640),
        (SoundFormat(Encoding.A_LAW), 1, 160),
        (SoundFormat(Encoding.PCM_8, 2), 2, 320),
    ],
)
def test_a_format_knows_its_sizes(layout: SoundFormat, sample_bytes: int, frame_bytes: int) -> None:
    assert layout.sample_bytes == sample_bytes
    assert layout.size_of(20) == frame_bytes
    assert layout.seconds_of(frame_bytes) == pytest.approx(0.02)


@pytest.mark.parametrize("channels", [0, 3])
def test_there_are_one_or_two_channels(channels: int) -> None:
    with pytest.raises(ValueError, match=f"channels is {channels}: 1 or 2"):
        SoundFormat(channels=channels)


def test_a_tone_is_one() -> None:
    sound = tone(700, 1.0)
    assert len(sound) == 16000
    assert share_of(memoryview(sound).cast("h").tolist(), 700) > 0.99


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (b"", 0.0),
        (silence(1.0), 0.0),
        (tone(1000, 1.0, loudness=0.5), 0.5 / 2**0.5),
        (array("h", [-32768] * 160).tobytes(), 1.0),
    ],
)
def test_loudness_is_the_root_mean_square(sound: bytes, expected: float) -> None:
    assert loudness(sound) == pytest.approx(expected, abs=1e-3)


def test_a_wav_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "it.wav"
    write_wav(path, tone(440, 0.1))
    assert read_wav(path) == tone(440, 0.1)


def test_another_wav_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "cd.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(bytes(400))
    with pytest.raises(ValueError, match=r"44100 samples .* in 2 channels: .*sox IN\.wav"):
        read_wav(path)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"this is no wav file at all, whatever it says"])
def test_what_is_no_wav_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is no wav file"):
        read_wav(path)


@pytest.mark.parametrize(
    ("encoding", "theirs"), [(Encoding.A_LAW, g711.Law.A), (Encoding.MU_LAW, g711.Law.MU)]
)
def test_codes_are_decoded_as_the_platform_does(encoding: Encoding, theirs: g711.Law) -> None:
    codes = bytes(range(256))
    expected = g711.decode(np.frombuffer(codes, np.uint8), theirs).tolist()
    assert linear(codes, encoding).tolist() == expected


def test_8_bit_sound_is_unsigned() -> None:
    assert linear(b"\0\x80\xff", Encoding.PCM_8).tolist() == [-32768, 0, 32512]
