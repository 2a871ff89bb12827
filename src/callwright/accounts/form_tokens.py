"""Forms that only the browser can send that was shown them: a token in the form fits its cookie.

Nothing is kept: the token is a keyed hash of the cookie, of what is asked, and of its end.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Final

from callwright.accounts.applications import clear_token
from callwright.accounts.ports import KeyedHash, RandomBytes
from callwright.domain.clock import Clock

FORM_LIFETIME: Final = 600
"""Seconds in which a person fills a form in."""

_FORM: Final = "authorization form"

_BINDING: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_TOKEN: Final = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Makes tokens of forms, and knows them again."""

    keyed: KeyedHash
    random: RandomBytes
    clock: Clock

    def binding(self, cookie: str) -> str:
        """Return what a browser is known by: its cookie, or a new one if it has none of ours."""
        return cookie if _BINDING.fullmatch(cookie) else clear_token(self.random)

    def token(self, binding: str, asked: bytes) -> str:
        """Make the token of a form that asks this, for the browser with this cookie."""
        ends_at = int(self.clock.unix_time()) + FORM_LIFETIME
        return f"{ends_at}.{self._hash(binding, ends_at, asked)}"

    def is_good(self, token: str, cookie: str, asked: bytes) -> bool:
        """Whether the browser with this cookie was shown a form that asks this, not long ago."""
        found = _TOKEN.fullmatch(token)
        if found is None or not _BINDING.fullmatch(cookie):
            return False
        ends_at = int(found[1])
        is_its = hmac.compare_digest(found[2], self._hash(cookie, ends_at, asked))
        return is_its and self.clock.unix_time() < ends_at

    def _hash(self, binding: str, ends_at: int, asked: bytes) -> str:
        # The binding has one length and the end no blank, so that no two forms read the same.
        return self.keyed.keyed_hash(_FORM, b"%s %d %s" % (binding.encode(), ends_at, asked)).hex()
