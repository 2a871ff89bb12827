"""The installation's secret: one file, from which every key of this installation is derived.

Whoever has the database and this file can read service passwords and forge nothing else; whoever
has the database alone can do neither. Without the file no API Access Key is recognised and no
service password can be shown, so a backup takes it along, in another place.
"""

import base64
import binascii
import hmac
import os
import stat
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callwright.adapters.folders import sync_folder
from callwright.domain.errors import CallwrightError
from callwright.services.ports import BrokenSeal

SECRET_BYTES: Final = 32
"""256 bits: nobody guesses it, and each derived key is as long."""

HASH_BYTES: Final = 32
"""As long as what they stand for needs: nobody finds another text with the same 256 bits."""

NONCE_BYTES: Final = 12
"""Of AES-GCM (NIST SP 800-38D 5.2.1.1). Drawn anew for each seal: at a million seals, two equal
ones have a chance of one in 10^17."""

_VERSION: Final = "1:"
_OTHERS_BITS: Final = stat.S_IRWXG | stat.S_IRWXO
_OWNER_ONLY: Final = stat.S_IRUSR | stat.S_IWUSR


class BadSecretFile(CallwrightError):
    """The secret file can't be used; the text says what to do about it."""


class InstallationSecret:
    """Hashes with a key and seals passwords: `KeyedHash` and `Sealer`."""

    def __init__(self, secret: bytes) -> None:
        """Derive the keys; `open_or_make` is the usual way in."""
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a secret of {len(secret)} bytes: {SECRET_BYTES} expected")
        self._hash_key = hmac.digest(secret, b"callwright keyed hash", "sha256")
        self._aead = AESGCM(hmac.digest(secret, b"callwright seal", "sha256"))

    @classmethod
    def open_or_make(cls, path: Path) -> Self:
        """Read the secret file; make it, for its owner's eyes only, if there is none.

        Raises:
            BadSecretFile: unreadable, damaged, or open to others.

        """
        try:
            if not path.exists():
                _make(path)
            return cls(_read(path))
        except OSError as fault:
            raise BadSecretFile(f"the secret file {path}: {fault.strerror}") from fault

    def keyed_hash(self, purpose: str, clear: bytes) -> bytes:
        """Return keyed BLAKE2b (RFC 7693 2.9): it is asked at every request, and takes 1 µs.

        A purpose ends in a zero byte, so that no two run into another. OpenSSL's HMAC lets go of
        the interpreter lock for each hash, and under load waits 60 µs to have it back.
        """
        return blake2b(
            purpose.encode() + b"\0" + clear, key=self._hash_key, digest_size=HASH_BYTES
        ).digest()

    def seal(self, clear: str, *, context: str) -> str:
        """Encrypt with AES-GCM; `context` is authenticated, not stored."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, clear.encode(), context.encode())
        return _VERSION + base64.b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str, *, context: str) -> str:
        """Decrypt what `seal` made with the same context.

        Raises:
            BrokenSeal: anything else.

        """
        try:
            raw = base64.b64decode(sealed.removeprefix(_VERSION), validate=True)
            return self._aead.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()
            ).decode()
        except (InvalidTag, ValueError):
            raise BrokenSeal(
                f"the sealed password of {context} can't be read: was the secret file replaced?"
            ) from None


def _read(path: Path) -> bytes:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS_BITS:
        raise BadSecretFile(
            f"the secret file {path} has mode {mode:04o}, so others can read it: chmod 600 {path}"
        )
    try:
        secret = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise BadSecretFile(
            f"the secret file {path} is damaged: restore it from a backup "
            "(with another one no existing key or password would work)"
        )
    return secret


def _make(path: Path) -> None:
    """Make the file whole or not at all; of two processes that do it at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(SECRET_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        sync_folder(path.parent)
    finally:
        draft.unlink()
