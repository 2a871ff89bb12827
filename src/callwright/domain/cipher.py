"""How recordings and media files are encrypted: AES in CBC mode, PKCS#7 padding (A-64)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cipher:
    """A key and its vector; neither is ever stored, printed or logged."""

    key: bytes = field(repr=False)
    """16, 24 or 32 bytes."""
    initialisation_vector: bytes = field(repr=False)
    """16 bytes."""
