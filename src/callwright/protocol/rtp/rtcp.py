"""RTCP: sender and receiver reports, CNAME and BYE (RFC 3550 6)."""

import struct
from dataclasses import dataclass
from typing import Final, assert_never

from callwright.protocol.rtp.errors import RemoteRtpError


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source: RFC 3550 6.4.1."""

    ssrc: int
    """The source that is reported on."""
    fraction_lost: int
    """Since the last report, in units of 1/256."""
    lost: int
    """Since the beginning; below zero when packets came twice."""
    highest_sequence: int
    jitter: int
    """In timestamp units."""
    last_sender_report: int
    """The middle 32 bits of the source's last NTP timestamp, or 0."""
    delay: int
    """From that report's arrival to this one, in units of 1/65536 s."""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The report of somebody who sent sound since his last one: 6.4.1."""

    ssrc: int
    ntp_timestamp: int
    """64 bits: seconds and fractions on the sender's clock."""
    rtp_timestamp: int
    packet_count: int
    octet_count: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """The report of somebody who only listens: 6.4.2."""

    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """Who a source is: the CNAME item of 6.5, the only one that is required."""

    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that leave: 6.6."""

    ssrcs: tuple[int, ...]


RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye


def parse_compound(datagram: bytes) -> list[RtcpPacket]:
    """Read a compound packet; types that we don't use are passed over (6.1).

    Raises:
        RemoteRtpError: it fails the checks of RFC 3550 A.2, or a packet in it is cut off.

    """
    if not datagram:
        raise RemoteRtpError("an empty RTCP packet")
    packets: list[RtcpPacket] = []
    start = 0
    while start < len(datagram):
        kind, count, body, start = _split(datagram, start)
        try:
            packets += _read(kind, count, body)
        except struct.error as problem:
            raise RemoteRtpError(f"RTCP type {kind} is cut off: {problem}") from problem
    return packets


def print_compound(packets: tuple[RtcpPacket, ...]) -> bytes:
    """Write packets into one datagram; the first must be a report (6.1)."""
    return b"".join(_print(packet) for packet in packets)


def ntp_timestamp(seconds: float) -> int:
    """Put seconds of any steady clock into NTP's form: 32 bits whole, 32 bits fraction.

    A clock that counts since the machine's start is allowed (6.4.1): only differences matter.
    """
    return int(seconds * _NTP_FRACTION) & 0xFFFFFFFFFFFFFFFF


def middle_32(ntp: int) -> int:
    """The part of an NTP timestamp that reports quote, in units of 1/65536 s."""
    return ntp >> 16 & 0xFFFFFFFF


def round_trip(block: ReportBlock, now: float) -> float | None:
    """Seconds to the far end and back, from its block about us; None when it quotes no report.

    `now` is the clock that `ntp_timestamp` was given (6.4.1, figure 2).
    """
    if block.last_sender_report == 0:
        return None
    units = (middle_32(ntp_timestamp(now)) - block.last_sender_report - block.delay) & 0xFFFFFFFF
    # A clock that runs a little fast makes it slightly negative; anything above half is that.
    return 0.0 if units >> 31 else units / 65536


_NTP_FRACTION: Final = 1 << 32
_VERSION: Final = 2
_SENDER_REPORT: Final = 200
_RECEIVER_REPORT: Final = 201
_SOURCE_DESCRIPTION: Final = 202
_GOODBYE: Final = 203
_REPORTS: Final = (_SENDER_REPORT, _RECEIVER_REPORT)
_CNAME: Final = 1
_HEADER: Final = struct.Struct(">BBH")
_WORD: Final = struct.Struct(">I")
_SENDER: Final = struct.Struct(">IQIII")
_BLOCK: Final = struct.Struct(">IIIIII")


def _split(datagram: bytes, start: int) -> tuple[int, int, memoryview, int]:
    """One packet of a compound: type, count, body, and where the next one starts."""
    if len(datagram) - start < _HEADER.size:
        raise RemoteRtpError(f"{len(datagram) - start} bytes left; an RTCP header has 4")
    first, kind, words = _HEADER.unpack_from(datagram, start)
    end = start + 4 * (words + 1)
    if first >> 6 != _VERSION:
        raise RemoteRtpError(f"RTCP version {first >> 6}; expected {_VERSION}")
    if start == 0 and kind not in _REPORTS:
        raise RemoteRtpError(f"RTCP type {kind} comes first; expected a report")
    if end > len(datagram):
        raise RemoteRtpError(f"RTCP type {kind} announces {end - len(datagram)} bytes too many")
    body_end = end
    if first & 0x20:
        padding = datagram[end - 1]
        if end != len(datagram) or not 0 < padding <= end - start - _HEADER.size:
            raise RemoteRtpError(f"RTCP padding of {padding} bytes at the wrong place")
        body_end -= padding
    return kind, first & 0x1F, memoryview(datagram)[start + _HEADER.size : body_end], end


def _read(kind: int, count: int, body: memoryview) -> list[RtcpPacket]:
    if kind == _SENDER_REPORT:
        ssrc, ntp, rtp, packets, octets = _SENDER.unpack_from(body)
        blocks = _read_blocks(body, _SENDER.size, count)
        return [SenderReport(ssrc, ntp, rtp, packets, octets, blocks)]
    if kind == _RECEIVER_REPORT:
        (ssrc,) = _WORD.unpack_from(body)
        return [ReceiverReport(ssrc, _read_blocks(body, _WORD.size, count))]
    if kind == _SOURCE_DESCRIPTION:
        return _read_descriptions(body, count)
    if kind == _GOODBYE:
        return [Goodbye(tuple(_WORD.unpack_from(body, 4 * at)[0] for at in range(count)))]
    return []


def _read_blocks(body: memoryview, start: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for at in range(start, start + count * _BLOCK.size, _BLOCK.size):
        ssrc, loss, highest, jitter, last, delay = _BLOCK.unpack_from(body, at)
        lost = loss & 0xFFFFFF
        signed = lost - (1 << 24) if lost >> 23 else lost
        blocks.append(ReportBlock(ssrc, loss >> 24, signed, highest, jitter, last, delay))
    return tuple(blocks)


def _read_descriptions(body: memoryview, count: int) -> list[RtcpPacket]:
    found: list[RtcpPacket] = []
    at = 0
    for _ in range(count):
        (ssrc,) = _WORD.unpack_from(body, at)
        at += _WORD.size
        while at < len(body) and body[at] != 0:
            if at + 2 > len(body) or at + 2 + body[at + 1] > len(body):
                raise RemoteRtpError("an SDES item is cut off")
            item, size = body[at], body[at + 1]
            text = bytes(body[at + 2 : at + 2 + size])
            if item == _CNAME:
                found.append(SourceDescription(ssrc, text.decode("utf-8", "replace")))
            at += 2 + size
        at = (at // 4 + 1) * 4  # a zero byte ends the chunk, then up to the next whole word
    return found


def _print(packet: RtcpPacket) -> bytes:
    match packet:
        case SenderReport(ssrc, ntp, rtp, packets, octets, blocks):
            body = _SENDER.pack(ssrc, ntp, rtp, packets, octets) + _print_blocks(blocks)
            return _framed(_SENDER_REPORT, len(blocks), body)
        case ReceiverReport(ssrc, blocks):
            body = _WORD.pack(ssrc) + _print_blocks(blocks)
            return _framed(_RECEIVER_REPORT, len(blocks), body)
        case SourceDescription(ssrc, cname):
            text = cname.encode()
            body = _WORD.pack(ssrc) + bytes((_CNAME, len(text))) + text + b"\0"
            return _framed(_SOURCE_DESCRIPTION, 1, body + bytes(-len(body) % 4))
        case Goodbye(ssrcs):
            return _framed(_GOODBYE, len(ssrcs), b"".join(_WORD.pack(ssrc) for ssrc in ssrcs))
        case _:
            assert_never(packet)


def _print_blocks(blocks: tuple[ReportBlock, ...]) -> bytes:
    return b"".join(
        _BLOCK.pack(
            block.ssrc,
            block.fraction_lost << 24 | block.lost & 0xFFFFFF,
            block.highest_sequence,
            block.jitter,
            block.last_sender_report,
            block.delay,
        )
        for block in blocks
    )


def _framed(kind: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(_VERSION << 6 | count, kind, len(body) // 4) + body
