"""Who a request says it is: HTTP Basic (RFC 7617) with `cloudID/username[/service]`."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from callwright.domain.errors import RemoteFault

MAX_AUTHORIZATION_LENGTH: Final = 4096
"""Characters of an Authorization header. A service password of 128 characters needs 1,000."""

_ACCOUNT_PARTS: Final = 2
_SERVICE_PARTS: Final = 3


class Unauthorised(RemoteFault):
    """The credentials are missing or wrong; never says which part."""

    def __init__(self) -> None:
        """Say the same thing every time."""
        super().__init__("Missing or wrong credentials")


@dataclass(frozen=True, slots=True)
class Identity:
    """The three parts of a Basic username. `username` is folded: it is compared without case."""

    cloud_id: str
    username: str
    service_name: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An identity that somebody claims, and the password offered as proof."""

    identity: Identity
    password: str

    def __repr__(self) -> str:
        """Leave the password out of tracebacks and logs."""
        return f"Claimed({self.identity!r})"


def parse_identity(username: str) -> Identity:
    """Split a Basic username.

    Raises:
        Unauthorised: it has not two or three parts, or one of them is empty.

    """
    parts = username.split("/", 2)
    if len(parts) not in {_ACCOUNT_PARTS, _SERVICE_PARTS} or not all(parts):
        raise Unauthorised
    service_name = parts[2] if len(parts) == _SERVICE_PARTS else None
    return Identity(parts[0], parts[1].casefold(), service_name)


def parse_basic(authorization: str | None) -> Claimed:
    """Read an Authorization header; UTF-8 inside the base64 (RFC 7617 2.1).

    Raises:
        Unauthorised: there is none, or it is not Basic, or not of the documented form.

    """
    if authorization is None or len(authorization) > MAX_AUTHORIZATION_LENGTH:
        raise Unauthorised
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise Unauthorised
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise Unauthorised from None
    username, colon, password = text.partition(":")
    if not colon:
        raise Unauthorised
    return Claimed(parse_identity(username), password)
