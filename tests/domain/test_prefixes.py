"""The longest prefix decides."""

import pytest

from callwright.domain.prefixes import longest_prefix


@pytest.mark.parametrize(
    ("text", "prefixes", "found"),
    [
        ("441908273800", {"44", "4419", "441908273801"}, "4419"),
        ("441908273800", {"441908273800"}, "441908273800"),
        ("441908273800", {"1", "19"}, None),
        ("441908273800", {"1", ""}, ""),
        ("44", {"441"}, None),
        ("", {"44"}, None),
        ("44", set(), None),
    ],
)
def test_the_longest_prefix_is_found(text: str, prefixes: set[str], found: str | None) -> None:
    assert longest_prefix(text, prefixes) == found
