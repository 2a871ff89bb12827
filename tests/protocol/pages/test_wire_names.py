"""The table of assumed names."""

import re

from callwright.protocol.pages import wire_names
from callwright.protocol.pages.wire_names import WireName

NAMES = [value for value in vars(wire_names).values() if isinstance(value, WireName)]


def test_every_assumed_name_says_which_assumption_it_is() -> None:
    assert NAMES
    assert [name for name in NAMES if not re.fullmatch(r"A-\d\d", name.assumption)] == []


def test_no_name_is_an_alias_of_itself() -> None:
    assert [name for name in NAMES if name.name in name.aliases] == []
