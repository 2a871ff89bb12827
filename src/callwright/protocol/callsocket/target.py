"""A call WebSocket's URL in parts: RFC 6455 3, with the credentials that RFC 3986 3.2.1 allows."""

import ipaddress
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, urlsplit

HTTPS_PORT: Final = 443


class BadUrl(ValueError):
    """The text is no `wss://` URL (raw cause 901). What is wrong is said; the URL is not quoted."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes; all of it is ASCII."""

    host: str
    """A name in its ASCII form (RFC 5891), or an IP address without brackets."""
    port: int
    url: str
    """Without credentials."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """`Authorization` where the URL has credentials."""


def target_of(url: str) -> Target:
    """Take a URL apart.

    Raises:
        BadUrl: it is no `wss://` URL.

    """
    try:
        return _target_of(url)
    except BadUrl:
        raise
    except ValueError as problem:
        # A port that is none, brackets without an address, a name or text that has no ASCII form.
        raise BadUrl(_EXPECTED) from problem


def _target_of(url: str) -> Target:
    parts = urlsplit(url)
    port = HTTPS_PORT if parts.port is None else parts.port
    host = _ascii_host(parts.hostname or "")
    if parts.scheme != "wss" or not port or parts.fragment:
        raise BadUrl(_EXPECTED)
    headers: dict[str, str] = {}
    if parts.username is not None:
        words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(words.encode()).decode()
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port != HTTPS_PORT else ""
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    path = quote(parts.path, safe=_SAFE) or "/"
    return Target(host, port, f"wss://{place}{path}{query}", headers)


def _ascii_host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        name = host.encode("idna").decode()
    if not _NAME.fullmatch(name):
        raise BadUrl(_EXPECTED)
    return name


_EXPECTED: Final = "wss://HOST[:PORT][/PATH][?QUERY] was expected"

_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_.])?", re.ASCII)
"""Letters, digits and hyphens (RFC 1123 2.1), and underscores, which are seen in names."""

_SAFE: Final = "/%:@!$&'()*+,;=~?-._[]"
"""What a path or query may hold as it is (RFC 3986 3.3, 3.4); what is escaped stays so."""
