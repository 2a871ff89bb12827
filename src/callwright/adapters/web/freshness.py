"""How long a downloaded file may be used again: RFC 9111 for a private cache.

No IO in here, and code of our own: the libraries for it (hishel, cachecontrol) wrap other HTTP
clients than ours. A file is used by one account alone, so `private` and `s-maxage` say nothing
here, and what was answered to a password may be kept.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from callwright.domain.clock import UnixTime

MAX_LIFETIME: Final = 7 * 86_400.0
"""Seconds. After a week a file is asked for again, whatever its server allowed: who allowed a year
and changed it all the same has waited long enough."""

MAX_GUESS: Final = 86_400.0
"""Seconds that a file counts as fresh at most when its server did not say how long: RFC 9111 4.2.2
leaves the guess to us."""

GUESSED_PART: Final = 0.1
"""Of the time since it was modified last: what RFC 9111 4.2.2 calls typical."""

SAID: Final = ("Age", "Cache-Control", "Date", "ETag", "Expires", "Last-Modified", "Vary")
"""The headers that matter here."""

_DIRECTIVE: Final = re.compile(
    r"""[ \t,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^",]*)))?"""
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a server said about its answer being used again, and when."""

    said: Mapping[str, str]
    """Some of `SAID`."""
    asked_at: UnixTime
    answered_at: UnixTime

    @property
    def may_be_kept(self) -> bool:
        """Whether the answer may serve anything but the request that it was made for."""
        return "no-store" not in self._directives()

    @property
    def fresh_until(self) -> UnixTime:
        """When the server has to be asked whether the file changed."""
        lifetime = min(self._lifetime(), MAX_LIFETIME)
        # RFC 9111 4.2.3: how old the answer was when it came.
        delay = self.answered_at - self.asked_at
        apparent_age = max(0.0, self.answered_at - self._date())
        age = max(apparent_age, _seconds(self.said.get("Age", "")) + delay)
        return UnixTime(self.answered_at - age + lifetime)

    def conditions(self) -> dict[str, str]:
        """Make the headers that ask for the file only if it changed: RFC 9110 13.1."""
        names = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
        return {ours: self.said[its] for ours, its in names.items() if its in self.said}

    def renewed(
        self, said: Mapping[str, str], asked_at: UnixTime, answered_at: UnixTime
    ) -> "Terms":
        """Take in what a 304 said; what it leaves out stays (RFC 9111 4.3.4)."""
        stays = {name: text for name, text in self.said.items() if name not in {"Age", "Date"}}
        return Terms({**stays, **said}, asked_at, answered_at)

    def _lifetime(self) -> float:
        directives = self._directives()
        # A request of ours says no more than its URL and its name, and a file is found by both.
        # Only what varies with everything cannot be used again unasked (RFC 9111 4.1).
        if "no-cache" in directives or "*" in self.said.get("Vary", ""):
            return 0.0
        if "max-age" in directives:
            return _seconds(directives["max-age"])
        if "Expires" in self.said:
            # What is no date has expired: RFC 9111 5.3.
            expires_at = _moment(self.said["Expires"])
            return 0.0 if expires_at is None else expires_at - self._date()
        modified_at = _moment(self.said.get("Last-Modified", ""))
        if modified_at is None:
            return 0.0
        return min(GUESSED_PART * max(0.0, self._date() - modified_at), MAX_GUESS)

    def _date(self) -> float:
        date = _moment(self.said.get("Date", ""))
        return self.answered_at if date is None else date

    def _directives(self) -> dict[str, str]:
        """Read `Cache-Control`; of two of a kind the first counts (RFC 9111 4.2.1)."""
        found: dict[str, str] = {}
        text, at = self.said.get("Cache-Control", ""), 0
        while part := _DIRECTIVE.match(text, at):
            at = part.end()
            name, quoted, token = part.groups()
            found.setdefault(name.lower(), (quoted or token or "").strip())
        return found


def what_was_said(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pick the headers that matter; a name that stands several times is joined by commas."""
    said: dict[str, str] = {}
    wanted = {name.lower(): name for name in SAID}
    for name, text in headers:
        ours = wanted.get(name.lower())
        if ours is not None:
            said[ours] = f"{said[ours]}, {text}" if ours in said else text
    return said


def _seconds(text: str) -> float:
    """Read a number of seconds; what is none counts as stale at once (RFC 9111 4.2.1)."""
    # More digits than any lifetime has are as good as the largest.
    found = re.fullmatch(r"(\d{1,9})\d*(?:,.*)?", text, re.ASCII)
    return float(found[1]) if found else 0.0


def _moment(text: str) -> float | None:
    """Read an HTTP date: RFC 9110 5.6.7."""
    try:
        found = parsedate_to_datetime(text)
        # Without a zone it is the old asctime format, which is UTC.
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
