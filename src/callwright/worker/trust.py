"""Whom socket legs trust: TLS contexts, one for each file of certificates.

A context takes tens of milliseconds to make, which no tick can spare: another thread makes it,
once in the worker's life. A file that changes is read by the next worker.
"""

import asyncio
import ssl


class Trust:
    """TLS contexts by the name of their file."""

    def __init__(self) -> None:
        self._contexts: dict[str, ssl.SSLContext] = {}

    async def context(self, trust_file: str) -> ssl.SSLContext:
        """The context that trusts the certificates of a file; the system's where it is empty.

        Raises:
            OSError: the file can't be read, or holds none (`ssl.SSLError`).

        """
        context = self._contexts.get(trust_file)
        if context is None:
            context = await asyncio.to_thread(ssl.create_default_context, cafile=trust_file or None)
            self._contexts[trust_file] = context
        return context
