"""What `/oauth` needs beside the tokens: forms, and limits of its own (section 13)."""

from dataclasses import dataclass, field
from typing import Final

from callwright.accounts.authorization import Authorizations
from callwright.accounts.form_tokens import FormTokens
from callwright.api.connections import Connections
from callwright.api.rate_limit import RateLimit
from callwright.api.throttle import Throttle

REQUESTS_PER_SECOND: Final = 20.0
"""Of one address (published)."""

CONNECTIONS: Final = 6
"""Of one address at a time (published)."""

GUESSES: Final = 50
"""Wrong passwords of one username within a minute, from whatever addresses, after which nobody can
sign in with it for another (assumed): more than people mistype, nothing to somebody who guesses."""


@dataclass(frozen=True, slots=True)
class OauthDoors:
    """The steps behind `/oauth`, and who has to wait before them."""

    authorizations: Authorizations
    forms: FormTokens
    rate: RateLimit = field(default_factory=lambda: RateLimit(REQUESTS_PER_SECOND))
    connections: Connections = field(default_factory=lambda: Connections(CONNECTIONS))
    usernames: Throttle = field(default_factory=lambda: Throttle(max_failures=GUESSES))
    """Counts wrong passwords by username."""
