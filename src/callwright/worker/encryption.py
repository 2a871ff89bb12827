"""Files in AES-CBC with PKCS#7 padding, as `openssl enc` reads and writes them.

Written from beginning to end, in whole blocks: nothing is ever on disk in clear, and a file that
nobody completed can be decrypted (without padding) up to its last whole block.

A wav file's header is only known at the end, and with CBC a block depends on all before it. Yet
each block is deciphered with nothing but its own code and the one before (NIST SP 800-38A 6.2).
So the header is encrypted anew up to its last block but one, which holds nothing: that one's
code is chosen such that the last block reads as it should, under its old code. All that follows
stays as it is. Errors:

    Undecryptable       wrong key or vector, cut off, or never encrypted this way
"""

import io
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from callwright.worker import rpc

BLOCK_BYTES: Final = 16
"""AES's block, and so the vector's size."""

KEY_BYTES: Final = (16, 24, 32)


class Undecryptable(Exception):
    """The file does not fit the cipher; the message says how that showed."""


def check(cipher: rpc.Cipher) -> None:
    """Refuse what is no cipher.

    Raises:
        ValueError: key or vector have the wrong length.

    """
    if len(cipher.key) not in KEY_BYTES:
        raise ValueError(f"a key of {len(cipher.key)} bytes; expected 16, 24 or 32")
    vector = cipher.initialisation_vector
    if len(vector) != BLOCK_BYTES:
        raise ValueError(f"an initialisation vector of {len(vector)} bytes; expected 16")


class EncryptedFile:
    """A file to be written once through; only its first piece may be replaced, at the end."""

    def __init__(self, stream: BinaryIO, cipher: rpc.Cipher) -> None:
        """Encrypt into a stream that is empty; it stays the caller's."""
        self._stream = stream
        self._cipher = cipher
        self._encryptor = _encryptor(cipher)
        self._head = self._head_code = b""
        self._size_bytes = 0
        self._is_at_start = True

    def write(self, data: bytes, /) -> int:
        """Append; the first piece is the head, whole blocks. After `seek(0)`: replace the head."""
        if self._is_at_start:
            self._is_at_start = False
            code = self._replaced(data) if self._head else self._encryptor.update(data)
            self._head = self._head or data
            self._head_code = code
        else:
            code = self._encryptor.update(data)
        self._stream.write(code)
        self._size_bytes += len(data)
        return len(data)

    def seek(self, offset: int, /) -> int:
        """Go back to the start, to replace the head; nowhere else."""
        assert offset == 0
        self._stream.flush()
        self._is_at_start = True
        return self._stream.seek(offset)

    def flush(self) -> None:
        """Hand everything whole to the operating system."""
        self._stream.flush()

    def finish(self) -> None:
        """Pad to the end of the last block; nothing can be written behind it."""
        self._stream.seek(0, io.SEEK_END)
        left = BLOCK_BYTES - self._size_bytes % BLOCK_BYTES
        self._stream.write(self._encryptor.update(bytes((left,)) * left))
        self._stream.write(self._encryptor.finalize())
        self._stream.flush()

    def _replaced(self, head: bytes) -> bytes:
        """The code of another head of the same size: see the module's words."""
        self._size_bytes -= len(head)
        free, last = len(head) - 2 * BLOCK_BYTES, len(head) - BLOCK_BYTES
        begin = _encryptor(self._cipher).update(head[:free])
        chosen = _xor(self._head_code[free:last], _xor(self._head[last:], head[last:]))
        return begin + chosen + self._head_code[last:]


class DecryptedFile(io.RawIOBase):
    """An encrypted file, read as if it were clear; forward only."""

    def __init__(self, stream: BinaryIO, cipher: rpc.Cipher) -> None:
        """Look at both ends, so that a wrong key is seen before anything is heard.

        Raises:
            Undecryptable: the padding is none, or the size.

        """
        self._stream = stream
        size_bytes = stream.seek(0, io.SEEK_END)
        if not size_bytes or size_bytes % BLOCK_BYTES:
            raise Undecryptable(f"{size_bytes} bytes are no whole blocks of {BLOCK_BYTES}")
        self._left = size_bytes - self._padding(cipher, size_bytes)
        stream.seek(0)
        self._decryptor = _decryptor(cipher)
        self._clear = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to so many bytes of clear text; fewer at the end, then none."""
        size = self._left if size < 0 else min(size, self._left)
        missing = size - len(self._clear)
        if missing > 0:
            blocks = -(-missing // BLOCK_BYTES)
            self._clear += self._decryptor.update(self._stream.read(blocks * BLOCK_BYTES))
        found, self._clear = self._clear[:size], self._clear[size:]
        self._left -= len(found)
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Pass over what is ahead."""
        assert whence == io.SEEK_CUR
        assert offset >= 0
        while offset > 0 and (passed := self.read(min(offset, _PASSED_BYTES))):
            offset -= len(passed)
        return self._left

    def _padding(self, cipher: rpc.Cipher, size_bytes: int) -> int:
        """How many bytes at the end are padding (RFC 5652 6.3)."""
        before = max(0, size_bytes - 2 * BLOCK_BYTES)
        self._stream.seek(before)
        *vector, code = (self._stream.read(BLOCK_BYTES) for _ in range(before, size_bytes, 16))
        chained = rpc.Cipher(cipher.key, vector[0] if vector else cipher.initialisation_vector)
        clear = _decryptor(chained).update(code)
        count = clear[-1]
        if not 0 < count <= BLOCK_BYTES or clear[-count:] != bytes((count,)) * count:
            raise Undecryptable("the key or the vector does not fit, or the end is missing")
        return count


_PASSED_BYTES: Final = 1 << 16


def _encryptor(cipher: rpc.Cipher) -> CipherContext:
    return Cipher(AES(cipher.key), CBC(cipher.initialisation_vector)).encryptor()


def _decryptor(cipher: rpc.Cipher) -> CipherContext:
    return Cipher(AES(cipher.key), CBC(cipher.initialisation_vector)).decryptor()


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
