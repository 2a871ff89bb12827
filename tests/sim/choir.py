"""Many callers with a tone each, who remember what they hear: real SIP, real RTP, a media worker.

```python
async with open_choir(folder, service="desk", server=server) as choir:
    singer = await choir.sing()
    strengths = await choir.hear([singer], seconds=2.0)
    assert strengths[singer][singer] < strengths[singer][other] / 20
```
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from callwright.adapters.clock import SystemClock
from callwright.adapters.media_workers import MediaWorkerProcesses
from callwright.adapters.net.dns import SystemNames
from callwright.adapters.net.udp import UdpSocket
from callwright.domain.call_control import CallIsOver, RecordingOrder, Tone
from callwright.domain.ids import CallId
from callwright.engine.call_plan import CallPlan
from callwright.engine.call_sockets import CallSockets, SocketManners
from callwright.engine.capacity import Gate
from callwright.engine.handle import CallHandle
from callwright.engine.loop import Engine
from callwright.engine.trunk import Trunk
from callwright.media.frames import Samples
from callwright.protocol.sip.endpoint import Endpoint
from callwright.protocol.sip.values import HostPort
from tests.sim.legs import FactList
from tests.sim.media import sound_in
from tests.sim.ports import LOOPBACK

RTP_PORTS: Final = range(12_000, 14_000)

LEVEL_DBM0: Final = -30.0
"""Of each tone: forty of them together are 14 dB below the loudest."""

LONG_MS: Final = 600_000

PIECE: Final = 4000
"""Samples that are looked at together, half a second: a line of the spectrum is 2 Hz wide."""

Strengths = dict[int, dict[int, float]]
"""Who hears whom how loud; singers are numbered from 1 in the order in which they came."""


def tone_of(singer: int) -> float:
    """The frequency, in hertz, by which a singer is known."""
    return 300.0 + 70.0 * singer


@dataclass
class Choir:
    """Callers of one service; `calls` has those who have not hung up."""

    engine: Engine
    folder: Path
    target: str
    server: HostPort
    calls: dict[int, CallHandle] = field(default_factory=dict)
    _came: int = 0
    _heard: int = 0
    _voices: list[asyncio.Task[None]] = field(default_factory=list)

    async def sing(self) -> int:
        """Call, and say a tone as long as the call lasts; return the singer's number."""
        self._came += 1
        singer = self._came
        call = await self.engine.place(self._plan(singer), FactList(), Gate())
        await call.answered()
        self.calls[singer] = call
        self._voices.append(asyncio.create_task(_say(call, tone_of(singer))))
        return singer

    async def hang_up(self, singer: int) -> None:
        """End a singer's call."""
        await self.calls.pop(singer).hang_up()

    async def hear(self, singers: Collection[int], *, seconds: float) -> Strengths:
        """Return what these hear from now on, of everybody who ever came."""
        self._heard += 1
        folder = self.folder / str(self._heard)
        folder.mkdir(parents=True)
        paths = {singer: folder / f"{singer}.wav" for singer in singers}
        orders = (
            self.calls[singer].record(_order(path, seconds)) for singer, path in paths.items()
        )
        await asyncio.gather(*orders)
        return {singer: self._strengths(sound_in(path)) for singer, path in paths.items()}

    async def leave(self) -> None:
        """End every call."""
        await asyncio.gather(*(call.hang_up() for call in self.calls.values()))
        await asyncio.gather(*self._voices)

    def _strengths(self, sound: Samples) -> dict[int, float]:
        """How strong each tone is: the middle one of several looks, so that no hiccup decides."""
        pieces = [sound[at : at + PIECE] for at in range(0, len(sound) - PIECE + 1, PIECE)]
        window = np.hanning(PIECE)
        spectra = np.array([abs(np.fft.rfft(piece * window)) for piece in pieces]) / PIECE
        spectrum = np.median(spectra, axis=0)
        places = np.fft.rfftfreq(PIECE, 1 / 8000)
        singers = range(1, self._came + 1)
        return {one: float(spectrum[abs(places - tone_of(one)) < 20].max()) for one in singers}

    def _plan(self, singer: int) -> CallPlan:
        return CallPlan(
            call_id=CallId(f"{secrets.token_hex(8)}.{singer}.1"),
            route=Trunk("the server", *self.server),
            target=self.target,
            from_uri=f"sip:singer{singer}@{LOOPBACK}",
            headers=(),
            destination_address=self.target,
            originating_address=f"singer{singer}@{LOOPBACK}",
            ring_timeout=30.0,
            max_duration=300.0,
        )


@asynccontextmanager
async def open_choir(folder: Path, *, service: str, server: HostPort) -> AsyncIterator[Choir]:
    """Open a choir that calls a service of a server; who has not hung up does at the end."""
    sip = UdpSocket()
    local = HostPort(*await sip.bind(LOOPBACK, 0))
    workers = MediaWorkerProcesses(
        count=1, rtp_host=LOOPBACK, rtp_ports=RTP_PORTS, on_report=lambda _number, _report: None
    )
    await workers.start()
    engine = Engine(
        Endpoint(local=local, user_agent="choir", tokens=lambda: secrets.token_hex(12)),
        datagrams=sip,
        workers=workers,
        names=SystemNames(),
        clock=SystemClock(),
        sockets=CallSockets(_Loopback(), SocketManners()),
        media_host=LOOPBACK,
    )
    sip.receive_with(engine.receive)
    target = f"sip:{service}@{server.host}:{server.port}"
    choir = Choir(engine, folder, target, server)
    try:
        yield choir
        await choir.leave()
    finally:
        await workers.stop()
        sip.close()


class _Loopback:
    """Where servers would be: nobody here calls one."""

    async def address(self, host: str) -> str:
        del host
        return LOOPBACK


async def _say(call: CallHandle, frequency_hz: float) -> None:
    tone = Tone((frequency_hz,), LONG_MS, LEVEL_DBM0)
    try:
        await call.play([tone], barge_in_on_digit=False)
    except CallIsOver:
        return


def _order(path: Path, seconds: float) -> RecordingOrder:
    return RecordingOrder(str(path), None, seconds, max_silence=0.0, max_initial_silence=0.0)
