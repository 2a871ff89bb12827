"""What files hold."""

import io

import numpy as np
import pytest

from callwright.domain.file_names import FileName, FileType, file_name
from callwright.files.content import (
    check_cipher,
    check_media,
    content_type_of,
    convert,
    is_encrypted,
    needs_conversion,
)
from callwright.files.ports import BadFile
from callwright.media.wav import Encoding, WavReader, WavWriter

LOG = file_name(FileType.REST, "a.wav")
SOUND = file_name(FileType.MEDIA, "a.WAVE")
FAX = file_name(FileType.MEDIA, "a.tiff")
CAT = file_name(FileType.MSG_MEDIA, "cat.Png")


def wav(rate: int, encoding: Encoding = Encoding.PCM16) -> bytes:
    """A second of a tone."""
    stream = io.BytesIO()
    writer = WavWriter(stream, encoding)
    tone = 8000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    writer.write(tone.astype(np.int16))
    writer.close()
    return stream.getvalue().replace((8000).to_bytes(4, "little"), rate.to_bytes(4, "little"), 1)


@pytest.mark.parametrize("encoding", [Encoding.PCM16, Encoding.PCMA, Encoding.PCMU])
@pytest.mark.parametrize("rate", [4000, 16_000, 44_100, 192_000])
def test_a_conversion_keeps_the_sound_and_its_coding(rate: int, encoding: Encoding) -> None:
    source, target = io.BytesIO(wav(rate, encoding)), io.BytesIO()
    assert needs_conversion(SOUND, io.BytesIO(source.getvalue()))
    convert(source, target)

    target.seek(0)
    reader = WavReader(target)
    samples = reader.read(9000)
    expected = 8000 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    assert (reader.encoding, len(samples)) == (encoding, 8000)
    assert np.max(np.abs(samples - expected)[200:-200]) < 500


@pytest.mark.parametrize("rate", [8000, 6000, 11_000, 11_025])
def test_what_can_be_played_is_not_converted(rate: int) -> None:
    assert not needs_conversion(SOUND, io.BytesIO(wav(rate)))
    check_media(SOUND, io.BytesIO(wav(rate)))


def test_what_must_be_changed_is_said() -> None:
    with pytest.raises(BadFile, match=r'file a\.WAVE has 16000 .* send convert="true"'):
        check_media(SOUND, io.BytesIO(wav(16_000)))
    with pytest.raises(BadFile, match=r"tiff file a\.tiff starts with b'RIFF'"):
        check_media(FAX, io.BytesIO(wav(8000)))
    with pytest.raises(BadFile, match="3000 samples a second; expected 4000"):
        needs_conversion(SOUND, io.BytesIO(wav(3000)))


def test_what_was_to_be_encrypted_is_not_kept_in_clear() -> None:
    check_cipher(SOUND, io.BytesIO(bytes(range(16))))
    check_cipher(SOUND, io.BytesIO(b"II*\0"))
    for name, content, problem in (
        (SOUND, wav(8000), "in clear"),
        (FAX, b"MM\0*", "in clear"),
        (SOUND, b"", "empty"),
    ):
        with pytest.raises(BadFile, match=problem):
            check_cipher(name, io.BytesIO(content))


def test_other_stores_hold_nothing_encrypted() -> None:
    assert not is_encrypted(CAT, b"anything")
    assert not is_encrypted(LOG, b"anything")


@pytest.mark.parametrize(
    ("name", "is_in_cipher", "said", "content_type"),
    [
        (SOUND, False, "", "audio/wav"),
        (FAX, False, "", "image/tiff"),
        (SOUND, True, "", "application/octet-stream"),
        (CAT, False, "", "image/png"),
        (CAT, False, "image/x-cat", "image/x-cat"),
        (file_name(FileType.MSG_MEDIA, "a.b"), False, "", "application/octet-stream"),
        (LOG, False, "image/png", "text/plain; charset=utf-8"),
    ],
)
def test_a_content_type_is_what_was_said_or_told_by_the_name(
    name: FileName, said: str, content_type: str, *, is_in_cipher: bool
) -> None:
    assert content_type_of(name, is_in_cipher=is_in_cipher, said=said) == content_type
