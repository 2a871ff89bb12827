"""The one rule of all transition tables: what a table does not have does not happen."""

from collections.abc import Mapping
from typing import TypeVar

from callwright.domain.errors import IllegalTransition

State = TypeVar("State")
Event = TypeVar("Event")
Arrow = TypeVar("Arrow")


def follow(table: Mapping[State, Mapping[Event, Arrow]], state: State, event: Event) -> Arrow:
    """Follow one arrow of a table: to the next state, or to whatever the table leads to.

    Raises:
        IllegalTransition: the table has no such arrow.

    """
    try:
        return table[state][event]
    except KeyError:
        raise IllegalTransition(f"{event} while {state}") from None
