"""One leg's RTP and RTCP, without its sockets: datagrams in, datagrams and key presses out.

Whose packets count: a leg listens to the address that the far end's description names and to the
first other address from which valid sound comes, since behind a NAT the description is wrong
(symmetric RTP, RFC 4961). Somebody else is heard only once that source has been silent a while.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ
from callwright.media.g711 import SILENCE
from callwright.media.jitter_buffer import Frame, JitterBuffer
from callwright.protocol.rtp import rtcp
from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.packet import RtpPacket, parse_packet, print_packet
from callwright.protocol.rtp.reception import Reception
from callwright.protocol.rtp.telephone_event import KEYS, EventReceiver, EventSender, parse_event
from callwright.worker.ports import (
    Entropy,
    KeyPressed,
    LegStatistics,
    MediaStarted,
    PacketEvent,
    Peer,
)

Address = tuple[str, int]

RELATCH_AFTER: Final = 2.0
"""Seconds of silence after which sound may come from a new address: long enough that nobody can
break into a call that is going on, short enough for a phone that changed its network."""

SOURCE_CHANGES_AFTER: Final = 3
"""Packets in a row from a new SSRC before it is believed: one alone may be a stray."""

REPORT_INTERVAL: Final = 5.0
"""Mean seconds between reports (RFC 3550 6.2); each is drawn from 0.5 to 1.5 of it, and the
first comes after half of it."""

REPORT_COMPENSATION: Final = 2.71828 - 1.5
"""What the timer's reconsideration shortens intervals by (RFC 3550 A.7)."""


