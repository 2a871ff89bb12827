"""Wav files, read and written a piece at a time: mono, 8 kHz.

Read are G.711 A-law and µ-law, 8-bit unsigned and 16-bit signed linear, IMA and OKI ADPCM, at some
other rates too; written are the two laws and 16-bit linear, those with two channels too. Errors:

    UnplayableWav       a wav file that we can't play, or
    ├── NoWav           no wav file at all
    └── BadRate         one that could be played, were its rate another
"""

import struct
from collections.abc import Collection
from enum import Enum
from typing import Final, NamedTuple, Protocol

import numpy as np

from callwright.media import g711
from callwright.media.adpcm import IMA_HEADER_BYTES, ImaDecoder, OkiDecoder
from callwright.media.frames import SAMPLE_RATE_HZ, Samples
from callwright.media.resample import Resampler

MIME_BYTES: Final = 12
"""`RIFF`, a size and `WAVE`."""

RATES_HZ: Final = (SAMPLE_RATE_HZ, 6000, 11_000, 11_025)
"""Sample rates that are played (published); 8 kHz needs no work."""

CONVERTIBLE_HZ: Final = range(4000, 192_001)
"""Sample rates that can be made into 8 kHz (assumed): from telephony's half to studios' most."""

MAX_CHUNKS: Final = 64
"""Chunks before the sound; editors write five or six. More is a file made to keep us busy."""


class UnplayableWav(Exception):
    """The file's owner must change it; the message says to what."""


class NoWav(UnplayableWav):
    """The file doesn't even begin like one."""


class BadRate(UnplayableWav):
    """The file has a sample rate that is not ours."""


class Encoding(Enum):
    """How a sample is stored: format tag and bits, as the `fmt` chunk says them."""

    PCM8 = (1, 8)
    PCM16 = (1, 16)
    PCMA = (6, 8)
    PCMU = (7, 8)
    OKI_ADPCM = (0x10, 4)
    IMA_ADPCM = (0x11, 4)
    DIALOGIC_ADPCM = (0x17, 4)
    """OKI's by another number."""

    @property
    def sample_bits(self) -> int:
        """The size of one sample."""
        return int(self.value[1])


WRITTEN_ENCODINGS: Final = frozenset({Encoding.PCM16, Encoding.PCMA, Encoding.PCMU})
"""Those that a `WavWriter` knows."""


class Input(Protocol):
    """Where a wav file is read from: a file, or whatever stands before one."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; fewer at the end, then none."""
        ...

    def seek(self, offset: int, whence: int, /) -> int:
        """Pass over what is ahead (`whence` is 1)."""
        ...


