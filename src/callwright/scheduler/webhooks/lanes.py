"""Who has how many events on their way, so that nobody slow keeps others waiting."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, TypeVar

from callwright.domain.ids import AccountId
from callwright.scheduler.values import Busy, EventToTell

_Key = TypeVar("_Key")

AT_ONCE: Final = 500
"""Events on their way from one node: half of the connections that pages may have."""

OF_ACCOUNT: Final = 50
"""Of these, one client's: it takes ten with slow receivers to keep others waiting."""

OF_RECEIVER: Final = 10
"""Of these, to one server: small ones take this, and large ones are as fast one after another."""


@dataclass(slots=True)
class Lanes:
    """The events on their way, counted."""

    _streams: set[str] = field(default_factory=set, init=False)
    _receivers: Counter[str] = field(default_factory=Counter, init=False)
    _accounts: Counter[AccountId] = field(default_factory=Counter, init=False)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._streams)

    @property
    def are_full(self) -> bool:
        """Whether there are as many as may be."""
        return len(self._streams) >= AT_ONCE

    def busy(self) -> Busy:
        """Who has as many as they may."""
        return Busy(
            frozenset(name for name, count in self._receivers.items() if count >= OF_RECEIVER),
            frozenset(account for account, count in self._accounts.items() if count >= OF_ACCOUNT),
        )

    def take(self, event: EventToTell) -> bool:
        """Count an event in; False: there is no room, or one of its stream is on its way."""
        if (
            self.are_full
            or event.stream in self._streams
            or self._receivers[event.receiver] >= OF_RECEIVER
            or self._accounts[event.account_id] >= OF_ACCOUNT
        ):
            return False
        self._streams.add(event.stream)
        self._receivers[event.receiver] += 1
        self._accounts[event.account_id] += 1
        return True

    def leave(self, event: EventToTell) -> None:
        """Count an event out."""
        self._streams.remove(event.stream)
        _less(self._receivers, event.receiver)
        _less(self._accounts, event.account_id)


def _less(counter: Counter[_Key], key: _Key) -> None:
    counter[key] -= 1
    if not counter[key]:
        # Whoever was told something once is not remembered for ever.
        del counter[key]
