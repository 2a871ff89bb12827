"""Files to play, read by one thread; prompts that many legs play are read and decoded once."""

from collections import OrderedDict
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from callwright.media.frames import SAMPLE_RATE_HZ, Samples
from callwright.media.wav import NoWav, WavReader
from callwright.worker import rpc
from callwright.worker.encryption import DecryptedFile, Undecryptable

CHUNK_SAMPLES: Final = 4 * SAMPLE_RATE_HZ
"""What is read at once of a long file; as much again is read while it is played. 64 kB, and four
seconds for the slowest of disks."""

MAX_PROMPT_BYTES: Final = 1 << 20
"""The largest file that is kept: two minutes of G.711. Longer ones are rarely everybody's."""

MAX_KEPT_BYTES: Final = 64 << 20
"""Of decoded sound, over an hour; then the prompt that was asked for longest ago is forgotten."""

UNDECRYPTABLE: Final = "could not be decrypted"
"""What a play's problem begins with when the file does not fit its cipher."""


class Piece(NamedTuple):
    """A stretch of a file's sound."""

    samples: Samples
    is_last: bool


class Version(NamedTuple):
    """What tells a file from another one of its name."""

    path: str
    inode: int
    modified_ns: int
    size_bytes: int


class Prompts:
    """The files of all legs. All but `open` happens in the reading thread."""

    def __init__(self, disk: Executor, *, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        """Read by `disk`: one job at a time, in order."""
        self._disk = disk
        self._max_kept_bytes = max_kept_bytes
        self._kept: OrderedDict[Version, Samples] = OrderedDict()
        self._kept_bytes = 0

    def open(self, item: rpc.PlayFile) -> "Reading":
        """Begin to read a file; whoever opens it closes it."""
        return Reading(item, self, self._disk)

    def find(self, version: Version) -> Samples | None:
        """A prompt's sound, if it is kept."""
        samples = self._kept.get(version)
        if samples is not None:
            self._kept.move_to_end(version)
        return samples

    def keep(self, version: Version, samples: Samples) -> None:
        """Keep a prompt's sound, and forget others for it."""
        samples.flags.writeable = False  # many legs play it
        self._kept[version] = samples
        self._kept_bytes += samples.nbytes
        while self._kept_bytes > self._max_kept_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.nbytes


class Reading:
    """One file that is being played; its jobs run in the reading thread, one after another."""

    def __init__(self, item: rpc.PlayFile, prompts: Prompts, disk: Executor) -> None:
        self._item = item
        self._prompts = prompts
        self._disk = disk
        self._stream: BinaryIO | None = None
        self._reader: WavReader | None = None

    def next(self) -> Future[Piece]:
        """Ask for the next piece; its failures are `OSError`, `UnplayableWav`, `Undecryptable`."""
        return self._disk.submit(self._read)

    def close(self) -> None:
        """Close the file, behind whatever the thread is still reading of it."""
        self._disk.submit(self._close)

    def _read(self) -> Piece:
        if self._reader is None:
            version = _version(self._item.path)
            # What was encrypted is not kept in clear, nor lent to who may not have the key.
            if self._item.cipher is None and version.size_bytes <= MAX_PROMPT_BYTES:
                return Piece(self._prompt(version), is_last=True)
            self._stream = Path(self._item.path).open("rb")  # noqa: SIM115 - `_close` closes it
            self._reader = _reader(self._stream, self._item.cipher)
        samples = self._reader.read(CHUNK_SAMPLES)
        return Piece(samples, is_last=len(samples) < CHUNK_SAMPLES)

    def _prompt(self, version: Version) -> Samples:
        kept = self._prompts.find(version)
        if kept is not None:
            return kept
        with Path(version.path).open("rb") as stream:
            samples = WavReader(stream).read(_WHOLE)
        self._prompts.keep(version, samples)
        return samples

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()


_WHOLE: Final = 4 * MAX_PROMPT_BYTES
"""Samples: twice as many as the densest coding puts into the largest prompt."""


def _version(path: str) -> Version:
    found = Path(path).stat()
    return Version(path, found.st_ino, found.st_mtime_ns, found.st_size)


def _reader(stream: BinaryIO, cipher: rpc.Cipher | None) -> WavReader:
    if cipher is None:
        return WavReader(stream)
    try:
        return WavReader(DecryptedFile(stream, cipher))
    except NoWav as problem:
        raise Undecryptable(
            "the key or the vector does not fit: no wav file comes out"
        ) from problem