class WavReader:
    """A wav file's sound at 8 kHz, in pieces of any size."""

    def __init__(self, stream: Input, *, may_have_any_rate: bool = False) -> None:
        """Read the header; of a file that is to be converted, the rate may be any convertible one.

        Raises:
            UnplayableWav: it is no wav file, or its encoding, rate or channels are not ours.

        """
        header = _read_header(stream, CONVERTIBLE_HZ if may_have_any_rate else RATES_HZ)
        self.encoding = header.form.encoding
        self.rate_hz = header.form.rate_hz
        self._stored = _StoredSound(stream, header)
        self._resampler = None
        if self.rate_hz != SAMPLE_RATE_HZ:
            self._resampler = Resampler(self.rate_hz, SAMPLE_RATE_HZ)
        self._ready: Samples = np.zeros(0, np.int16)

    def read(self, samples: int) -> Samples:
        """Take up to that many samples; fewer at the end, then none."""
        if self.rate_hz == SAMPLE_RATE_HZ:
            return self._stored.read(samples)
        while self._resampler is not None and (missing := samples - len(self._ready)) > 0:
            wanted = -(-missing * self.rate_hz // SAMPLE_RATE_HZ)
            stored = self._stored.read(wanted)
            made = [self._ready, self._resampler.feed(stored)]
            if len(stored) < wanted:
                made.append(self._resampler.finish())
                self._resampler = None
            self._ready = np.concatenate(made)
        found, self._ready = self._ready[:samples], self._ready[samples:]
        return found


def sound_length(stream: Input, size_bytes: int) -> float:
    """Return how many seconds of sound a file of so many bytes holds, in all channels at once.

    A file that nobody completed holds what was written to it. Raises `UnplayableWav`.
    """
    header = _read_header(stream, CONVERTIBLE_HZ, most_channels=2)
    there = max(0, size_bytes - stream.seek(0, _FROM_HERE))
    stored = there if header.size_bytes is None else min(there, header.size_bytes)
    form = header.form
    return stored * 8 / (form.channels * form.bits * form.rate_hz)


class _StoredSound:
    """The sound as it is stored, at the file's own rate."""

    def __init__(self, stream: Input, header: "_Header") -> None:
        self._stream = stream
        self._decoder = _decoder(header.form)
        self._left = header.size_bytes
        self._samples_left = header.samples
        self._ready: Samples = np.zeros(0, np.int16)

    def read(self, samples: int) -> Samples:
        """Take up to that many samples; fewer at the end, then none."""
        if self._samples_left is not None:
            samples = min(samples, self._samples_left)
        missing = samples - len(self._ready)
        if missing > 0:
            units = -(-missing // self._decoder.unit_samples)
            fresh = self._decoder.decode(self._stored(units * self._decoder.unit_bytes))
            self._ready = np.concatenate([self._ready, fresh]) if len(self._ready) else fresh
        found, self._ready = self._ready[:samples], self._ready[samples:]
        if self._samples_left is not None:
            self._samples_left -= len(found)
        return found

    def _stored(self, size: int) -> bytes:
        if self._left is None:
            return self._stream.read(size)
        stored = self._stream.read(min(size, self._left))
        self._left -= len(stored)
        return stored


class Output(Protocol):
    """What a wav file is written to: a file, or whatever stands before one."""

    def write(self, data: bytes, /) -> int:
        """Append."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go to the start, to write the header once more."""
        ...

    def flush(self) -> None:
        """Hand on what was written."""
        ...


class WavWriter:
    """A wav file in the making; its header is right once it is closed."""

    def __init__(
        self, stream: Output, encoding: Encoding, *, channels: int = 1, head_multiple: int = 1
    ) -> None:
        """Write the header with sizes that say "until the end", should nobody come to close it.

        Its size is a multiple of `head_multiple`; above 1, it holds nothing in the last but one of
        its pieces of that size.

        Raises:
            ValueError: the encoding is one that nobody writes.

        """
        if encoding not in WRITTEN_ENCODINGS:
            raise ValueError(f"{encoding.name} is only read; choose PCM16, PCMA or PCMU")
        self._stream = stream
        self._encoding = encoding
        self._head_multiple = head_multiple
        self._channels = channels
        self._moments = 0  # samples of one channel
        stream.write(self._header(None))

    def write(self, samples: Samples) -> None:
        """Append sound; two channels come interleaved."""
        self._stream.write(_encoded(samples, self._encoding))
        self._moments += len(samples) // self._channels

    def close(self) -> None:
        """Put the true sizes into the header; the stream stays open."""
        if self._moments * self._moment_bytes % 2:
            self._stream.write(b"\0")  # chunks are padded to even sizes (RIFF)
        self._stream.seek(0)
        self._stream.write(self._header(self._moments))
        self._stream.flush()

    @property
    def _moment_bytes(self) -> int:
        """The size of one sample of each channel."""
        return self._channels * self._encoding.sample_bits // 8

    def _header(self, moments: int | None) -> bytes:
        tag, bits = self._encoding.value
        width = self._moment_bytes
        # What is not linear has the size of an extension, here none (RIFF, new WAVE types).
        rate_hz = SAMPLE_RATE_HZ
        form = _FORMAT.pack(tag, self._channels, rate_hz, rate_hz * width, width, bits)
        form += b"" if self._encoding is Encoding.PCM16 else b"\0\0"
        fact = _CHUNK.pack(b"fact", 4) + struct.pack("<I", moments or 0)
        before = b"WAVE" + _CHUNK.pack(b"fmt ", len(form)) + form
        before += b"" if self._encoding is Encoding.PCM16 else fact
        before += self._filler(_CHUNK.size + len(before))
        size = None if moments is None else moments * width
        whole = _UNKNOWN_SIZE if size is None else len(before) + _CHUNK.size + size + size % 2
        data = _UNKNOWN_SIZE if size is None else size
        return _CHUNK.pack(b"RIFF", whole) + before + _CHUNK.pack(b"data", data)

    def _filler(self, start: int) -> bytes:
        """A chunk that holds nothing, from `start` up to the data chunk's header."""
        multiple = self._head_multiple
        if multiple == 1:
            return b""
        end = start + _CHUNK.size + 2 * multiple  # with nothing in a whole piece before the last
        end += -end % multiple - _CHUNK.size
        return _CHUNK.pack(b"JUNK", end - start - _CHUNK.size).ljust(end - start, b"\0")


class _Format(NamedTuple):
    tag: int
    channels: int
    rate_hz: int
    block_bytes: int
    bits: int

    @property
    def encoding(self) -> Encoding:
        return Encoding((self.tag, self.bits))


class _Header(NamedTuple):
    form: _Format
    size_bytes: int | None
    """Of the sound; None for up to the end."""
    samples: int | None
    """How many there are; None for as many as the bytes hold."""


class _Decoder(Protocol):
    """Stored sound to samples, in whole units of so many bytes and samples."""

    @property
    def unit_bytes(self) -> int: ...

    @property
    def unit_samples(self) -> int: ...

    def decode(self, stored: bytes, /) -> Samples: ...


class _Plain:
    """A coding in which each sample stands for itself."""

    unit_samples = 1

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self.unit_bytes = encoding.sample_bits // 8

    def decode(self, stored: bytes) -> Samples:
        return decoded(stored, self._encoding)


_UNKNOWN_SIZE: Final = 0xFFFFFFFF
_ENCODINGS: Final = frozenset(it.value for it in Encoding)
_FROM_HERE: Final = 1
_EXTENSIBLE: Final = 0xFFFE
_CHUNK: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_SUBFORMAT_AT: Final = 24
_LONGEST_FORMAT: Final = 1024
_NAMES: Final = {
    2: "Microsoft ADPCM",
    3: "floating point",
    0x10: "OKI ADPCM",
    0x11: "IMA ADPCM",
    0x17: "Dialogic's OKI ADPCM",
    0x31: "GSM 6.10",
    0x55: "MP3",
}


def _read_header(stream: Input, rates_hz: Collection[int], *, most_channels: int = 1) -> _Header:
    start = stream.read(MIME_BYTES)
    if len(start) < MIME_BYTES or start[:4] != b"RIFF" or start[8:] != b"WAVE":
        raise NoWav(f"starts with {start[:4]!r}; expected a RIFF WAVE file")
    form: _Format | None = None
    samples: int | None = None
    for _ in range(MAX_CHUNKS):
        header = stream.read(_CHUNK.size)
        if len(header) < _CHUNK.size:
            raise UnplayableWav("holds no data chunk")
        name, size = _CHUNK.unpack(header)
        if name == b"data":
            if form is None:
                raise UnplayableWav("has its data before its fmt chunk")
            # Programs that write to a pipe can't come back to fill the size in.
            return _Header(form, None if size in {0, _UNKNOWN_SIZE} else size, samples)
        body = stream.read(min(size, _LONGEST_FORMAT)) if name in {b"fmt ", b"fact"} else b""
        if name == b"fmt ":
            form = _checked(_read_format(body), rates_hz, most_channels)
        elif name == b"fact" and form is not None and form.encoding is Encoding.IMA_ADPCM:
            # The last block is filled up; this is where it ends.
            samples = int.from_bytes(body[:4], "little") or None
        stream.seek(size - len(body) + size % 2, _FROM_HERE)
    raise UnplayableWav(f"has more than {MAX_CHUNKS} chunks before its data")


def _read_format(body: bytes) -> _Format:
    if len(body) < _FORMAT.size:
        raise UnplayableWav(f"has a fmt chunk of {len(body)} bytes; expected {_FORMAT.size}")
    tag, channels, rate_hz, _, block_bytes, bits = _FORMAT.unpack_from(body)
    if tag == _EXTENSIBLE and len(body) >= _SUBFORMAT_AT + 2:
        (tag,) = struct.unpack_from("<H", body, _SUBFORMAT_AT)
    return _Format(tag, channels, rate_hz, block_bytes, bits)


def _checked(found: _Format, rates_hz: Collection[int], most_channels: int) -> _Format:
    if not 1 <= found.channels <= most_channels:
        raise UnplayableWav(f"has {found.channels} channels; expected {most_channels}")
    if (found.tag, found.bits) not in _ENCODINGS:
        name = _NAMES.get(found.tag, f"format {found.tag}")
        raise UnplayableWav(
            f"is coded as {name} with {found.bits} bits; expected "
            "A-law, µ-law, 8-bit or 16-bit linear, IMA or OKI ADPCM with 4 bits"
        )
    if found.encoding is Encoding.IMA_ADPCM and found.block_bytes <= IMA_HEADER_BYTES:
        raise UnplayableWav(
            f"has blocks of {found.block_bytes} bytes; expected more than {IMA_HEADER_BYTES}"
        )
    if found.rate_hz not in rates_hz:
        expected = "8000, 6000, 11000 or 11025" if rates_hz is RATES_HZ else "4000 to 192000"
        raise BadRate(f"has {found.rate_hz} samples a second; expected {expected}")
    return found


def _decoder(form: _Format) -> _Decoder:
    match form.encoding:
        case Encoding.IMA_ADPCM:
            return ImaDecoder(form.block_bytes)
        case Encoding.OKI_ADPCM | Encoding.DIALOGIC_ADPCM:
            return OkiDecoder()
        case plain:
            return _Plain(plain)


def decoded(stored: bytes, encoding: Encoding) -> Samples:
    """Samples that are stored one by one: G.711, 8-bit or 16-bit linear; half ones are left out."""
    match encoding:
        case Encoding.PCM8:
            return (np.frombuffer(stored, np.uint8).astype(np.int16) - 0x80) << 8
        case Encoding.PCMA:
            return g711.decode(np.frombuffer(stored, np.uint8), g711.Law.A)
        case Encoding.PCMU:
            return g711.decode(np.frombuffer(stored, np.uint8), g711.Law.MU)
        case _:
            return np.frombuffer(stored[: len(stored) & ~1], "<i2").astype(np.int16)


def _encoded(samples: Samples, encoding: Encoding) -> bytes:
    match encoding:
        case Encoding.PCMA:
            return g711.encode(samples, g711.Law.A).tobytes()
        case Encoding.PCMU:
            return g711.encode(samples, g711.Law.MU).tobytes()
        case _:
            return samples.astype("<i2").tobytes()
