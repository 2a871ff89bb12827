"""Secondary calls and conference rooms by script; obeys `runner.ports.SecondaryCalls`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from callwright.domain.call_control import Sound
from callwright.domain.ids import CallId
from callwright.runner.ports import CannotCall, ParticipantOrder, SecondaryOrder
from tests.sim.call import OUTBOUND, FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock

FORBIDDEN = "tel:100"
"""Nobody may call it."""


@dataclass(slots=True)
class ScriptedRoom(ScriptedCall):
    """A call to a conference room, which starts and stops at these moments, in seconds."""

    switches: tuple[float, ...] = ()
    muted: list[bool] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)

    @property
    def is_started(self) -> bool:
        passed = sum(self._started_at + at <= self.clock.seconds + 1e-6 for at in self.switches)
        return passed % 2 == 1

    async def started_or_stopped(self) -> None:
        before = self.is_started
        coming = [at for at in self.switches if self._started_at + at > self.clock.seconds + 1e-6]
        until = self._started_at + coming[0] if coming else float("inf")
        while self.is_started is before:
            await self._wait(until)

    @property
    def is_muted(self) -> bool:
        return bool(self.muted) and self.muted[-1]

    def mute(self, *, is_muted: bool) -> None:
        self.muted.append(is_muted)

    async def announce(self, sounds: Sequence[Sound]) -> None:
        self._check()
        self.announced.extend(str(getattr(sound, "path", sound)) for sound in sounds)
        await self._sleep(sum(self._length(sound) for sound in sounds))


@dataclass(slots=True)
class ScriptedSecondaries:
    """Who may be called, and what they do; `placed` has the calls by destination."""

    clock: VirtualClock
    far_ends: dict[str, FarEnd] = field(default_factory=dict)
    free_channels: int = 4
    room_switches: tuple[float, ...] = ()
    orders: list[SecondaryOrder] = field(default_factory=list)
    participants: list[ParticipantOrder] = field(default_factory=list)
    placed: dict[str, ScriptedCall] = field(default_factory=dict)
    rooms: dict[str, ScriptedRoom] = field(default_factory=dict)

    async def place(self, order: SecondaryOrder) -> ScriptedCall:
        self.orders.append(order)
        await asyncio.sleep(0)
        if order.destination == FORBIDDEN:
            raise CannotCall("a destination of the account's must not begin with 1")
        number = order.destination.removeprefix("tel:")
        call = ScriptedCall(
            self.clock,
            self.far_ends.get(order.destination, FarEnd()),
            call_id=CallId(f"secondary.{len(self.placed) + 1}"),
            parties=replace(
                OUTBOUND, call_from=order.caller_id, call_to=number, call_target=number
            ),
            ring_timeout=order.ring_timeout,
        )
        self.placed[order.destination] = call
        return call

    async def enter_conference(self, name: str, participant: ParticipantOrder) -> ScriptedRoom:
        self.participants.append(participant)
        await asyncio.sleep(0)
        if name == "full":
            raise CannotCall("the conference is full")
        room = ScriptedRoom(
            self.clock,
            self.far_ends.get(name, FarEnd(answers_at=0.5)),
            call_id=CallId(f"room.{name}"),
            parties=replace(OUTBOUND, call_to=f"con:{name}", call_target=f"con:{name}"),
            switches=self.room_switches,
        )
        self.rooms[name] = room
        return room
