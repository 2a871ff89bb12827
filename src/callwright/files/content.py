"""What files hold: what may be played or faxed, what is encrypted, what can be converted."""

from typing import BinaryIO, Final

from callwright.domain.file_names import FileName, FileType
from callwright.files.ports import BadFile
from callwright.media.frames import SAMPLE_RATE_HZ
from callwright.media.tiff import UnsendableTiff, fax_pages
from callwright.media.wav import (
    RATES_HZ,
    WRITTEN_ENCODINGS,
    BadRate,
    Encoding,
    UnplayableWav,
    WavReader,
    WavWriter,
)

HEAD_BYTES: Final = 12
"""Enough of a file to tell whether it is encrypted."""

_TIFF_HEADS: Final = (b"II*\0", b"MM\0*")
_WAV_EXTENSIONS: Final = frozenset({".wav", ".wave"})

_CONVERTED_AT_ONCE: Final = 10 * SAMPLE_RATE_HZ
"""Samples: a conversion holds this much sound in memory, ten seconds."""

CONTENT_TYPES: Final = {
    ".3gp": "video/3gpp",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".wav": "audio/wav",
    ".wave": "audio/wav",
    ".webp": "image/webp",
}
"""What a file is taken for when nothing was said, by its extension (IANA's registered names)."""

UNKNOWN_TYPE: Final = "application/octet-stream"


def is_sound(name: FileName) -> bool:
    """Whether a file of that name is a wav file; the other media files are faxes."""
    return name.extension in _WAV_EXTENSIONS


def is_encrypted(name: FileName, head: bytes) -> bool:
    """Tell by its first bytes whether a file is encrypted.

    A media file in clear was checked, or made here, so it begins as its kind does; that twelve
    bytes of a cipher do so by chance happens once in 2^64 files, four once in 2^31.
    """
    if name.file_type is not FileType.MEDIA or not head:
        return False
    return not _begins_in_clear(name, head)


def content_type_of(name: FileName, *, is_in_cipher: bool, said: str = "") -> str:
    """Return the content type that a file is sent with."""
    if name.file_type is FileType.REST:
        return "text/plain; charset=utf-8"
    if is_in_cipher:
        return UNKNOWN_TYPE
    return said or CONTENT_TYPES.get(name.extension, UNKNOWN_TYPE)


def check_media(name: FileName, stream: BinaryIO) -> None:
    """Look whether a file can be played or faxed.

    Raises:
        BadFile: it cannot; the text says why.

    """
    try:
        if is_sound(name):
            WavReader(stream)
        else:
            fax_pages(stream)
    except BadRate as problem:
        raise BadFile(f'{_of(name)} {problem}; send convert="true" to have it made so') from problem
    except (UnplayableWav, UnsendableTiff) as problem:
        raise BadFile(f"{_of(name)} {problem}") from problem


def check_cipher(name: FileName, stream: BinaryIO) -> None:
    """Look whether a file is encrypted indeed, so that nothing is kept in clear by mistake.

    Raises:
        BadFile: it begins like a file in clear, or is empty, as no encrypted one is.

    """
    head = stream.read(HEAD_BYTES)
    if not head:
        raise BadFile(f"{_of(name)} is empty; an encrypted file was announced")
    if _begins_in_clear(name, head):
        raise BadFile(f"{_of(name)} is in clear; an encrypted file was announced")


def needs_conversion(name: FileName, stream: BinaryIO) -> bool:
    """Look whether a sample rate must be changed before a file can be played.

    Raises:
        BadFile: that would not be enough.

    """
    try:
        return WavReader(stream, may_have_any_rate=True).rate_hz not in RATES_HZ
    except UnplayableWav as problem:
        raise BadFile(f"{_of(name)} {problem}") from problem


def convert(source: BinaryIO, target: BinaryIO) -> None:
    """Write a wav file at 8 kHz, in its own coding where we write that, else 16-bit linear."""
    reader = WavReader(source, may_have_any_rate=True)
    encoding = reader.encoding if reader.encoding in WRITTEN_ENCODINGS else Encoding.PCM16
    writer = WavWriter(target, encoding)
    while len(samples := reader.read(_CONVERTED_AT_ONCE)):
        writer.write(samples)
    writer.close()


def _begins_in_clear(name: FileName, head: bytes) -> bool:
    if is_sound(name):
        return head[:4] == b"RIFF" and head[8:HEAD_BYTES] == b"WAVE"
    return head[:4] in _TIFF_HEADS


def _of(name: FileName) -> str:
    return f"the {'wav' if is_sound(name) else 'tiff'} file {name}"
