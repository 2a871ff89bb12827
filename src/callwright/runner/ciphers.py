"""Ciphers of pages in the words of calls."""

from callwright.domain.cipher import Cipher
from callwright.protocol.pages import media


def call_cipher(cipher: media.Cipher | None) -> Cipher | None:
    """Hand a page's cipher to a call; None stays None."""
    return None if cipher is None else Cipher(cipher.key, cipher.initialisation_vector)
