"""RTCP: compound packets, and the round trip they measure."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.rtcp import (
    Goodbye,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    middle_32,
    ntp_timestamp,
    parse_compound,
    print_compound,
    round_trip,
)

U32 = st.integers(0, 0xFFFFFFFF)
BLOCK = st.builds(
    ReportBlock, U32, st.integers(0, 255), st.integers(-0x800000, 0x7FFFFF), U32, U32, U32, U32
)
BLOCKS = st.lists(BLOCK, max_size=31).map(tuple)
REPORT = st.builds(SenderReport, U32, st.integers(0, 2**64 - 1), U32, U32, U32, BLOCKS) | st.builds(
    ReceiverReport, U32, BLOCKS
)
OTHER = st.builds(SourceDescription, U32, st.text(max_size=50)) | st.builds(
    Goodbye, st.lists(U32, max_size=31).map(tuple)
)


@given(REPORT, st.lists(REPORT | OTHER, max_size=4))
def test_what_is_printed_is_read_again(first: RtcpPacket, others: list[RtcpPacket]) -> None:
    packets = (first, *others)
    assert parse_compound(print_compound(packets)) == list(packets)


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x80\xc9\x00\x01\x00\x00\x00\x01"]))
def test_garbage_is_refused_and_nothing_else(garbage: bytes, start: bytes) -> None:
    with suppress(RemoteRtpError):
        parse_compound(start + garbage)


EMPTY_REPORT = "80c90001 00000001"


@pytest.mark.parametrize(
    ("datagram", "problem"),
    [
        ("", "empty"),
        ("80c9", "2 bytes left"),
        ("40c90001 00000001", "version 1"),
        ("81ca0001 00000001", "comes first"),
        ("80c90002 00000001", "too many"),
        ("81c90001 00000001", "cut off"),
        ("a0c90001 00000000", "padding"),
        (EMPTY_REPORT + "81ca0002 00000001 0109abcd", "SDES"),
    ],
)
def test_refuses(datagram: str, problem: str) -> None:
    with pytest.raises(RemoteRtpError, match=problem):
        parse_compound(bytes.fromhex(datagram))


def test_passes_over_what_it_does_not_use() -> None:
    extended_report = "80cf0001 00000002"
    datagram = bytes.fromhex(EMPTY_REPORT + extended_report + "81cb0001 00000001")
    assert parse_compound(datagram) == [ReceiverReport(1), Goodbye((1,))]


def test_takes_padding_off_the_last_packet() -> None:
    datagram = bytes.fromhex(EMPTY_REPORT + "a1cb0002 00000001 00000004")
    assert parse_compound(datagram) == [ReceiverReport(1), Goodbye((1,))]


def block(last_sender_report: int, delay: int) -> ReportBlock:
    return ReportBlock(1, 0, 0, 0, 0, last_sender_report, delay)


def test_the_round_trip_is_that_of_the_rfcs_example() -> None:
    # RFC 3550 6.4.1, figure 2: 0xb710:8000 - 0xb705:2000 - 5.25 s = 6.125 s.
    found = round_trip(block(0xB7052000, 0x00054000), 0xB710 + 0.5)
    assert found == 6.125


@pytest.mark.parametrize(
    ("last", "delay", "now", "expected"),
    [(0, 0, 100.0, None), (middle_32(ntp_timestamp(100.0)), 65536, 100.9, 0.0)],
)
def test_the_round_trip_is_never_negative_or_invented(
    last: int, delay: int, now: float, expected: float | None
) -> None:
    assert round_trip(block(last, delay), now) == expected
