"""Header fields in order, found by any spelling of their name: RFC 3261 7.3."""

from collections.abc import Iterable, Iterator
from typing import Final, Self

from callwright.protocol.sip.grammar import is_token

_NAMES: Final = (
    "Accept", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Authorization",
    "CSeq", "Call-ID", "Call-Info", "Contact", "Content-Disposition", "Content-Encoding",
    "Content-Language", "Content-Length", "Content-Type", "Date", "Diversion", "Error-Info",
    "Expires", "From", "In-Reply-To", "MIME-Version", "Max-Forwards", "Min-Expires", "Min-SE",
    "Organization", "P-Asserted-Identity", "P-Preferred-Identity", "Path", "Priority", "Privacy",
    "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Require", "RAck", "RSeq", "Reason",
    "Record-Route", "Refer-To", "Referred-By", "Replaces", "Reply-To", "Require", "Retry-After",
    "Route", "Server", "Session-Expires", "Subject", "Supported", "Timestamp", "To", "Unsupported",
    "User-Agent", "Via", "WWW-Authenticate", "Warning",
)  # fmt: skip

_COMPACT: Final = {
    "b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding", "f": "From", "i": "Call-ID",
    "k": "Supported", "l": "Content-Length", "m": "Contact", "r": "Refer-To", "s": "Subject",
    "t": "To", "v": "Via", "x": "Session-Expires",
}  # fmt: skip
"""Compact forms: RFC 3261 7.3.3, RFC 3515, 3892 and 4028."""

_CANONICAL: Final = {
    **{name: name for name in _NAMES},
    **{name.lower(): name for name in _NAMES},
    **_COMPACT,
}


def canonical_name(name: str) -> str | None:
    """The one spelling that we use for `name`, or None when it can't be a field's name."""
    known = _CANONICAL.get(name)
    if known is not None:
        return known
    name = name.rstrip(" \t")
    if not is_token(name):
        return None
    lowered = name.lower()
    return _CANONICAL.get(lowered) or "-".join(part.capitalize() for part in lowered.split("-"))


class Headers:
    """The header fields of one message.

    Fields of one name keep their order; fields of different names need not (RFC 3261 7.3.1), so
    they are printed in the order in which each name was first seen. Lookups by the canonical name
    are plain dictionary lookups: write `headers.first("Call-ID")`, never `"call-id"`.
    """

    __slots__ = ("_values", "has_repeated")

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Names are taken as they stand: only canonical ones are found again."""
        self._values: dict[str, list[str]] = {}
        self.has_repeated = False
        """Whether any name is there twice; most messages need no closer look."""
        for name, value in fields:
            self.add(name, value)

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Self:
        """The fields of unfolded lines. A line that is no field is ignored, as 8.2.2 asks."""
        headers = cls()
        found = headers._values
        for line in lines:
            raw_name, _, value = line.partition(":")
            name = _CANONICAL.get(raw_name) or canonical_name(raw_name)
            if name is None:
                continue
            values = found.get(name)
            if values is None:
                found[name] = [value.strip(" \t")]
            else:
                values.append(value.strip(" \t"))
                headers.has_repeated = True
        return headers

    def add(self, name: str, value: str) -> None:
        values = self._values.get(name)
        if values is None:
            self._values[name] = [value]
        else:
            values.append(value)
            self.has_repeated = True

    def first(self, name: str) -> str | None:
        values = self._values.get(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Every field called `name`, in order; each may still hold a comma-separated list."""
        return self._values.get(name) or []

    def count(self, name: str) -> int:
        return len(self._values.get(name, ()))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name, values in self._values.items():
            for value in values:
                yield name, value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._values == other._values

    def __hash__(self) -> int:
        raise TypeError("Headers can change and are no key")

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"
