"""A leg's life: the transition table that every kind of leg obeys."""

from enum import StrEnum
from typing import Final

from callwright.domain.transitions import follow


class LegState(StrEnum):
    """Where a leg is."""

    NEW = "new"
    CALLING = "calling"
    RINGING = "ringing"
    INVITED = "invited"
    """Somebody calls us, and hears it ring."""
    ACCEPTING = "accepting"
    """We have answered, and the caller has not said yet that he knows."""
    ANSWERED = "answered"
    CLEARING = "clearing"
    OVER = "over"


class LegEvent(StrEnum):
    """What happens to a leg."""

    INVITE = "invite"
    RING = "ring"
    ARRIVE = "arrive"
    """Somebody calls us."""
    ACCEPT = "accept"
    """We answer him."""
    ANSWER = "answer"
    """The far end answered, or acknowledged our answer."""
    HANG_UP = "hang up"
    """We want it to end."""
    END = "end"
    """The far end refused, hung up, or our wish to end was carried out."""


TRANSITIONS: Final[dict[LegState, dict[LegEvent, LegState]]] = {
    LegState.NEW: {
        LegEvent.INVITE: LegState.CALLING,
        LegEvent.ARRIVE: LegState.INVITED,
        LegEvent.HANG_UP: LegState.OVER,
        LegEvent.END: LegState.OVER,
    },
    LegState.CALLING: {
        LegEvent.RING: LegState.RINGING,
        LegEvent.ANSWER: LegState.ANSWERED,
        LegEvent.HANG_UP: LegState.CLEARING,
        LegEvent.END: LegState.OVER,
    },
    LegState.RINGING: {
        LegEvent.RING: LegState.RINGING,
        LegEvent.ANSWER: LegState.ANSWERED,
        LegEvent.HANG_UP: LegState.CLEARING,
        LegEvent.END: LegState.OVER,
    },
    LegState.INVITED: {
        LegEvent.ACCEPT: LegState.ACCEPTING,
        # A refusal needs no answer of the caller's.
        LegEvent.HANG_UP: LegState.OVER,
        LegEvent.END: LegState.OVER,
    },
    LegState.ACCEPTING: {
        LegEvent.ANSWER: LegState.ANSWERED,
        LegEvent.HANG_UP: LegState.CLEARING,
        LegEvent.END: LegState.OVER,
    },
    LegState.ANSWERED: {
        LegEvent.HANG_UP: LegState.CLEARING,
        LegEvent.END: LegState.OVER,
    },
    LegState.CLEARING: {
        # What crossed our wish on the wire changes nothing any more.
        LegEvent.RING: LegState.CLEARING,
        LegEvent.ANSWER: LegState.CLEARING,
        LegEvent.HANG_UP: LegState.CLEARING,
        LegEvent.END: LegState.OVER,
    },
    LegState.OVER: {},
}


def next_state(state: LegState, event: LegEvent) -> LegState:
    """Follow one arrow of the table.

    Raises:
        IllegalTransition: the table has no such arrow.

    """
    return follow(TRANSITIONS, state, event)
