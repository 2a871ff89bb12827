"""The channels that a start holds until its call is over: its account's, perhaps the trunk's."""

from dataclasses import dataclass
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.queue.ports import Claim


class Channels(Protocol):
    """The dispatcher, as far as the channels of a start go."""

    def note_answer(self, claim: Claim, at: UnixTime) -> None:
        """Write down when a start's call was answered."""
        ...

    def leave_trunk(self) -> None:
        """Take the trunk's channel back from a start whose call does not leave by it."""
        ...

    def free_channel(self, claim: Claim, *, by_trunk: bool) -> None:
        """Take the channels back of a start whose call is over."""
        ...


@dataclass(slots=True)
class HeldChannel:
    """What one start holds; the start's `Milestones`."""

    claim: Claim
    channels: Channels
    by_trunk: bool
    """Whether it has a channel of the trunk."""
    _is_held: bool = True

    def answered(self, at: UnixTime) -> None:
        """Write it down, for the record if we die now."""
        self.channels.note_answer(self.claim, at)

    def stay_inside(self) -> None:
        """Leave the trunk to others: this call needs none."""
        if self.by_trunk and self._is_held:
            self.by_trunk = False
            self.channels.leave_trunk()

    def call_over(self) -> None:
        """Give everything back, once."""
        if self._is_held:
            self._is_held = False
            self.channels.free_channel(self.claim, by_trunk=self.by_trunk)
