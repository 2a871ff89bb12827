"""Header fields that our user adds to an INVITE, or to the 200 that answers one."""

from collections.abc import Sequence
from typing import Final

from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.grammar import has_controls
from callwright.protocol.sip.headers import canonical_name

_OURS: Final = frozenset(
    {
        "Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Length",
        "Content-Type", "Route", "Record-Route", "Require", "Allow", "User-Agent", "Server",
    }
)  # fmt: skip
"""Header fields by which we keep our promises; nobody else may write them."""


def added_fields(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields as their user spelled them: some peers are particular about their own.

    Raises:
        LocalSipError: one of them is ours to write, or can't be written.
    """
    return [(_checked_name(name), checked_text(value)) for name, value in fields]


def checked_text(text: str) -> str:
    """Raises: LocalSipError: the text would end its line."""
    if has_controls(text):
        raise LocalSipError(f"control characters in {text!r}")
    return text


def _checked_name(name: str) -> str:
    canonical = canonical_name(name)
    if canonical is None or canonical in _OURS or name != name.strip():
        raise LocalSipError(f"{name!r} is no header field that may be added")
    return name
