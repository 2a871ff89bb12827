"""The carrier's process: one UDP socket, the exchange behind it, and sound in the same loop."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO, cast

from callwright import __version__
from callwright.carrier.call import PlacedCall
from callwright.carrier.exchange import Exchange
from callwright.carrier.journal import Entry, print_entry
from callwright.carrier.scripts import Line, spoken_texts
from callwright.carrier.tokens import session_id, token
from callwright.carrier.voice import Voice
from callwright.protocol.sip.endpoint import Datagram, Endpoint
from callwright.protocol.sip.values import HostPort
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from callwright.worker.machine import MachineClock, MachineEntropy

RECEIVE_BUFFER_BYTES: Final = 4 << 20
"""The kernel's default holds 200 SIP messages: one late tick under load would lose some."""

READ_BYTES: Final = 4096
"""What is read from the parent at once; it says nothing, only its end counts."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a carrier works."""

    host: str
    """The address of SIP and sound: a real one, since both are told to the caller."""
    port: int
    """SIP's; 0 takes a free one."""
    rtp_ports: range
    voice_folder: Path
    """Exists; wav files stay in it, and what far ends record in its folder `recordings`."""

    @property
    def recordings(self) -> Path:
        """Where far ends record into."""
        return self.voice_folder / "recordings"


async def serve(
    place: Place,
    *,
    announce: Callable[[str], None],
    journal: TextIO | None,
    parent: int | None,
    calls: Sequence[PlacedCall] = (),
) -> int:
    """Work until the parent's descriptor comes to its end, or, without one, until SIGTERM.

    `announce` is told HOST:PORT once SIP is listened to. With `calls` they are made, once all
    texts are spoken, and the end of the last one is the end too. The result is how many of them
    were answered.

    Raises:
        OSError: the SIP port cannot be taken, or the voice folder not be written.

    """
    events = asyncio.get_running_loop()
    stopped = asyncio.Event()
    place.recordings.mkdir(exist_ok=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
        sip.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        sip.bind((place.host, place.port))
        port = int(sip.getsockname()[1])
        voice = Voice(place.voice_folder)
        carrier = _Carrier(place, HostPort(place.host, port), voice, journal)
        transport, _ = await events.create_datagram_endpoint(lambda: carrier, sock=sip)
        for number in (signal.SIGINT, signal.SIGTERM):
            if parent is None:
                events.add_signal_handler(number, carrier.leave, stopped)
            else:
                # Both reach the whole group; the parent decides when calls end.
                signal.signal(number, signal.SIG_IGN)
        if parent is not None:
            events.add_reader(parent, _watch, parent, stopped)
        speaking = asyncio.create_task(carrier.begin(voice, calls, stopped))
        ticking = asyncio.create_task(carrier.media.run())
        # A carrier without sound is none: a tick that fails ends it, loudly.
        ticking.add_done_callback(lambda _: stopped.set())
        announce(f"{place.host}:{port}")
        try:
            await stopped.wait()
        finally:
            carrier.media.stop()
            await asyncio.gather(ticking, speaking)
            transport.close()
        return carrier.answered


def _watch(parent: int, stopped: asyncio.Event) -> None:
    with contextlib.suppress(BlockingIOError):
        if not os.read(parent, READ_BYTES):
            asyncio.get_running_loop().remove_reader(parent)
            stopped.set()


class _Carrier(asyncio.DatagramProtocol):
    """Hands what happens to the exchange, and what it wants done to socket and sound."""

    def __init__(self, place: Place, sip: HostPort, voice: Voice, journal: TextIO | None) -> None:
        self._clock = MachineClock()
        self._journal = journal
        self._exchange = Exchange(
            Endpoint(local=sip, user_agent=f"Callwright-carrier/{__version__}", tokens=token),
            media_host=place.host,
            voices=voice,
            recordings=place.recordings,
            session_ids=session_id,
        )
        self._heard: list[rpc.Event] = []
        self.media = MediaLoop(
            emit=self._hear,
            rtp_host=place.host,
            rtp_ports=place.rtp_ports,
            clock=self._clock,
            entropy=MachineEntropy(),
        )
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stop_when_idle: asyncio.Event | None = None
        self._is_leaving = False
        self.answered = 0
        """How many calls were answered so far."""

    async def begin(
        self, voice: Voice, calls: Sequence[PlacedCall], stopped: asyncio.Event
    ) -> None:
        """Have all texts spoken, beside the calls that come; then make `calls`, if any."""
        for line in Line:
            problem = await asyncio.to_thread(voice.prepare, spoken_texts(line), line)
            if problem:
                self._write(Entry("voiceless", "", {"problem": problem}))
                break
        if calls and not self._is_leaving:
            for call in calls:
                self._exchange.place(call)
            self._stop_when_idle = stopped
            self._settle()

    def leave(self, stopped: asyncio.Event) -> None:
        """End all calls and then `stopped`; asked again, at once."""
        if self._is_leaving:
            stopped.set()
            return
        self._is_leaving = True
        self._stop_when_idle = stopped
        self._exchange.end_all(self._clock.now())
        self._settle()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._exchange.receive(Datagram(data, HostPort(*addr)), self._clock.now())
        self._settle()

    def error_received(self, exc: Exception) -> None:
        """Leave an ICMP error to SIP's timers: the caller's process is gone."""

    def _hear(self, event: rpc.Event) -> None:
        """Keep the event for later: the media loop must not be called back from within."""
        if not self._heard:
            asyncio.get_running_loop().call_soon(self._take_sounds)
        self._heard.append(event)

    def _take_sounds(self) -> None:
        heard, self._heard = self._heard, []
        for event in heard:
            self._exchange.take_sound(event, self._clock.now())
            self._settle()

    def _timer_fired(self) -> None:
        self._timer = None
        self._exchange.handle_timer(self._clock.now())
        self._settle()

    def _settle(self) -> None:
        """Do all that the exchange wants done, and wake it when it wants to be woken."""
        if self._transport is not None:
            for datagram in self._exchange.to_send():
                self._transport.sendto(datagram.data, datagram.peer)
        for command in self._exchange.commands():
            self.media.execute(command)
        for entry in self._exchange.entries():
            self._write(entry)
        if self._stop_when_idle is not None and self._exchange.is_idle:
            self._stop_when_idle.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._exchange.deadline()
        if deadline is not None:
            delay = max(0.0, deadline - self._clock.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._timer_fired)

    def _write(self, entry: Entry) -> None:
        self.answered += entry.event == "answered"
        if self._journal is not None:
            self._journal.write(print_entry(entry, at=self._clock.unix_time()) + "\n")
