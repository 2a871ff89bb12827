"""The life of a call in SIP, as one table for both sides: RFC 3261 9 and 13 to 15."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final


class State(Enum):
    INVITING = auto()
    PROCEEDING = auto()
    CANCEL_WANTED = auto()
    CANCELLING = auto()
    INVITED = auto()
    ACCEPTED = auto()
    HANG_UP_WANTED = auto()
    ESTABLISHED = auto()
    HANGING_UP = auto()
    ENDED = auto()


class Input(Enum):
    # from the peer, calling side
    PROVISIONAL = auto()
    SUCCESS = auto()
    FAILURE = auto()
    SILENCE = auto()
    # from the peer, answering side
    CANCEL = auto()
    ACK = auto()
    NO_ACK = auto()
    # from the peer, both sides
    BYE = auto()
    BYE_DONE = auto()
    # from our user
    GIVE_UP = auto()
    RING = auto()
    ACCEPT = auto()
    REJECT = auto()
    HANG_UP = auto()


class Step(Enum):
    SEND_CANCEL = auto()
    ABANDON_INVITE = auto()
    ACKNOWLEDGE = auto()
    SEND_PROVISIONAL = auto()
    SEND_SUCCESS = auto()
    SEND_FAILURE = auto()
    SEND_REQUEST_TERMINATED = auto()
    SEND_UNAVAILABLE = auto()
    SEND_BYE = auto()
    SEND_LAST_BYE = auto()
    REPORT_PROGRESS = auto()
    REPORT_ANSWERED = auto()
    REPORT_FAILURE = auto()
    REPORT_SILENCE = auto()
    REPORT_TOO_LATE = auto()
    REPORT_CANCELLED = auto()
    REPORT_ACKNOWLEDGED = auto()
    REPORT_NEW_ANSWER = auto()
    REPORT_NO_ACK = auto()
    REPORT_HUNG_UP = auto()
    REPORT_ENDED = auto()


Arrow = tuple[State, tuple[Step, ...]]

_TOO_LATE: Final[Arrow] = (
    # The answer crossed our CANCEL: take the call, and end it (9.1, 13.2.2.4).
    State.ENDED,
    (Step.ACKNOWLEDGE, Step.SEND_LAST_BYE, Step.REPORT_TOO_LATE),
)
_FAILED: Final[Arrow] = (State.ENDED, (Step.REPORT_FAILURE,))
_UNHEARD: Final[Arrow] = (State.ENDED, (Step.ABANDON_INVITE, Step.REPORT_SILENCE))
_ANSWERED: Final[Arrow] = (State.ESTABLISHED, (Step.ACKNOWLEDGE, Step.REPORT_ANSWERED))
_BYE_FIRST: Final[Arrow] = (
    # It answered, all its 200s were lost, and it gave up waiting for our ACK (13.3.1.4).
    State.ENDED,
    (Step.ABANDON_INVITE, Step.REPORT_HUNG_UP),
)
_BYE_AFTER_CANCEL: Final[Arrow] = (
    # The same, after we gave up: nobody needs to hear who hung up first.
    State.ENDED,
    (Step.ABANDON_INVITE, Step.REPORT_TOO_LATE),
)
_CALLER_GONE: Final[Arrow] = (State.ENDED, (Step.SEND_REQUEST_TERMINATED, Step.REPORT_CANCELLED))
_UNACKNOWLEDGED: Final[Arrow] = (State.ENDED, (Step.SEND_LAST_BYE, Step.REPORT_NO_ACK))

TRANSITIONS: Final[Mapping[State, Mapping[Input, Arrow]]] = {
    State.INVITING: {
        Input.PROVISIONAL: (State.PROCEEDING, (Step.REPORT_PROGRESS,)),
        Input.SUCCESS: _ANSWERED,
        Input.FAILURE: _FAILED,
        Input.SILENCE: _UNHEARD,
        Input.BYE: _BYE_FIRST,
        # A CANCEL must wait until the peer shows that it has the INVITE (9.1).
        Input.GIVE_UP: (State.CANCEL_WANTED, ()),
        Input.HANG_UP: (State.CANCEL_WANTED, ()),
    },
    State.PROCEEDING: {
        Input.PROVISIONAL: (State.PROCEEDING, (Step.REPORT_PROGRESS,)),
        Input.SUCCESS: _ANSWERED,
        Input.FAILURE: _FAILED,
        Input.BYE: _BYE_FIRST,
        Input.GIVE_UP: (State.CANCELLING, (Step.SEND_CANCEL,)),
        Input.HANG_UP: (State.CANCELLING, (Step.SEND_CANCEL,)),
    },
    State.CANCEL_WANTED: {
        Input.PROVISIONAL: (State.CANCELLING, (Step.SEND_CANCEL,)),
        Input.SUCCESS: _TOO_LATE,
        Input.FAILURE: _FAILED,
        Input.SILENCE: _UNHEARD,
        Input.BYE: _BYE_AFTER_CANCEL,
        Input.GIVE_UP: (State.CANCEL_WANTED, ()),
        Input.HANG_UP: (State.CANCEL_WANTED, ()),
    },
    State.CANCELLING: {
        Input.PROVISIONAL: (State.CANCELLING, ()),
        Input.SUCCESS: _TOO_LATE,
        Input.FAILURE: _FAILED,
        Input.SILENCE: _UNHEARD,
        Input.BYE: _BYE_AFTER_CANCEL,
        Input.GIVE_UP: (State.CANCELLING, ()),
        Input.HANG_UP: (State.CANCELLING, ()),
    },
    State.INVITED: {
        Input.RING: (State.INVITED, (Step.SEND_PROVISIONAL,)),
        Input.ACCEPT: (State.ACCEPTED, (Step.SEND_SUCCESS,)),
        Input.REJECT: (State.ENDED, (Step.SEND_FAILURE,)),
        Input.HANG_UP: (State.ENDED, (Step.SEND_UNAVAILABLE, Step.REPORT_ENDED)),
        Input.CANCEL: _CALLER_GONE,
        # A caller may end an early dialog with BYE as well (15).
        Input.BYE: _CALLER_GONE,
    },
    State.ACCEPTED: {
        Input.ACK: (State.ESTABLISHED, (Step.REPORT_ACKNOWLEDGED,)),
        Input.NO_ACK: _UNACKNOWLEDGED,
        Input.BYE: (State.ENDED, (Step.REPORT_HUNG_UP,)),
        # No BYE before the ACK, or before we stop waiting for it (15).
        Input.HANG_UP: (State.HANG_UP_WANTED, ()),
    },
    State.HANG_UP_WANTED: {
        Input.ACK: (State.HANGING_UP, (Step.SEND_BYE,)),
        Input.NO_ACK: (State.HANGING_UP, (Step.SEND_BYE,)),
        Input.BYE: (State.ENDED, (Step.REPORT_HUNG_UP,)),
        Input.HANG_UP: (State.HANG_UP_WANTED, ()),
    },
    State.ESTABLISHED: {
        # Our ACK was lost, or another branch of the INVITE answered too.
        Input.SUCCESS: (State.ESTABLISHED, (Step.ACKNOWLEDGE,)),
        Input.ACK: (State.ESTABLISHED, (Step.REPORT_NEW_ANSWER,)),
        Input.NO_ACK: _UNACKNOWLEDGED,
        Input.BYE: (State.ENDED, (Step.REPORT_HUNG_UP,)),
        Input.HANG_UP: (State.HANGING_UP, (Step.SEND_BYE,)),
        # The answer came before its user could see it.
        Input.GIVE_UP: (State.HANGING_UP, (Step.SEND_BYE,)),
    },
    State.HANGING_UP: {
        Input.SUCCESS: (State.HANGING_UP, (Step.ACKNOWLEDGE,)),
        Input.BYE_DONE: (State.ENDED, (Step.REPORT_ENDED,)),
        # Both hang up at once: each answers the other, and ends by its own BYE.
        Input.BYE: (State.HANGING_UP, ()),
        Input.HANG_UP: (State.HANGING_UP, ()),
        Input.GIVE_UP: (State.HANGING_UP, ()),
    },
    State.ENDED: {
        Input.SUCCESS: (State.ENDED, (Step.ACKNOWLEDGE,)),
    },
}

USER_INPUTS: Final = frozenset(
    {Input.GIVE_UP, Input.RING, Input.ACCEPT, Input.REJECT, Input.HANG_UP}
)
"""What our own program asks for. Where the table has no arrow for one of these, it is a bug."""
