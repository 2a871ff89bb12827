"""RTP packets: bytes to values and back."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.packet import RtpPacket, parse_packet, print_packet

FIXED = bytes.fromhex("1234 000000a0 deadbeef")
PACKETS = [
    ("plain", b"\x80\x00" + FIXED + b"abcd", RtpPacket(0, 0x1234, 160, 0xDEADBEEF, b"abcd")),
    (
        "marker",
        b"\x80\x88" + FIXED + b"a",
        RtpPacket(8, 0x1234, 160, 0xDEADBEEF, b"a", marker=True),
    ),
    (
        "two sources",
        b"\x82\x00" + FIXED + bytes(8) + b"ab",
        RtpPacket(0, 0x1234, 160, 0xDEADBEEF, b"ab"),
    ),
    (
        "extension",
        b"\x90\x00" + FIXED + b"\xbe\xde\x00\x01" + bytes(4) + b"ab",
        RtpPacket(0, 0x1234, 160, 0xDEADBEEF, b"ab"),
    ),
    ("padding", b"\xa0\x00" + FIXED + b"ab\x00\x02", RtpPacket(0, 0x1234, 160, 0xDEADBEEF, b"ab")),
    ("empty", b"\x80\x00" + FIXED, RtpPacket(0, 0x1234, 160, 0xDEADBEEF, b"")),
]


@pytest.mark.parametrize(
    ("datagram", "packet"), [row[1:] for row in PACKETS], ids=[row[0] for row in PACKETS]
)
def test_reads(datagram: bytes, packet: RtpPacket) -> None:
    assert parse_packet(datagram) == packet


@pytest.mark.parametrize(
    ("datagram", "problem"),
    [
        (b"", "0 bytes"),
        (b"\x80" * 11, "11 bytes"),
        (b"\x40\x00" + FIXED, "version 1"),
        (b"\x8f\x00" + FIXED + bytes(4), "need more"),
        (b"\x90\x00" + FIXED + b"\xbe", "extension"),
        (b"\x90\x00" + FIXED + b"\xbe\xde\xff\xff", "need more"),
        (b"\xa0\x00" + FIXED + b"a\x00", "padding"),
        (b"\xa0\x00" + FIXED + b"a\x09", "need more"),
    ],
)
def test_refuses(datagram: bytes, problem: str) -> None:
    with pytest.raises(RemoteRtpError, match=problem):
        parse_packet(datagram)


@given(st.binary(max_size=64))
def test_garbage_is_refused_and_nothing_else(datagram: bytes) -> None:
    with suppress(RemoteRtpError):
        parse_packet(datagram)


@given(
    st.builds(
        RtpPacket,
        st.integers(0, 127),
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.binary(max_size=200),
        st.booleans(),
    )
)
def test_what_is_printed_is_read_again(packet: RtpPacket) -> None:
    assert parse_packet(print_packet(packet)) == packet
