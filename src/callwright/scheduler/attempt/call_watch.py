"""Who watches the calls of an attempt, and how they are told of them."""

from typing import Final, Protocol

from callwright.domain.call_control import CallControl
from callwright.scheduler.attempt.order import Callee


class CallWatch(Protocol):
    """Is told what an attempt does with its calls; never waits and never fails.

    What the far ends do, the watcher sees for himself. A callee is one of the attempt's order.
    """

    def placed(self, callee: Callee, caller_id: str, call: CallControl) -> None:
        """Somebody is called; `caller_id` is what he is shown, empty for nothing."""
        ...

    def not_placed(self, callee: Callee, caller_id: str) -> None:
        """Somebody was to be called and cannot be."""
        ...

    def rang_out(self, call: CallControl) -> None:
        """Nobody answered in time; it is hung up on next."""
        ...

    def joined(self, one: CallControl, other: CallControl) -> None:
        """Two hear each other."""
        ...

    def recorded(self, call: CallControl) -> None:
        """A call is recorded from now on, with whom it talks to."""
        ...


class _Nobody:
    """Watches nothing."""

    def placed(self, callee: Callee, caller_id: str, call: CallControl) -> None:
        del callee, caller_id, call

    def not_placed(self, callee: Callee, caller_id: str) -> None:
        del callee, caller_id

    def rang_out(self, call: CallControl) -> None:
        del call

    def joined(self, one: CallControl, other: CallControl) -> None:
        del one, other

    def recorded(self, call: CallControl) -> None:
        del call


NOBODY_WATCHES: Final[CallWatch] = _Nobody()
