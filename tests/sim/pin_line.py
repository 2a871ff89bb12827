"""What a `CallerIdCalls` works with: chance that is known, a trunk on virtual time, a dispatcher.

What is begun waits until `finish`, or runs beside the test where `runs_at_once`.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from callwright.accounts.pin_trials import PIN_DIGITS, PinTrials
from callwright.accounts.ports import CallerIdStore
from callwright.dispatch.caller_id_call import CallerIdCalls
from callwright.dispatch.invocation import DialSettings
from callwright.domain.facts import FactSink
from callwright.domain.ids import IdMint
from callwright.engine.call_plan import CallPlan
from callwright.engine.capacity import Channels, Gate, StartWindow
from callwright.engine.trunk import Trunk
from callwright.records.tariff import Tariff
from tests.sim.call import FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock
from tests.sim.instance import FakeSpeech

PIN = "000042"
"""The only one that is ever drawn."""

BLOCKED = "4490"
"""Nobody may call numbers that begin with this."""


def keys(text: str, *, at: float) -> tuple[tuple[float, str], ...]:
    """Keys half a second apart, from then on."""
    return tuple((at + number / 2, key) for number, key in enumerate(text))


@dataclass
class PinLine:
    """`RandomNumbers`, `Calls` and `Beside` in one."""

    far_end: FarEnd = field(default_factory=FarEnd)
    reaches_trunk: bool = True
    runs_at_once: bool = False
    clock: VirtualClock = field(default_factory=VirtualClock)
    window: StartWindow = field(default_factory=lambda: StartWindow(1.0))
    channels: Channels = field(default_factory=lambda: Channels(limit=100))
    plans: list[CallPlan] = field(default_factory=list)
    placed: list[ScriptedCall] = field(default_factory=list)
    begun: list[Coroutine[None, None, None]] = field(default_factory=list)
    running: set[asyncio.Task[None]] = field(default_factory=set)

    def calls(self, store: CallerIdStore, *, caller_id: str = "") -> CallerIdCalls:
        """Make what is tested, over a store of caller IDs."""
        return CallerIdCalls(
            trials=PinTrials(store, self, self.clock),
            calls=self,
            speech=FakeSpeech(),
            beside=self,
            mint=IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
            clock=self.clock,
            random_number=lambda: 9,
            dial=DialSettings(Trunk("sim:", "192.0.2.2", 5060), "sip-0-0-0.example.net"),
            tariff=Tariff(blocked=frozenset({BLOCKED})),
            caller_id=caller_id,
        )

    def below(self, limit: int) -> int:
        assert limit == 10**PIN_DIGITS
        return int(PIN)

    def begin_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        assert not any(letter.isdigit() for letter in name), "names of handles are seen in logs"
        if self.runs_at_once:
            self.running.add(asyncio.ensure_future(work))
        else:
            self.begun.append(work)

    def trunk_gate(self) -> Gate:
        return Gate((self.window,))

    def take_trunk_channel(self) -> bool:
        is_free = self.channels.free() > 0
        self.channels.in_use += is_free
        return is_free

    def free_trunk_channel(self) -> None:
        self.channels.in_use -= 1

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> ScriptedCall:
        del facts  # nobody is told of these calls
        if not self.reaches_trunk:
            raise OSError("trunk.example.net has no address")
        gate.note(self.clock.now())
        self.plans.append(plan)
        self.placed.append(ScriptedCall(self.clock, self.far_end, call_id=plan.call_id))
        return self.placed[-1]

    async def finish(self) -> None:
        """Run what was begun to its end."""
        for work in self.begun:
            await work
        self.begun.clear()
        await asyncio.gather(*self.running)

    def give_up(self) -> None:
        """Never run what was begun."""
        for work in self.begun:
            work.close()
        self.begun.clear()
