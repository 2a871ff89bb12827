"""Values of a request's JSON, read one by one; what is wrong is noted with its path and read on.

Integers may come as digits in a string (scheduler specification, 2.5). A null is a value left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from callwright.domain.clock import UnixTime
from callwright.domain.errors import RemoteFault

MAX_URL_LENGTH: Final = 2048
MAX_NUMBER_LENGTH: Final = 32

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it."""

_JSON_WORDS: Final[Mapping[object, str]] = {None: "null", True: "true", False: "false"}

_DIGITS: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9+*#]{1,32}", re.ASCII)
_BLANK: Final = re.compile(r"[\s\x00-\x20\x7f]")
"""What no URL has; the library would take some of these out of it (RFC 3986 appendix C)."""
_BLANK_AFTER_COLON: Final = re.compile(r":\s+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request."""

    path: str
    message: str
    """Quotes the value and says what was expected."""
    status: str = "validation_failed"
    """The API's word for this kind of fault."""


class BadRequest(RemoteFault):
    """A request that is not carried out; everything that is wrong with it."""

    def __init__(self, message: str, faults: tuple[Fault, ...]) -> None:
        """`message` is for people, `faults` for programs."""
        super().__init__(message)
        self.faults = faults

    @property
    def status(self) -> str:
        """The API's word: that of all faults if they are of one kind."""
        kinds = {fault.status for fault in self.faults}
        return kinds.pop() if len(kinds) == 1 else "validation_failed"


@dataclass(slots=True)
class Fields:
    """The members of one JSON object, read with what is wrong noted."""

    values: Mapping[str, object]
    path: str
    """Of the object, empty for the body itself."""
    faults: list[Fault] = field(default_factory=list)
    """Shared by all objects of a request."""

    def inside(self, name: str) -> "Fields":
        """Return the members of an object inside this one; none if it is left out."""
        value = self.values.get(name)
        if value is None:
            value = {}
        elif not isinstance(value, dict):
            self.wrong(name, f"{quoted(value)}: an object was expected")
            value = {}
        return Fields(value, self._path(name), self.faults)

    def text(self, name: str, *, most: int, default: str = "") -> str:
        """Read a string of at most `most` characters."""
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            self.wrong(name, f"{quoted(value)}: a string was expected")
            return default
        if len(value) > most:
            self.wrong(name, f"{len(value)} characters: must have at most {most}")
        elif "\0" in value:
            self.wrong(name, f"{quoted(value)}: a NUL character is not allowed")
        return value

    def integer(self, name: str, *, least: int, most: int, default: int) -> int:
        """Read an integer, or digits in a string."""
        value = self.values.get(name)
        if value is None:
            return default
        number = whole_number(value)
        if number is None:
            self.wrong(name, f"{quoted(value)}: an integer was expected")
            return default
        if not least <= number <= most:
            self.wrong(name, f"{quoted(value)}: must be between {least} and {most}")
        return number

    def flag(self, name: str) -> None:
        """Check a boolean that is kept as it came."""
        self.truth(name)

    def truth(self, name: str) -> bool | None:
        """Read a boolean; None if it is left out or wrong."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(name, f"{quoted(value)}: true or false was expected")
        return None

    def number(self, name: str) -> str:
        """Read a telephone number that must be there."""
        value = self.values.get(name)
        if value is None:
            self.wrong(name, "is missing: a telephone number was expected")
            return ""
        return self.one_number(value, name)

    def one_number(self, value: object, name: str) -> str:
        """Read a telephone number."""
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            self.wrong(
                name,
                f"{quoted(value)}: 1 to {MAX_NUMBER_LENGTH} digits, '+', '*' and '#' were expected",
            )
            return ""
        return value

    def numbers(self, name: str, *, most: int) -> tuple[str, ...]:
        """Read a list of telephone numbers."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > most:
            expected = f"a list of at most {most} telephone numbers was expected"
            self.wrong(name, f"{quoted(value)}: {expected}")
            return ()
        return tuple(self.one_number(one, f"{name}[{n}]") for n, one in enumerate(value))

    def url(self, name: str) -> str:
        """Read the address of a page; empty for none."""
        text = self.text(name, most=MAX_URL_LENGTH)
        if text and not _is_web_address(text):
            self.wrong(name, f"{quoted(text)}: an http or https URL was expected")
        return text

    def moment(self, name: str, *, now: UnixTime) -> UnixTime:
        """Read a time, or how many seconds from now; left out, it is now."""
        value = self.values.get(name)
        if value is None:
            return now
        seconds = whole_number(value)
        moment = UnixTime(now + seconds) if seconds is not None else read_moment(value)
        if moment is None or not _can_be_printed(moment) or (seconds or 0) < 0:
            self.wrong(
                name,
                f"{quoted(value)}: YYYY-MM-DD HH:MM:SS (UTC) or a number of seconds was expected",
            )
            return now
        return moment

    def wrong(self, name: str, message: str, status: str = "validation_failed") -> None:
        """Note that a member is wrong."""
        self.faults.append(Fault(self._path(name), message, status))

    def _path(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def whole_number(value: object) -> int | None:
    """Return an integer, or digits in a string, as a number; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return None


def read_moment(value: object) -> UnixTime | None:
    """Read `YYYY-MM-DD HH:MM:SS`, blanks after colons allowed, or ISO 8601; None if it is neither.

    Without an offset it is UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(_BLANK_AFTER_COLON.sub(":", value.strip()))
        return UnixTime((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def quoted(value: object) -> str:
    """Print a wrong value so that it can be recognised."""
    text = _JSON_WORDS[value] if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "..."


def found(value: object) -> str:
    """Say what stands where something else was expected; a null is a value left out."""
    return "is missing" if value is None else quoted(value)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        if _BLANK.search(text):
            return False
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _can_be_printed(moment: UnixTime) -> bool:
    try:
        datetime.fromtimestamp(moment, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return True
