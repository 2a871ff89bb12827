"""Wav files: read what others write, write what others read."""

import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.media.frames import Samples
from callwright.media.tones import sines
from callwright.media.wav import RATES_HZ, BadRate, Encoding, UnplayableWav, WavReader, WavWriter

VECTORS = Path(__file__).parent.parent / "vectors" / "adpcm"
SOUND = sines((440.0, 1000.0), -12.0, 0, 4001)
WRITABLE = [Encoding.PCM16, Encoding.PCMA, Encoding.PCMU]


def written(encoding: Encoding, sound: Samples = SOUND, *, closes: bool = True) -> bytes:
    stream = io.BytesIO()
    writer = WavWriter(stream, encoding)
    for start in range(0, len(sound), 1000):
        writer.write(sound[start : start + 1000])
    if closes:
        writer.close()
    return stream.getvalue()


def read(data: bytes, piece: int = 300) -> Samples:
    reader = WavReader(io.BytesIO(data))
    pieces = []
    while len(samples := reader.read(piece)):
        pieces.append(samples)
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


@pytest.mark.parametrize("encoding", WRITABLE)
@pytest.mark.parametrize("closes", [True, False])
def test_what_is_written_is_read_again(encoding: Encoding, *, closes: bool) -> None:
    again = read(written(encoding, closes=closes))
    assert len(again) == len(SOUND)
    noise = again.astype(float) - SOUND
    # G.711 keeps noise 36 dB below the sound.
    allowed = 0.0 if encoding is Encoding.PCM16 else np.std(SOUND) / 50
    assert np.std(noise) <= allowed


@pytest.mark.parametrize("encoding", WRITABLE)
def test_an_empty_recording_is_a_whole_file(encoding: Encoding) -> None:
    assert len(read(written(encoding, SOUND[:0]))) == 0


@pytest.mark.parametrize("encoding", WRITABLE)
def test_the_header_is_right_once_closed(encoding: Encoding) -> None:
    data = written(encoding)
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    at = data.index(b"data")
    size = struct.unpack_from("<I", data, at + 4)[0]
    assert size == len(SOUND) * encoding.sample_bits // 8
    assert len(data) == at + 8 + size + size % 2


def test_pythons_own_reader_takes_ours() -> None:
    with wave.open(io.BytesIO(written(Encoding.PCM16))) as theirs:
        assert (theirs.getframerate(), theirs.getnchannels()) == (8000, 1)
        assert theirs.readframes(5000) == SOUND.tobytes()


@pytest.mark.parametrize("width", [1, 2])
def test_we_take_what_pythons_own_writer_makes(width: int) -> None:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as theirs:
        theirs.setnchannels(1)
        theirs.setsampwidth(width)
        theirs.setframerate(8000)
        coarse = ((SOUND >> 8) + 128).astype(np.uint8).tobytes()
        theirs.writeframes(coarse if width == 1 else SOUND.tobytes())
    found = read(stream.getvalue())
    assert (abs(found.astype(int) - SOUND) < (256 if width == 1 else 1)).all()


def test_8_bit_linear_is_not_written() -> None:
    with pytest.raises(ValueError, match="only read"):
        WavWriter(io.BytesIO(), Encoding.PCM8)


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def form(tag: int = 1, channels: int = 1, rate: int = 8000, bits: int = 16) -> bytes:
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * 2, 2, bits))


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


DATA = chunk(b"data", SOUND.tobytes())


def test_chunks_that_say_nothing_to_us_are_passed_over() -> None:
    odd = chunk(b"LIST", b"abc")
    found = read(riff(odd, form(), odd, DATA, chunk(b"LIST", b"not sound")))
    assert (found == SOUND).all()


def test_the_extensible_form_is_understood() -> None:
    body = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 16000, 2, 16, 22, 16, 4)
    body += struct.pack("<H", 1) + bytes(14)
    assert (read(riff(chunk(b"fmt ", body), DATA)) == SOUND).all()


def test_a_cut_off_file_gives_what_is_there() -> None:
    assert len(read(riff(form(), DATA)[:-101])) == (len(SOUND.tobytes()) - 101) // 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "RIFF WAVE"),
        (b"ID3\x04 an MP3 file", "RIFF WAVE"),
        (b"RIFF\0\0\0\0AVI ", "RIFF WAVE"),
        (riff(), "no data chunk"),
        (riff(form()), "no data chunk"),
        (riff(DATA, form()), "before its fmt"),
        (riff(chunk(b"fmt ", b"\1\0"), DATA), "fmt chunk of 2 bytes"),
        (riff(form(channels=2), DATA), "2 channels"),
        (riff(form(rate=44100), DATA), "44100 samples"),
        (riff(form(bits=24), DATA), "24 bits"),
        (riff(form(tag=0x11, bits=3), DATA), "IMA ADPCM with 3 bits"),
        (riff(form(tag=0x11, bits=4), DATA), "blocks of 2 bytes"),
        (riff(form(tag=0x10, bits=3), DATA), "OKI ADPCM with 3 bits"),
        (riff(form(tag=0x999), DATA), "format 2457"),
        (riff(*[chunk(b"junk", b"")] * 100, form(), DATA), "more than 64 chunks"),
    ],
)
def test_what_we_cannot_play_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(UnplayableWav, match=problem):
        WavReader(io.BytesIO(data))


