"""Key presses as events, sent and received."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.rtp.errors import RemoteRtpError
from callwright.protocol.rtp.telephone_event import (
    KEYS,
    LONGEST_DURATION,
    EventPacket,
    EventReceiver,
    EventSender,
    Press,
    TelephoneEvent,
    parse_event,
    print_event,
)


@given(
    st.builds(
        TelephoneEvent,
        st.integers(0, 255),
        st.booleans(),
        st.integers(0, 63),
        st.integers(0, 0xFFFF),
    )
)
def test_what_is_printed_is_read_again(event: TelephoneEvent) -> None:
    assert parse_event(print_event(event)) == event


@pytest.mark.parametrize("payload", [b"", b"abc"])
def test_refuses_what_is_too_short(payload: bytes) -> None:
    with pytest.raises(RemoteRtpError, match="telephone event of"):
        parse_event(payload)


def sent(duration: int, key: str = "5", timestamp: int = 1000) -> list[EventPacket]:
    sender = EventSender(KEYS.index(key), timestamp, duration)
    packets = []
    while not sender.is_over:
        packets.append(sender.next_packet(160))
    return packets


@pytest.mark.parametrize(
    ("duration", "durations", "ends"),
    [
        (800, [160, 320, 480, 640, 800, 800, 800], 3),
        (400, [160, 320, 400, 400, 400], 3),
        (160, [160, 160, 160], 3),
    ],
)
def test_a_press_grows_and_ends_three_times(duration: int, durations: list[int], ends: int) -> None:
    events = [parse_event(packet.payload) for packet in sent(duration)]
    assert [event.duration for event in events] == durations
    assert [event.is_end for event in events] == [False] * (len(events) - ends) + [True] * ends
    assert {event.code for event in events} == {5}


def test_all_packets_of_a_press_carry_its_beginning_and_the_first_a_marker() -> None:
    packets = sent(800)
    assert {packet.timestamp for packet in packets} == {1000}
    assert [packet.marker for packet in packets] == [True] + [False] * 6


def received(packets: list[EventPacket], receiver: EventReceiver | None = None) -> list[Press]:
    receiver = receiver or EventReceiver()
    presses: list[Press] = []
    for number, packet in enumerate(packets):
        presses += receiver.receive(packet.timestamp, parse_event(packet.payload), number * 0.02)
    return presses


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_understood(key: str) -> None:
    assert received(sent(800, key)) == [Press(key, 320)]


WAYS = {
    "as sent": [0, 1, 2, 3, 4, 5, 6],
    "ends lost": [0, 1, 2, 3],
    "beginning lost": [4, 5, 6],
    "only one end": [6],
    "reordered": [2, 0, 1, 6, 3, 4, 5],
    "repeated": [0, 0, 1, 1, 2, 2, 6, 6],
}


@pytest.mark.parametrize("order", WAYS.values(), ids=list(WAYS))
def test_a_press_is_reported_once_however_its_packets_arrive(order: list[int]) -> None:
    packets = sent(800)
    presses = received([packets[place] for place in order])
    assert [press.key for press in presses] == ["5"]


def test_the_same_key_twice_is_two_presses() -> None:
    presses = received(sent(800) + sent(800, timestamp=3000))
    assert presses == [Press("5", 320), Press("5", 320)]


def test_a_late_packet_of_the_press_before_is_no_press() -> None:
    first, second = sent(800), sent(800, "6", timestamp=3000)
    assert [it.key for it in received([*first[:5], *second, *first[5:]])] == ["5", "6"]


def test_a_short_press_whose_end_is_lost_is_reported_by_the_next_one() -> None:
    first, second = sent(240), sent(800, "6", timestamp=3000)
    assert received(first[:1] + second) == [Press("5", 160), Press("6", 320)]


def test_a_short_press_whose_end_is_lost_is_reported_in_time() -> None:
    receiver = EventReceiver()
    assert receiver.deadline is None
    assert received(sent(240)[:1], receiver) == []
    assert receiver.deadline == pytest.approx(0.1)
    assert receiver.handle_timer(0.09) == []
    assert receiver.handle_timer(0.1) == [Press("5", 160)]
    assert receiver.handle_timer(9.0) == []


def test_a_press_that_goes_on_in_a_new_segment_is_one_press() -> None:
    receiver = EventReceiver()
    presses = []
    start = 0xFFFFFF00  # the timestamp wraps as well
    for segment in range(3):
        timestamp = (start + segment * LONGEST_DURATION) & 0xFFFFFFFF
        for duration in (8000, 40000, LONGEST_DURATION):
            presses += receiver.receive(timestamp, TelephoneEvent(5, False, 10, duration), 1.0)
    assert [press.key for press in presses] == ["5"]


def test_flash_is_no_key() -> None:
    assert EventReceiver().receive(0, TelephoneEvent(16, True, 10, 800), 0.0) == []
