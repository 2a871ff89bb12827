"""The packet core in plain Python: reference, fallback, and oracle for the compiled one.

Each leg has a pair of UDP sockets that never block. Nothing happens between ticks: the kernel
keeps what comes, and a tick reads it all. So the resolution of arrival times is one tick.
"""

import ipaddress
import select
import socket
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from callwright.media.frames import FRAME_SAMPLES, Coded
from callwright.media.g711 import SILENCE, Law
from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.worker.ports import (
    Entropy,
    Faded,
    LegStatistics,
    NoPortLeft,
    PacketEvent,
    Peer,
    Received,
)
from callwright.worker.rtp_session import RtpSession

MAX_DATAGRAM_BYTES: Final = 2048
"""More than any link carries in one piece; what is longer is cut and fails its checks."""

MAX_PACKETS_A_TICK: Final = 32
"""Of one leg. A stall of half a second leaves 25; more is a flood, and must not delay the
others: the kernel drops what its buffer can't hold."""

KERNEL_BUFFER_BYTES: Final = 128 * 1024
"""About 150 packets of 20 ms as the kernel counts them: three seconds."""


MAX_PORT: Final = 0xFFFF
MAX_PAYLOAD_TYPE: Final = 0x7F


class _Leg(NamedTuple):
    session: RtpSession
    rtp: socket.socket
    rtcp: socket.socket
    port: int


