"""A caller and the carrier in a box, on a wire without delay and on virtual time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from callwright.carrier.exchange import Exchange
from callwright.carrier.journal import Entry
from callwright.carrier.scripts import Line
from callwright.carrier.voice import humming
from callwright.protocol.sdp.offer_answer import RtpCodec, make_offer
from callwright.protocol.sip.endpoint import Datagram, Endpoint, Invitation
from callwright.protocol.sip.events import SipCallId, SipEvent
from callwright.worker import rpc
from tests.sim.media_workers import SilentWorkers
from tests.sim.wire import CALLEE_AT, CALLER_AT, new_endpoint

PCMU, PCMA = RtpCodec("PCMU", 0), RtpCodec("PCMA", 8)
OFFER = make_offer(host="192.0.2.1", port=16384, codecs=[PCMA, PCMU], session_id=1)


class Hums:
    """Voices that need no program."""

    def sound_of(self, text: str, line: Line) -> tuple[rpc.Playable, ...]:
        del line
        return humming(text)

    def sound_of_line(self, line: Line) -> tuple[rpc.Playable, ...]:
        return (rpc.PlayTone((100.0,), 1000, -40.0),) if line is Line.NOISY else ()


@dataclass
class Town:
    """A caller and the exchange, on a wire without delay; sound that ends when the test says so."""

    now: float = 0.0
    caller: Endpoint = field(default_factory=lambda: new_endpoint(CALLER_AT))
    workers: SilentWorkers = field(default_factory=SilentWorkers)
    heard: list[SipEvent] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    from_exchange: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exchange = Exchange(
            new_endpoint(CALLEE_AT),
            media_host="192.0.2.2",
            voices=Hums(),
            recordings=Path("/recordings"),
            session_ids=lambda: 7,
        )
        self._sounds: list[rpc.Event] = []
        self._ack = b""

    def call(self, user: str, *, offer: bytes = OFFER, ring_timeout: float = 60.0) -> SipCallId:
        invitation = Invitation(
            target=f"sip:{user}@192.0.2.2",
            next_hop=CALLEE_AT,
            from_uri="sip:ann@example.com",
            to_uri=f"sip:{user}@192.0.2.2",
            body=offer,
            ring_timeout=ring_timeout,
        )
        call = self.caller.invite(invitation, self.now)
        self.settle()
        return call

    def do(self, verb: Callable[[], None]) -> None:
        verb()
        self.settle()

    def sound(self, event: rpc.Event) -> None:
        self.exchange.take_sound(event, self.now)
        self.settle()

    def reinvite(self, offer: bytes, *, cseq: int) -> None:
        """Send an offer inside the call, as the caller's endpoint has no verb for it."""
        head = self._ack.partition(b"\r\n\r\n")[0].replace(b"ACK", b"INVITE")
        lines = [
            line
            for line in head.replace(b"CSeq: 1 ", b"CSeq: %d " % cseq).split(b"\r\n")
            if not line.startswith((b"Via:", b"Content-"))
        ]
        lines[1:1] = [
            b"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKreinvite%d" % cseq,
            b"Contact: <sip:192.0.2.1:5060>",
            b"Content-Type: application/sdp",
            b"Content-Length: %d" % len(offer),
        ]
        data = b"\r\n".join([*lines, b"", offer])
        self.exchange.receive(Datagram(data, CALLER_AT), self.now)
        self.settle()
        ack = self._ack.replace(b"CSeq: 1 ", b"CSeq: %d " % cseq)
        self.exchange.receive(Datagram(ack, CALLER_AT), self.now)

    def run_until(self, end: float) -> None:
        while (moment := self._next()) is not None and moment <= end:
            self.now = max(self.now, moment)
            self.caller.handle_timer(self.now)
            self.exchange.handle_timer(self.now)
            self.settle()
        self.now = end

    def settle(self) -> None:
        """Carry everything that wants to be carried, until it is quiet."""
        is_busy = True
        while is_busy:
            is_busy = False
            self.heard += self.caller.events()
            for datagram in self.caller.to_send():
                is_busy = True
                if datagram.data.startswith(b"ACK "):
                    self._ack = datagram.data
                self.exchange.receive(Datagram(datagram.data, CALLER_AT), self.now)
            for datagram in self.exchange.to_send():
                is_busy = True
                self.from_exchange.append(datagram.data)
                self.caller.receive(Datagram(datagram.data, CALLEE_AT), self.now)
            for command in self.exchange.commands():
                is_busy = True
                self._execute(command)
            self.entries += self.exchange.entries()

    def told(self) -> list[str]:
        """The journal so far, by its events."""
        return [entry.event for entry in self.entries]

    def _execute(self, command: rpc.Command) -> None:
        if isinstance(command, rpc.OpenLeg):
            self.workers.choose(command.leg, self._sounds.append)
        self.workers.send(command)
        while self._sounds:
            self.exchange.take_sound(self._sounds.pop(0), self.now)

    def _next(self) -> float | None:
        moments = [self.caller.deadline(), self.exchange.deadline()]
        return min((moment for moment in moments if moment is not None), default=None)