def test_ima_adpcm_is_read_up_to_where_its_fact_chunk_says() -> None:
    found = read((VECTORS / "ima.wav").read_bytes())
    assert len(found) == 1600  # SoX itself goes on to the end of the last block
    assert (found == np.fromfile(VECTORS / "ima.raw", "<i2")[:1600]).all()


@pytest.mark.parametrize("tag", [0x10, 0x17])
@pytest.mark.parametrize("piece", [1, 160, 10_000])
def test_oki_adpcm_is_read_by_either_number(tag: int, piece: int) -> None:
    data = chunk(b"data", (VECTORS / "oki.vox").read_bytes())
    found = read(riff(form(tag=tag, bits=4), data), piece)
    assert (found == np.fromfile(VECTORS / "oki.raw", "<i2")).all()


@pytest.mark.parametrize("encoding", WRITABLE)
def test_two_channels_are_written_interleaved(encoding: Encoding) -> None:
    stream = io.BytesIO()
    writer = WavWriter(stream, encoding, channels=2)
    writer.write(np.stack([SOUND, np.zeros_like(SOUND)], axis=1).reshape(-1))
    writer.close()
    data = stream.getvalue()
    _, channels, rate, second, width, bits = struct.unpack_from("<HHIIHH", data, 20)
    assert (channels, rate, second, width) == (2, 8000, 8000 * width, 2 * bits // 8)
    with pytest.raises(UnplayableWav, match="2 channels"):
        WavReader(io.BytesIO(data))
    at = data.index(b"data")
    assert struct.unpack_from("<I", data, at + 4)[0] == len(data) - at - 8 == len(SOUND) * width


@pytest.mark.parametrize("encoding", WRITABLE)
@pytest.mark.parametrize("closes", [True, False])
def test_a_header_of_whole_pieces_holds_nothing_in_the_last_but_one(
    encoding: Encoding, *, closes: bool
) -> None:
    stream = io.BytesIO()
    writer = WavWriter(stream, encoding, head_multiple=16)
    head = len(stream.getvalue())
    writer.write(SOUND)
    if closes:
        writer.close()
    data = bytearray(stream.getvalue())
    assert head % 16 == 0
    assert data[head - 8 : head - 4] == b"data"
    data[head - 32 : head - 16] = bytes(range(16))
    assert len(read(bytes(data))) == len(SOUND)


FUZZED = (
    written(Encoding.PCMU),
    (VECTORS / "ima.wav").read_bytes(),
    riff(form(tag=0x17, bits=4), chunk(b"data", (VECTORS / "oki.vox").read_bytes())),
)


@given(
    st.sampled_from(FUZZED),
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 255)), max_size=8),
    st.integers(0, 1100),
    st.integers(1, 2000),
)
def test_a_damaged_file_is_refused_or_read_to_an_end(
    data: bytes, damages: list[tuple[int, int]], size: int, piece: int
) -> None:
    damaged = bytearray(data)
    for at, value in damages:
        # Most in the header, where it matters.
        damaged[(at if at % 2 else at % 64) % len(damaged)] = value
    try:
        found = read(bytes(damaged[:size]), piece)
    except UnplayableWav:
        return
    assert len(found) <= 2 * size


@given(st.binary(max_size=100), st.booleans())
def test_garbage_is_refused_and_nothing_else(garbage: bytes, has_form: bool) -> None:  # noqa: FBT001 - drawn
    data = b"RIFF\0\0\0\0WAVE" + (form() if has_form else b"") + garbage
    try:
        reader = WavReader(io.BytesIO(data))
    except UnplayableWav:
        return
    assert len(reader.read(1000)) <= 1000


@pytest.mark.parametrize("rate", RATES_HZ)
@pytest.mark.parametrize("piece", [160, 3000, 100_000])
def test_other_rates_are_heard_at_8_khz(rate: int, piece: int) -> None:
    time = np.arange(rate) / rate
    tone = (8000 * np.sin(2 * np.pi * 440 * time)).astype("<i2")
    found = read(riff(form(rate=rate), chunk(b"data", tone.tobytes())), piece)
    expected = 8000 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)

    assert len(found) == 8000
    assert np.max(np.abs(found - expected)[500:-500]) < 120


def test_pieces_are_full_up_to_the_last() -> None:
    data = chunk(b"data", SOUND.tobytes())
    reader = WavReader(io.BytesIO(riff(form(rate=11_025), data)))
    sizes = []
    while size := len(reader.read(500)):
        sizes.append(size)
    assert sizes == [500, 500, 500, 500, 500, 404]


def test_a_file_to_convert_may_have_another_rate() -> None:
    data = riff(form(rate=44_100), DATA)
    reader = WavReader(io.BytesIO(data), may_have_any_rate=True)
    assert (reader.rate_hz, len(reader.read(10_000))) == (44_100, -(-len(SOUND) * 80 // 441))
    with pytest.raises(BadRate, match="44100 samples a second; expected 8000, 6000"):
        WavReader(io.BytesIO(data))
    with pytest.raises(BadRate, match="3999 samples a second; expected 4000 to 192000"):
        WavReader(io.BytesIO(riff(form(rate=3999), DATA)), may_have_any_rate=True)
