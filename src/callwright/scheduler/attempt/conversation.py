"""A and B from their join to the last hang-up, and whom the one that stays is connected with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from callwright.domain.call_control import CallControl, CallIsOver, MediaFault
from callwright.domain.causes import CallCause
from callwright.runner.concurrency import Jobs, either, within
from callwright.scheduler.attempt.calls import AttemptCalls, Missed
from callwright.scheduler.attempt.order import CallbackOrder, Callee

log: Final = structlog.get_logger()

Announce = Callable[[CallControl, str], Awaitable[None]]
"""Plays a media file of the client, if there is one."""


@dataclass(slots=True)
class Party:
    """One who talks."""

    callee: Callee
    call: CallControl


@dataclass(slots=True)
class Conversation:
    """Two parties that hear each other, and at most one transfer.

    `call_duration` bounds it all, from the join.
    """

    order: CallbackOrder
    calls: AttemptCalls
    announce: Announce
    a: Party
    b: Party
    _announcements: Jobs = field(default_factory=Jobs, init=False)

    async def run(self) -> None:
        """Wait for its end; who is still there then is hung up by whoever called this."""
        name = self.order.b_announcement
        if name:
            for call in (self.a.call, self.b.call):
                self._announcements.start(self._announce_if_there(call, name))
        try:
            await within(self.order.max_duration, self._talk())
        finally:
            await self._announcements.end()

    async def _talk(self) -> bool:
        await _one_gone(self.a.call, self.b.call)
        for gone, stays in ((self.a, self.b), (self.b, self.a)):
            to = self._transfer(gone, stays)
            if to is not None:
                await self._announcements.end()
                await self._connect(stays.call, to)
                break
        return True

    def _transfer(self, gone: Party, stays: Party) -> Callee | None:
        """Return with whom the one that stays is connected, or None."""
        cause = gone.call.snapshot().cause
        has_hung_up = cause is not None and cause.call_cause is CallCause.HUNG_UP
        if not has_hung_up or stays.call.snapshot().cause is not None:
            # Whoever lost his call, or was hung up by us, has not said that he is done.
            return None
        return self.order.transfers.after(gone.callee, stays.callee, is_a_gone=gone is self.a)

    async def _connect(self, stays: CallControl, to: Callee) -> None:
        try:
            reached = await self.calls.reach(to, self.order.b_caller_id, waiting=stays)
            if isinstance(reached, Missed):
                return
            self.calls.join(stays, reached)
        except CallIsOver:
            return
        except MediaFault:
            log.exception("callback.not_joined")
            return
        await _one_gone(stays, reached)

    async def _announce_if_there(self, call: CallControl, name: str) -> None:
        try:
            await self.announce(call, name)
        except CallIsOver:
            return


async def _one_gone(one: CallControl, other: CallControl) -> None:
    await either(one.over(), other.over())
