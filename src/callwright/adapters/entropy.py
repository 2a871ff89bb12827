"""The machine's randomness: the kernel's generator, fit for keys."""

import secrets


class SystemEntropy:
    """Randomness for names, numbers and keys alike."""

    def below(self, limit: int) -> int:
        """Return a number from 0 to just below `limit`, each as likely as the others."""
        return secrets.randbelow(limit)

    def token(self, size_bytes: int) -> bytes:
        """Return this many bytes that nobody can guess."""
        return secrets.token_bytes(size_bytes)
