"""Digest authentication as a client answers it: RFC 7616, and RFC 2069 for servers without qop.

No IO in here. aiohttp's own middleware for it is not used: it looks at the first challenge only,
lets a server widen to whom it answers, and takes an expired nonce for a wrong password.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

ALGORITHMS: Final = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
"""By their names in capitals; each also with `-SESS`: RFC 7616 6.1. A challenge that names none
means MD5 (3.3)."""

MAX_HEADER_LENGTH: Final = 8192
"""Characters of challenges that are read: more than any server sends (it is aiohttp's bound of
one header line)."""

_SESSION: Final = "-SESS"

_WORD: Final = r"[!\#$%&'*+.^_`|~0-9A-Za-z-]+"
_PART: Final = re.compile(
    rf"""[ \t,]*(?:
        (?P<name>{_WORD})[ \t]*=[ \t]*(?:(?P<token>{_WORD})|"(?P<quoted>(?:[^"\\]|\\.)*)")
        |(?P<scheme>{_WORD})(?:[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$)))?(?=[ \t,]|$)
    )""",
    re.VERBOSE,
)
"""A parameter, or a scheme with the token68 that may follow it: RFC 9110 11.3 and 11.4."""

_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A Digest challenge that can be answered."""

    realm: str
    nonce: str
    algorithm: str
    """As the server wrote it; empty when it did not."""
    has_qop: bool
    opaque: str | None
    is_stale: bool
    """The answer before was right but for its nonce."""


@dataclass(slots=True)
class DigestAnswers:
    """The answers to one challenge; each is good for one request."""

    challenge: Challenge
    username: str
    password: str = field(repr=False)
    cnonce: str
    """Random text of ours; a session's key is made of it, so it stays (RFC 7616 3.4.2)."""
    _count: int = 0

    def authorization(self, method: str, target: str) -> str:
        """Make the header of the next request; `target` is what its request line names."""
        self._count += 1
        challenge, nc = self.challenge, f"{self._count:08x}"
        digest, is_session = _algorithm(challenge.algorithm)
        secret = digest(f"{self.username}:{challenge.realm}:{self.password}")
        if is_session:
            secret = digest(f"{secret}:{challenge.nonce}:{self.cnonce}")
        asked = digest(f"{method}:{target}")
        if challenge.has_qop:
            proof = digest(f"{secret}:{challenge.nonce}:{nc}:{self.cnonce}:auth:{asked}")
        else:
            proof = digest(f"{secret}:{challenge.nonce}:{asked}")
        parts = [
            _named(self.username),
            f"realm={_quoted(challenge.realm)}",
            f"nonce={_quoted(challenge.nonce)}",
            f"uri={_quoted(target)}",
            f'response="{proof}"',
        ]
        if challenge.algorithm:
            parts.append(f"algorithm={challenge.algorithm}")
        if challenge.opaque is not None:
            parts.append(f"opaque={_quoted(challenge.opaque)}")
        if challenge.has_qop:
            parts += ["qop=auth", f"nc={nc}", f'cnonce="{self.cnonce}"']
        elif is_session:
            parts.append(f'cnonce="{self.cnonce}"')
        return f"Digest {', '.join(parts)}"


def digest_challenge(headers: Sequence[str]) -> Challenge | None:
    """Find the first Digest challenge that can be answered: servers sort them by preference.

    `headers` are the values of all `WWW-Authenticate` headers of a response.
    """
    text = ", ".join(headers).replace("\t", " ")
    if len(text) > MAX_HEADER_LENGTH or not text.isprintable():
        return None
    for scheme, parameters in _challenges(text):
        if scheme.lower() != "digest" or not parameters.get("nonce"):
            continue
        algorithm = parameters.get("algorithm", "")
        if (algorithm.upper().removesuffix(_SESSION) or "MD5") not in ALGORITHMS:
            continue
        qop = parameters.get("qop")
        if qop is not None and "auth" not in {one.strip().lower() for one in qop.split(",")}:
            continue
        return Challenge(
            realm=parameters.get("realm", ""),
            nonce=parameters["nonce"],
            algorithm=algorithm,
            has_qop=qop is not None,
            opaque=parameters.get("opaque"),
            is_stale=parameters.get("stale", "").lower() == "true",
        )
    return None


def _challenges(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Read challenges (RFC 9110 11.6.1) up to the first thing that is none."""
    scheme, parameters, at = "", dict[str, str](), 0
    while part := _PART.match(text, at):
        at = part.end()
        if part["scheme"]:
            yield scheme, parameters
            scheme, parameters = part["scheme"], {}
        else:
            value = part["token"] or _ESCAPED.sub(r"\1", part["quoted"] or "")
            # The first of two counts: a second one is a server's mistake.
            parameters.setdefault(part["name"].lower(), value)
    yield scheme, parameters


def _algorithm(name: str) -> tuple[Callable[[str], str], bool]:
    """Return the hash that the challenge asks for, and whether it is of a session."""
    upper = name.upper()
    make = ALGORITHMS[upper.removesuffix(_SESSION) or "MD5"]
    # Names and passwords are UTF-8: the one encoding a challenge can ask for (RFC 7616 3.3).
    return lambda text: make(text.encode()).hexdigest(), upper.endswith(_SESSION)


def _named(username: str) -> str:
    if username.isascii() and username.isprintable():
        return f"username={_quoted(username)}"
    return f"username*=UTF-8''{quote(username, safe='')}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
