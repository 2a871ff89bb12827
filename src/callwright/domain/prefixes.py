"""Beginnings of telephone numbers and of names: in every list, the longest that fits decides."""

from collections.abc import Container


def longest_prefix(text: str, prefixes: Container[str]) -> str | None:
    """Return the longest of these that a text begins with; None if there is none.

    Looks each beginning of the text up, for a carrier's price list has tens of thousands.
    """
    for length in range(len(text), -1, -1):
        if text[:length] in prefixes:
            return text[:length]
    return None