class RtpSession:
    """One leg. Times are seconds on the worker's monotonic clock."""

    def __init__(self, row: int, entropy: Entropy) -> None:
        self._row = row
        self._entropy = entropy
        self._ssrc = entropy.below(1 << 32)
        # Start in the lower half: a wrap in the first packets confuses SRTP's rollover guess.
        self._sequence = entropy.below(0x8000)
        self._timestamp = entropy.below(1 << 32)
        self._cname = f"{entropy.below(1 << 64):016x}"  # RFC 7022 4.2: random, says nothing of us
        self.peer: Peer | None = None
        self._target: Address = ("", 0)
        self._reports_to: Address = ("", 0)
        self._source: Address | None = None
        self._heard_at = 0.0
        self._remote_ssrc: int | None = None
        self._other_ssrc: int | None = None
        self._other_packets = 0
        self._reception: Reception | None = None
        self._buffer: JitterBuffer | None = None
        self._events = EventReceiver()
        self._pressing: EventSender | None = None
        self._has_media = False
        self._is_talking = False
        self._counts: Counter[str] = Counter()
        self._octets_sent = 0
        self._packets_at_report = 0
        self._sender_report: tuple[int, float] | None = None
        self._round_trip: float | None = None
        self._report_at = 0.0

    @property
    def target(self) -> Address:
        """Where sound goes now."""
        return self._target

    @property
    def reports_to(self) -> Address:
        """Where reports go now."""
        return self._reports_to

    def connect(self, peer: Peer, now: float) -> None:
        """Take what offer and answer agreed on; an address that has changed is latched anew."""
        before = self.peer
        self.peer = peer
        if before is None:
            self._report_at = now + self._report_interval() / 2
        if before is None or (before.host, before.port) != (peer.host, peer.port):
            self._target, self._source = (peer.host, peer.port), None
        if before is None or (before.host, before.rtcp_port) != (peer.host, peer.rtcp_port):
            self._reports_to = (peer.host, peer.rtcp_port)
        if peer.telephone_event is None:
            self._pressing = None
        if before is None or before.law is not peer.law:
            self._retire_buffer()
            self._buffer = JitterBuffer(SILENCE[peer.law])

    def receive(self, datagram: bytes, source: Address, now: float) -> Sequence[PacketEvent]:
        """Take a datagram from the RTP port.

        Raises:
            RemoteRtpError: it is no RTP of this leg's peer; it changed nothing.

        """
        packet = parse_packet(datagram)
        peer, buffer = self.peer, self._buffer
        if peer is None or buffer is None:
            raise RemoteRtpError("nobody is expected yet")
        if source != self._source:
            self._latch(source, packet, now)
        if packet.ssrc != self._remote_ssrc:
            self._change_source(packet)
        self._other_ssrc = None
        self._heard_at = now
        arrival = int(now * SAMPLE_RATE_HZ)
        _, sequence, timestamp, _, payload, _ = packet
        assert self._reception is not None  # made with the source
        if not self._reception.receive(sequence, timestamp, arrival):
            self._counts["misfit"] += 1
            return ()
        if not peer.receives:
            return ()
        if packet.payload_type == peer.payload_type:
            buffer.insert(timestamp, payload, arrival)
            if not self._has_media:
                self._has_media = True
                return (MediaStarted(self._row),)
        elif packet.payload_type == peer.telephone_event:
            presses = self._events.receive(timestamp, parse_event(payload), now)
            return [KeyPressed(self._row, it.key, _milliseconds(it.duration)) for it in presses]
        return ()  # comfort noise and the like: the buffer makes silence of itself

    def receive_report(self, datagram: bytes, source: Address, now: float) -> None:
        """Take a datagram from the RTCP port.

        Raises:
            RemoteRtpError: it is no RTCP of this leg's peer.

        """
        hosts = {self._target[0], self._reports_to[0]}
        if source[0] not in hosts:
            raise RemoteRtpError(f"RTCP from {source[0]}; expected {' or '.join(sorted(hosts))}")
        for packet in rtcp.parse_compound(datagram):
            match packet:
                case rtcp.SenderReport(ssrc, ntp, _, _, _, blocks):
                    if ssrc == self._remote_ssrc:
                        self._sender_report = (rtcp.middle_32(ntp), now)
                    self._read_blocks(blocks, now)
                case rtcp.ReceiverReport(_, blocks):
                    self._read_blocks(blocks, now)
                case _:
                    pass  # a name, or a BYE: SIP says when a call is over
        self._reports_to = source

    def pull(self, now: float, *, is_quiet: bool) -> Frame | None:
        """Take the frame to hear now; None before there is anybody to hear."""
        if self._buffer is None:
            return None
        return self._buffer.pull(int(now * SAMPLE_RATE_HZ), is_quiet=is_quiet)

    def overdue_presses(self, now: float) -> Sequence[PacketEvent]:
        """Report presses whose last packets got lost."""
        if self._events.deadline is None:
            return ()
        presses = self._events.handle_timer(now)
        return [KeyPressed(self._row, it.key, _milliseconds(it.duration)) for it in presses]

    def press(self, key: str, duration_ms: int) -> None:
        """Send a key, beginning with the next packet; one that is on its way is cut short."""
        duration = duration_ms * SAMPLE_RATE_HZ // 1000
        self._pressing = EventSender(KEYS.index(key), self._timestamp, duration)

    def next_packet(self, codes: bytes) -> bytes | None:
        """Make this tick's packet: the codes, or a key that is being pressed; None on hold."""
        peer = self.peer
        if peer is None:
            return None
        timestamp = self._timestamp
        self._timestamp = timestamp + FRAME_SAMPLES & 0xFFFFFFFF
        if not peer.sends:
            self._is_talking = False
            self._pressing = None
            return None
        payload_type, marker = peer.payload_type, not self._is_talking
        self._is_talking = True
        if self._pressing is not None and peer.telephone_event is not None:
            payload_type = peer.telephone_event
            codes, timestamp, marker = self._pressing.next_packet(FRAME_SAMPLES)
            if self._pressing.is_over:
                self._pressing = None
        sequence = self._sequence
        self._sequence = sequence + 1 & 0xFFFF
        self._counts["sent"] += 1
        self._octets_sent += len(codes)
        packet = RtpPacket(payload_type, sequence, timestamp, self._ssrc, codes, marker)
        return print_packet(packet)

    def next_report(self, now: float) -> bytes | None:
        """Make the report that is due, or None."""
        if self.peer is None or now < self._report_at:
            return None
        self._report_at = now + self._report_interval()
        return self._report(now)

    def goodbye(self, now: float) -> bytes | None:
        """Make the last report; None when nothing was ever sent or heard (RFC 3550 6.3.7)."""
        if self.peer is None or not (self._counts["sent"] or self._reception):
            return None
        return self._report(now) + rtcp.print_compound((rtcp.Goodbye((self._ssrc,)),))

    def count_foreign(self) -> None:
        """Count a packet that `receive` refused."""
        self._counts["foreign"] += 1

    def statistics(self) -> LegStatistics:
        """Sum up."""
        self._retire_source()
        self._retire_buffer()
        counts = self._counts
        discarded = ("late", "repeated", "misfit", "foreign")
        return LegStatistics(
            packets_sent=counts["sent"],
            packets_received=counts["received"],
            packets_lost=counts["lost"],
            packets_discarded=sum(counts[name] for name in discarded),
            jitter_ms=counts["jitter"] * 1000 / SAMPLE_RATE_HZ,
            round_trip_ms=None if self._round_trip is None else self._round_trip * 1000,
        )

    def _latch(self, source: Address, packet: RtpPacket, now: float) -> None:
        """Take a new address for the far end's, or refuse it."""
        peer = self.peer
        assert peer is not None  # only called once connected
        is_ours = packet.payload_type in {peer.payload_type, peer.telephone_event}
        is_named = source == (peer.host, peer.port)
        is_silent = self._source is None or now - self._heard_at >= RELATCH_AFTER
        if not is_ours or not (is_named or is_silent):
            raise RemoteRtpError(f"RTP of type {packet.payload_type} from {source[0]}")
        if packet.ssrc != self._remote_ssrc:
            self._retire_source()  # a new place and a new source: nothing is left to wait for
        self._source = source
        # 0.0.0.0 and the like were a hold; there is no way back from where sound comes.
        self._target = source

    def _change_source(self, packet: RtpPacket) -> None:
        """Begin to listen to an SSRC: the first one, or one that has taken over."""
        if self._remote_ssrc is not None:
            self._other_packets = self._other_packets + 1 if packet.ssrc == self._other_ssrc else 1
            self._other_ssrc = packet.ssrc
            if self._other_packets < SOURCE_CHANGES_AFTER:
                raise RemoteRtpError(f"SSRC {packet.ssrc:#x}; expected {self._remote_ssrc:#x}")
        self._retire_source()
        self._remote_ssrc, self._other_ssrc = packet.ssrc, None
        self._reception = Reception.starting_at(packet.sequence)
        self._events = EventReceiver()
        if self._buffer is not None:
            self._buffer.reset()

    def _retire_source(self) -> None:
        """Add a source's statistics to the leg's; the jitter is the last one's."""
        if self._reception is not None:
            self._counts["received"] += self._reception.received
            self._counts["lost"] += max(0, self._reception.lost)
            self._counts["jitter"] = round(self._reception.jitter)
        self._reception = self._remote_ssrc = self._sender_report = None

    def _retire_buffer(self) -> None:
        if self._buffer is not None:
            self._counts["late"] += self._buffer.packets_late
            self._counts["repeated"] += self._buffer.packets_repeated
        self._buffer = None

    def _read_blocks(self, blocks: Sequence[rtcp.ReportBlock], now: float) -> None:
        for block in blocks:
            if block.ssrc == self._ssrc:
                round_trip = rtcp.round_trip(block, now)
                self._round_trip = self._round_trip if round_trip is None else round_trip

    def _report(self, now: float) -> bytes:
        blocks = self._blocks(now)
        sent = self._counts["sent"]
        report: rtcp.SenderReport | rtcp.ReceiverReport
        if sent > self._packets_at_report:
            report = rtcp.SenderReport(
                self._ssrc,
                rtcp.ntp_timestamp(now),
                self._timestamp,
                sent & 0xFFFFFFFF,
                self._octets_sent & 0xFFFFFFFF,
                blocks,
            )
        else:
            report = rtcp.ReceiverReport(self._ssrc, blocks)
        self._packets_at_report = sent
        return rtcp.print_compound((report, rtcp.SourceDescription(self._ssrc, self._cname)))

    def _blocks(self, now: float) -> tuple[rtcp.ReportBlock, ...]:
        if self._reception is None or self._remote_ssrc is None:
            return ()
        quoted, heard_at = self._sender_report or (0, now)
        delay = int((now - heard_at) * 65536)
        return (
            self._reception.report(ssrc=self._remote_ssrc, last_sender_report=quoted, delay=delay),
        )

    def _report_interval(self) -> float:
        drawn = 0.5 + self._entropy.below(1 << 16) / (1 << 16)
        return REPORT_INTERVAL * drawn / REPORT_COMPENSATION


def _milliseconds(units: int) -> int:
    return units * 1000 // SAMPLE_RATE_HZ