class PythonPacketCore:
    """Sockets, RTP and RTCP of many legs: see `ports.PacketCore`."""

    def __init__(self, *, host: str, ports: range, entropy: Entropy) -> None:
        """Use the port pairs of `ports` on one of this machine's addresses.

        Raises:
            ValueError: `host` is no IP address, or no pair of ports fits in the range.

        """
        self._address = ipaddress.ip_address(host)
        even = ports.start + ports.start % 2
        self._free_ports = deque(range(even, ports.stop - 1, 2))
        if not self._free_ports:
            raise ValueError(f"no even port followed by an odd one in {ports}")
        # Ports are used in turn, so that a call's last packets never meet the next call; the
        # start is drawn, so that nobody knows where to aim.
        self._free_ports.rotate(-entropy.below(len(self._free_ports)))
        self._entropy = entropy
        self._legs: dict[int, _Leg] = {}
        self._rows_by_fd: dict[int, int] = {}
        self._poll = select.epoll()
        self._silent_rows: set[int] = set()
        self.stray_packets = 0

    def open(self, row: int) -> int:
        """Take a pair of ports for a row; return the even one, RTP's.

        Raises:
            NoPortLeft: none is free.

        """
        rtp, rtcp, port = self._bind_pair()
        self._legs[row] = _Leg(RtpSession(row, self._entropy), rtp, rtcp, port)
        for opened in (rtp, rtcp):
            self._rows_by_fd[opened.fileno()] = row
            self._poll.register(opened, select.EPOLLIN)
        return port

    def connect(self, row: int, peer: Peer, now: float) -> None:
        """Tell where the row's far end is, for the first time or anew.

        Raises:
            ValueError: its host is no IP address that the row's socket reaches, or a number is
                out of its range.

        """
        if ipaddress.ip_address(peer.host).version != self._address.version:
            raise ValueError(f"{peer.host} is not reached from {self._address}")
        if not all(0 < port <= MAX_PORT for port in (peer.port, peer.rtcp_port)):
            raise ValueError(f"ports {peer.port} and {peer.rtcp_port}; at most {MAX_PORT} expected")
        if not all(0 <= it <= MAX_PAYLOAD_TYPE for it in _payload_types(peer)):
            raise ValueError(f"a payload type above {MAX_PAYLOAD_TYPE} in {_payload_types(peer)}")
        self._legs[row].session.connect(peer, now)
        self._silent_rows.discard(row)

    def press(self, row: int, key: str, duration_ms: int) -> None:
        """Send a key as RTP events instead of sound, beginning with the next packet."""
        self._legs[row].session.press(key, duration_ms)

    def receive(self, now: float, codes: Coded, is_loud: Sequence[bool]) -> Received:
        """Read what has come, and put the sound to be heard now into the connected rows."""
        events: list[PacketEvent] = []
        self._read(now, events)
        faded: list[Faded] = []
        flat = codes.reshape(-1).data
        silent = self._silent_rows
        for row, leg in self._legs.items():
            session = leg.session
            peer = session.peer
            if peer is None:
                continue
            events += session.overdue_presses(now)
            frame = session.pull(now, is_quiet=not is_loud[row])
            start = row * FRAME_SAMPLES
            if frame is None or frame.codes is None:
                if row not in silent:
                    flat[start : start + FRAME_SAMPLES] = _SILENT_FRAME[peer.law]
                    silent.add(row)
                continue
            silent.discard(row)
            flat[start : start + FRAME_SAMPLES] = frame.codes
            if frame.gain != 1.0:
                faded.append(Faded(row, frame.gain))
        return Received(events, faded)

    def send(self, now: float, codes: Coded) -> None:
        """Send each connected row's sound, and the reports that are due."""
        flat = codes.tobytes()
        for row, (session, rtp, rtcp, _) in self._legs.items():
            start = row * FRAME_SAMPLES
            packet = session.next_packet(flat[start : start + FRAME_SAMPLES])
            if packet is not None:
                _send(rtp, packet, session.target)
            report = session.next_report(now)
            if report is not None:
                _send(rtcp, report, session.reports_to)

    def close(self, row: int, now: float) -> LegStatistics:
        """Say goodbye, give the ports back and sum up."""
        leg = self._legs.pop(row)
        goodbye = leg.session.goodbye(now)
        if goodbye is not None:
            _send(leg.rtcp, goodbye, leg.session.reports_to)
        for opened in (leg.rtp, leg.rtcp):
            self._poll.unregister(opened)
            del self._rows_by_fd[opened.fileno()]
            opened.close()
        self._free_ports.append(leg.port)
        self._silent_rows.discard(row)
        return leg.session.statistics()

    def shut_down(self, now: float) -> None:
        """Close every row."""
        for row in list(self._legs):
            self.close(row, now)
        self._poll.close()

    def _bind_pair(self) -> tuple[socket.socket, socket.socket, int]:
        for _ in range(len(self._free_ports)):
            port = self._free_ports.popleft()
            rtp = self._bind(port)
            rtcp = self._bind(port + 1) if rtp else None
            if rtp and rtcp:
                return rtp, rtcp, port
            if rtp:
                rtp.close()
            self._free_ports.append(port)  # another program's; it may be free next time
        raise NoPortLeft(f"no pair of ports is free; {len(self._legs)} are ours")

    def _bind(self, port: int) -> socket.socket | None:
        family = socket.AF_INET if self._address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER_BYTES)
            opened.bind((str(self._address), port))
        except OSError:
            opened.close()
            return None
        return opened

    def _read(self, now: float, events: list[PacketEvent]) -> None:
        """Read in rounds of one packet a socket: asking again is cheaper than being refused."""
        limit = max(1, 2 * len(self._legs))
        for _ in range(MAX_PACKETS_A_TICK):
            ready = self._poll.poll(0, limit)
            if not ready:
                return
            for descriptor, _ in ready:
                self._read_one(descriptor, now, events)

    def _read_one(self, descriptor: int, now: float, events: list[PacketEvent]) -> None:
        session, rtp, rtcp, _ = self._legs[self._rows_by_fd[descriptor]]
        is_sound = descriptor == rtp.fileno()
        try:
            datagram, source = (rtp if is_sound else rtcp).recvfrom(MAX_DATAGRAM_BYTES)
        except OSError:
            return  # an ICMP error that the kernel kept for us; silence tells the same
        try:
            if is_sound:
                events += session.receive(datagram, source[:2], now)
            else:
                session.receive_report(datagram, source[:2], now)
        except RemoteRtpError:
            self.stray_packets += 1
            session.count_foreign()


_SILENT_FRAME: Final = {law: bytes((SILENCE[law],)) * FRAME_SAMPLES for law in Law}


def _payload_types(peer: Peer) -> list[int]:
    return [it for it in (peer.payload_type, peer.telephone_event) if it is not None]


def _send(via: socket.socket, datagram: bytes, target: tuple[str, int]) -> None:
    # A full queue or a missing route costs this packet: late sound is of no use to anybody.
    try:  # noqa: SIM105 - `suppress` costs a sixth of the send itself
        via.sendto(datagram, target)
    except OSError:
        pass
