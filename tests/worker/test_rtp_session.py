"""One leg's packets without sockets: whose count, and what is said of them."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from callwright.media.g711 import Law
from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.packet import RtpPacket, parse_packet, print_packet
from callwright.protocol.rtp.rtcp import (
    Goodbye,
    ReceiverReport,
    SenderReport,
    SourceDescription,
    parse_compound,
)
from callwright.protocol.rtp.telephone_event import EventSender, parse_event
from callwright.worker.ports import KeyPressed, MediaStarted, PacketEvent, Peer
from callwright.worker.rtp_session import RELATCH_AFTER, Address, RtpSession
from tests.sim.media import SeededEntropy

NAMED: Address = ("192.0.2.9", 5000)
BEHIND_NAT: Address = ("198.51.100.1", 61000)
STRANGER: Address = ("203.0.113.5", 4000)
PEER = Peer(*NAMED, 5001, Law.MU, 0, 101, sends=True, receives=True)
SOUND = bytes(range(160))


@dataclass
class Caller:
    """The far end: packets in order, a tick apart."""

    ssrc: int = 77
    sequence: int = 500
    timestamp: int = 8000

    def packet(self, *, payload_type: int = 0) -> bytes:
        self.sequence += 1
        self.timestamp += 160
        return print_packet(
            RtpPacket(payload_type, self.sequence, self.timestamp, self.ssrc, SOUND)
        )


@pytest.fixture
def session() -> RtpSession:
    made = RtpSession(3, SeededEntropy(1))
    made.connect(PEER, 100.0)
    return made


def taken(session: RtpSession, datagram: bytes, source: Address, now: float) -> bool:
    try:
        session.receive(datagram, source, now)
    except RemoteRtpError:
        session.count_foreign()
        return False
    return True


def test_nothing_is_heard_or_said_before_there_is_a_peer() -> None:
    session = RtpSession(3, SeededEntropy(1))
    assert not taken(session, Caller().packet(), NAMED, 100.0)
    assert session.pull(100.0, is_quiet=True) is None
    assert session.next_packet(SOUND) is None
    assert session.next_report(200.0) is None
    assert session.goodbye(200.0) is None


def test_the_first_sound_is_told_once(session: RtpSession) -> None:
    caller = Caller()
    assert session.receive(caller.packet(), NAMED, 100.0) == (MediaStarted(3),)
    assert session.receive(caller.packet(), NAMED, 100.02) == ()


def test_sound_goes_where_it_comes_from(session: RtpSession) -> None:
    assert session.target == NAMED
    assert taken(session, Caller().packet(), BEHIND_NAT, 100.0)
    assert session.target == BEHIND_NAT


def test_a_stranger_cannot_break_in(session: RtpSession) -> None:
    caller, stranger = Caller(), Caller(ssrc=1)
    for tick in range(200):
        now = 100 + tick * 0.02
        assert taken(session, caller.packet(), BEHIND_NAT, now)
        assert not taken(session, stranger.packet(), STRANGER, now)
    assert session.target == BEHIND_NAT
    assert session.statistics().packets_discarded == 200


def test_a_new_address_is_believed_once_the_old_one_is_silent(session: RtpSession) -> None:
    caller = Caller()
    assert taken(session, caller.packet(), BEHIND_NAT, 100.0)
    assert not taken(session, caller.packet(), STRANGER, 100.0 + RELATCH_AFTER - 0.1)
    assert taken(session, caller.packet(), STRANGER, 100.0 + RELATCH_AFTER)
    assert session.target == STRANGER


def test_the_named_address_is_always_believed(session: RtpSession) -> None:
    caller = Caller()
    assert taken(session, caller.packet(), BEHIND_NAT, 100.0)
    assert taken(session, caller.packet(), NAMED, 100.02)
    assert session.target == NAMED


def test_a_new_address_with_a_new_source_is_heard_at_once(session: RtpSession) -> None:
    assert taken(session, Caller().packet(), NAMED, 100.0)
    assert taken(session, Caller(ssrc=5).packet(), BEHIND_NAT, 103.0)


def test_only_agreed_payload_types_open_the_door(session: RtpSession) -> None:
    assert not taken(session, Caller().packet(payload_type=96), BEHIND_NAT, 100.0)
    assert session.target == NAMED


def test_a_renegotiated_address_is_latched_anew(session: RtpSession) -> None:
    assert taken(session, Caller().packet(), BEHIND_NAT, 100.0)
    session.connect(PEER._replace(port=6000), 101.0)
    assert session.target == ("192.0.2.9", 6000)


def test_a_renegotiation_that_moves_nothing_keeps_the_latch(session: RtpSession) -> None:
    assert taken(session, Caller().packet(), BEHIND_NAT, 100.0)
    session.connect(PEER._replace(sends=False), 101.0)
    session.connect(PEER, 102.0)
    assert session.target == BEHIND_NAT


def test_a_stray_source_is_dropped_and_a_lasting_one_takes_over(session: RtpSession) -> None:
    caller, other = Caller(), Caller(ssrc=88, sequence=9000, timestamp=1 << 30)
    assert taken(session, caller.packet(), NAMED, 100.0)
    assert not taken(session, other.packet(), NAMED, 100.02)
    assert taken(session, caller.packet(), NAMED, 100.04)
    others = [taken(session, other.packet(), NAMED, 100.06 + it * 0.02) for it in range(4)]
    assert others == [False, False, True, True]
    assert session.statistics().packets_received == 4


@pytest.mark.parametrize("datagram", [b"", b"hello", bytes(300), b"\x80" + bytes(5)])
def test_garbage_costs_a_counter(session: RtpSession, datagram: bytes) -> None:
    assert not taken(session, datagram, NAMED, 100.0)
    assert session.statistics().packets_discarded == 1


def test_what_was_received_is_played(session: RtpSession) -> None:
    caller = Caller()
    frames = []
    for tick in range(10):
        now = 100 + tick * 0.02
        session.receive(caller.packet(), NAMED, now)
        frames.append(session.pull(now, is_quiet=True))
    assert [it.codes for it in frames if it is not None][-1] == SOUND


def test_a_held_leg_hears_and_says_nothing(session: RtpSession) -> None:
    session.connect(PEER._replace(sends=False, receives=False), 100.0)
    assert session.receive(Caller().packet(), NAMED, 100.0) == ()
    frame = session.pull(100.1, is_quiet=True)
    assert frame is not None
    assert frame.codes is None
    assert session.next_packet(SOUND) is None


def sent(session: RtpSession, count: int) -> list[RtpPacket]:
    packets = [session.next_packet(SOUND) for _ in range(count)]
    return [parse_packet(packet) for packet in packets if packet is not None]


def test_packets_are_numbered_and_timed_and_the_first_is_marked(session: RtpSession) -> None:
    packets = sent(session, 5)
    first = packets[0]
    assert [it.sequence - first.sequence for it in packets] == list(range(5))
    assert [(it.timestamp - first.timestamp) & 0xFFFFFFFF for it in packets] == [
        0, 160, 320, 480, 640,
    ]  # fmt: skip
    assert [it.marker for it in packets] == [True, False, False, False, False]
    assert first.sequence < 0x8000 + 1


def test_after_a_hold_the_timestamp_has_gone_on_and_the_marker_is_set(session: RtpSession) -> None:
    (before,) = sent(session, 1)
    session.connect(PEER._replace(sends=False), 100.0)
    assert sent(session, 10) == []
    session.connect(PEER, 101.0)
    (after,) = sent(session, 1)
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == 11 * 160
    assert after.sequence == before.sequence + 1
    assert after.marker


def test_a_key_takes_the_place_of_sound_for_as_long_as_it_is_held(session: RtpSession) -> None:
    session.press("7", 100)
    packets = sent(session, 10)
    assert [it.payload_type for it in packets] == [101] * 7 + [0] * 3
    events = [parse_event(it.payload) for it in packets[:7]]
    assert [it.duration for it in events] == [160, 320, 480, 640, 800, 800, 800]
    assert len({it.timestamp for it in packets[:7]}) == 1
    assert (packets[7].timestamp - packets[0].timestamp) & 0xFFFFFFFF == 7 * 160


def test_a_key_is_not_kept_for_a_peer_that_takes_none(session: RtpSession) -> None:
    session.press("7", 100)
    session.connect(PEER._replace(telephone_event=None), 100.0)
    session.connect(PEER, 100.0)
    assert {it.payload_type for it in sent(session, 3)} == {0}


def press_packets(key_code: int, timestamp: int, first_sequence: int) -> list[bytes]:
    sender = EventSender(key_code, timestamp, 800)
    packets: list[bytes] = []
    while not sender.is_over:
        event = sender.next_packet(160)
        sequence = first_sequence + len(packets)
        packets.append(print_packet(RtpPacket(101, sequence, timestamp, 77, event.payload)))
    return packets


def test_a_key_of_the_far_end_is_told_once(session: RtpSession) -> None:
    events: list[PacketEvent] = []
    for packet in press_packets(5, 9000, 1):
        events += session.receive(packet, NAMED, 100.0)
    assert events == [KeyPressed(3, "5", 40)]


def test_a_key_whose_end_is_lost_is_told_when_it_is_overdue(session: RtpSession) -> None:
    assert session.receive(press_packets(5, 9000, 1)[0], NAMED, 100.0) == []
    assert session.overdue_presses(100.05) == []
    assert session.overdue_presses(100.2) == [KeyPressed(3, "5", 20)]


def report_times(session: RtpSession, seconds: int) -> list[float]:
    times = (100 + tick * 0.02 for tick in range(seconds * 50))
    return [now for now in times if session.next_report(now) is not None]


def test_reports_come_at_intervals_that_vary() -> None:
    session = RtpSession(3, SeededEntropy(1))
    session.connect(PEER, 100.0)
    times = report_times(session, 600)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert 1.0 <= times[0] - 100 <= 3.2
    assert min(gaps) >= 2.0
    assert max(gaps) <= 6.2
    assert sum(gaps) / len(gaps) == pytest.approx(4.1, abs=0.3)  # 5 s / 1.21828: RFC 3550 A.7


def test_who_sends_reports_as_a_sender_and_who_listens_as_a_receiver(session: RtpSession) -> None:
    sent(session, 3)
    session.receive(Caller().packet(), NAMED, 100.0)
    first = session.next_report(104.0)
    second = session.next_report(120.0)
    assert first is not None
    assert second is not None
    report, name = parse_compound(first)
    assert isinstance(report, SenderReport)
    assert (report.packet_count, report.octet_count) == (3, 480)
    assert [block.ssrc for block in report.blocks] == [77]
    assert isinstance(name, SourceDescription)
    assert isinstance(parse_compound(second)[0], ReceiverReport)


def test_two_sessions_measure_their_round_trip() -> None:
    near, far = RtpSession(1, SeededEntropy(1)), RtpSession(2, SeededEntropy(2))
    near.connect(PEER, 100.0)
    far.connect(PEER, 100.0)
    for tick in range(5):
        packet = near.next_packet(SOUND)
        assert packet is not None
        far.receive(packet, NAMED, 100 + tick * 0.02)
    there = near.next_report(110.0)
    assert there is not None
    far.receive_report(there, ("192.0.2.9", 5001), 110.03)
    back = far.next_report(112.0)
    assert back is not None
    near.receive_report(back, ("192.0.2.9", 5001), 112.05)
    assert near.statistics().round_trip_ms == pytest.approx(80.0, abs=0.1)


def test_reports_of_strangers_are_refused(session: RtpSession) -> None:
    report = bytes.fromhex("80c90001 00000001")
    with pytest.raises(RemoteRtpError, match="RTCP from"):
        session.receive_report(report, STRANGER, 100.0)
    session.receive_report(report, ("192.0.2.9", 7001), 100.0)
    assert session.reports_to == ("192.0.2.9", 7001)


def test_goodbye_names_us(session: RtpSession) -> None:
    (packet,) = sent(session, 1)
    last = session.goodbye(101.0)
    assert last is not None
    assert parse_compound(last)[-1] == Goodbye((packet.ssrc,))


def test_statistics_add_up_over_a_change_of_source_and_codec(session: RtpSession) -> None:
    caller = Caller()
    for tick in range(10):
        packet = caller.packet()
        if tick != 4:
            session.receive(packet, NAMED, 100 + tick * 0.02)
    session.connect(PEER._replace(law=Law.A, payload_type=8), 101.0)
    other = Caller(ssrc=5)
    for tick in range(5):
        taken(session, other.packet(payload_type=8), NAMED, 101 + tick * 0.02)
    found = session.statistics()
    assert (found.packets_received, found.packets_lost) == (9 + 3, 1)
    assert found.packets_discarded == 2  # the new source's first two were strays yet
    assert found.round_trip_ms is None
