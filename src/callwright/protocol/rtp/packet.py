"""The RTP packet: RFC 3550 5.1."""

import struct
from typing import Final, NamedTuple

from callwright.protocol.rtp.errors import RemoteRtpError

HEADER_BYTES: Final = 12
"""The fixed header; contributing sources and an extension may follow it."""


class RtpPacket(NamedTuple):
    """One packet. A tuple, because thousands a second are made and thrown away."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def parse_packet(datagram: bytes) -> RtpPacket:
    """Read a datagram as RTP; contributing sources, extension and padding are taken off.

    Raises:
        RemoteRtpError: it is too short, not version 2, or announces more than it holds.

    """
    if len(datagram) < HEADER_BYTES:
        raise RemoteRtpError(f"{len(datagram)} bytes; an RTP header has {HEADER_BYTES}")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    payload = datagram[HEADER_BYTES:] if first == _PLAIN_FIRST_BYTE else _payload(first, datagram)
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, payload, second > 0x7F)  # noqa: PLR2004 - the top bit


def print_packet(packet: RtpPacket) -> bytes:
    """Write a packet without contributing sources, extension or padding."""
    payload_type, sequence, timestamp, ssrc, payload, marker = packet
    second = payload_type | 0x80 if marker else payload_type
    return _HEADER.pack(_PLAIN_FIRST_BYTE, second, sequence, timestamp, ssrc) + payload


_HEADER: Final = struct.Struct(">BBHII")
_EXTENSION_HEADER: Final = struct.Struct(">HH")
_VERSION: Final = 2
_PLAIN_FIRST_BYTE: Final = _VERSION << 6
"""Version 2 and nothing else: what all but the rarest packets start with."""


def _payload(first: int, datagram: bytes) -> bytes:
    if first >> 6 != _VERSION:
        raise RemoteRtpError(f"RTP version {first >> 6}; expected {_VERSION}")
    start = HEADER_BYTES + 4 * (first & 0x0F)
    if first & 0x10:
        if len(datagram) < start + _EXTENSION_HEADER.size:
            raise RemoteRtpError("the header extension is cut off")
        _, words = _EXTENSION_HEADER.unpack_from(datagram, start)
        start += _EXTENSION_HEADER.size + 4 * words
    end = len(datagram)
    if first & 0x20:
        padding = datagram[-1]
        if padding == 0:
            raise RemoteRtpError("padding of no bytes; its last byte counts itself")
        end -= padding
    if start > end:
        raise RemoteRtpError(f"{len(datagram)} bytes; header and padding alone need more")
    return datagram[start:end]
