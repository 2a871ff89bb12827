"""Keys without a secret file: a keyed hash, randomness that counts, a seal that can be read."""

import hmac

from callwright.services.ports import BrokenSeal


class CountingBytes:
    """`RandomBytes` that never repeats and never surprises."""

    def __init__(self) -> None:
        self._drawn = 0

    def token(self, size_bytes: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(size_bytes, "big")


class PlainKeys:
    """A `KeyedHash` with a known key and a `Sealer` that shows what it was told."""

    def keyed_hash(self, purpose: str, clear: bytes) -> bytes:
        return hmac.digest(purpose.encode(), clear, "sha256")

    def seal(self, clear: str, *, context: str) -> str:
        return f"sealed {context} {clear[::-1]}"

    def unseal(self, sealed: str, *, context: str) -> str:
        head = f"sealed {context} "
        if not sealed.startswith(head):
            raise BrokenSeal(context)
        return sealed.removeprefix(head)[::-1]
