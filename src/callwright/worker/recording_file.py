"""A recording's wav file, in the hands of the thread that writes it."""

from pathlib import Path
from typing import BinaryIO, Final

from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc
from callwright.worker.encryption import BLOCK_BYTES, EncryptedFile, check
from callwright.worker.sides import Side, combined


class RecordingFile:
    """Opened, written and closed in this order, each by a job of its own."""

    def __init__(self, command: rpc.Record, side: Side) -> None:
        """Look at the command; nothing happens on disk.

        Raises:
            ValueError: the encoding or the cipher is none that we write.

        """
        if command.encoding not in _WRITABLE:
            raise ValueError(f"encoding {command.encoding!r}; expected {' or '.join(_WRITABLE)}")
        if command.cipher is not None:
            check(command.cipher)
        self._path = Path(command.path)
        self._encoding = _WRITABLE[command.encoding]
        self._cipher = command.cipher
        self._side = side
        self._stream: BinaryIO | None = None
        self._encrypted: EncryptedFile | None = None
        self._writer: WavWriter | None = None

    def open(self) -> None:
        """Create the file, or empty the one that is there."""
        self._stream = self._path.open("wb")
        if self._cipher is not None:
            self._encrypted = EncryptedFile(self._stream, self._cipher)
        self._writer = WavWriter(
            self._encrypted or self._stream,
            self._encoding,
            channels=self._side.channels,
            head_multiple=BLOCK_BYTES if self._encrypted else 1,
        )

    def write(self, heard: bytes, sent: bytes) -> None:
        """Append both sides' samples, as long as each other where both are recorded."""
        if self._writer is not None and self._stream is not None:
            self._writer.write(combined(self._side, heard, sent))
            self._stream.flush()  # a worker that is killed leaves what was said until then

    def close(self) -> None:
        """Complete the header, and the encryption."""
        if self._stream is not None and self._writer is not None:
            with self._stream:
                self._writer.close()
                if self._encrypted is not None:
                    self._encrypted.finish()


_WRITABLE: Final = {it.name: it for it in (Encoding.PCMU, Encoding.PCMA, Encoding.PCM16)}
