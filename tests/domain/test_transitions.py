"""Arrows of transition tables, and those that are none."""

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.domain.transitions import follow

TABLE = {"red": {"wait": "green"}, "green": {"wait": "red", "walk": "green"}, "broken": {}}


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [(state, event, after) for state, arrows in TABLE.items() for event, after in arrows.items()],
)
def test_an_arrow_leads_where_the_table_says(state: str, event: str, after: str) -> None:
    assert follow(TABLE, state, event) == after


@pytest.mark.parametrize(
    ("state", "event"), [("red", "walk"), ("broken", "wait"), ("blue", "wait"), ("red", "")]
)
def test_there_is_no_other(state: str, event: str) -> None:
    with pytest.raises(IllegalTransition, match=f"^{event} while {state}$"):
        follow(TABLE, state, event)
