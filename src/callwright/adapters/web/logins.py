"""How we say who asks (A-10): Basic with the first request, Digest once a server wants that."""

import secrets
from collections.abc import Sequence
from typing import Final

import aiohttp
from yarl import URL

from callwright.adapters.web.digest import DigestAnswers, digest_challenge
from callwright.domain.outbound_service import PageCredentials

_RANDOM_BYTES: Final = 16
"""Of a client's nonce: 128 bits, as those of servers have."""


class Logins:
    """What one instance has learnt of the servers that it asks."""

    def __init__(self) -> None:
        """Begin with Basic everywhere."""
        self._digests: dict[tuple[URL, PageCredentials], DigestAnswers] = {}

    def header(self, method: str, url: URL, credentials: PageCredentials) -> str:
        """Make the `Authorization` header of a request."""
        digest = self._digests.get((url.origin(), credentials))
        if digest is not None:
            return digest.authorization(method, url.raw_path_qs)
        return aiohttp.encode_basic_auth(credentials.username, credentials.password, "utf-8")

    def learn(
        self,
        challenges: Sequence[str],
        url: URL,
        credentials: PageCredentials,
        *,
        is_first: bool,
    ) -> bool:
        """Read the challenges of a response with status 401; whether asking again can help.

        It can after the first one of a request, and after one that says that only the nonce of
        the answer was too old: the same name and password would be refused again.
        """
        challenge = digest_challenge(challenges)
        if challenge is None:
            return False
        cnonce = secrets.token_hex(_RANDOM_BYTES)
        self._digests[url.origin(), credentials] = DigestAnswers(
            challenge, credentials.username, credentials.password, cnonce
        )
        return is_first or challenge.is_stale
